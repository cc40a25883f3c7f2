import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.registry.organisations.rules import (
    AddressNotRight,
    CodeNotRight,
    CodeSystem,
    Country,
    address_key,
    check_code,
    check_postcode,
    nihdi_check,
)

digits = st.text(alphabet="0123456789", min_size=6, max_size=6)


class TestCheckCode:
    @pytest.mark.parametrize("typed", ["01234567", "01 23 45 67", "01-234567", "01.23.45.67"])
    def test_takes_an_agb_number_however_it_is_written(self, typed):
        assert check_code(CodeSystem.AGB, typed) == "01234567"

    @pytest.mark.parametrize("typed", ["", "1234567", "012345678", "0123456a", "٠١٢٣٤٥٦٧"])
    def test_refuses_what_is_no_agb_number(self, typed):
        with pytest.raises(CodeNotRight):
            check_code(CodeSystem.AGB, typed)

    @given(first=digits, last=st.sampled_from(["", "001", "140", "999"]))
    def test_takes_a_nihdi_number_whose_check_fits(self, first, last):
        code = f"{first}{nihdi_check(first):02d}{last}"

        assert check_code(CodeSystem.NIHDI, code) == code

    @given(first=digits, wrong=st.integers(min_value=0, max_value=99))
    def test_refuses_a_nihdi_number_whose_check_does_not(self, first, wrong):
        if wrong == nihdi_check(first):
            return
        with pytest.raises(CodeNotRight):
            check_code(CodeSystem.NIHDI, f"{first}{wrong:02d}001")

    @given(first=digits, place=st.integers(0, 5), other=st.integers(1, 9))
    def test_finds_one_mistyped_digit(self, first, place, other):
        typed = list(first)
        typed[place] = str((int(typed[place]) + other) % 10)
        with pytest.raises(CodeNotRight):
            check_code(CodeSystem.NIHDI, f"{''.join(typed)}{nihdi_check(first):02d}001")

    @pytest.mark.parametrize("typed", ["123456789", "1234567890", "1000000600", ""])
    def test_refuses_other_lengths(self, typed):
        with pytest.raises(CodeNotRight):
            check_code(CodeSystem.NIHDI, typed)

    def test_no_register_no_number(self):
        assert check_code(CodeSystem.NONE, " ") == ""
        with pytest.raises(CodeNotRight):
            check_code(CodeSystem.NONE, "01234567")


class TestAddress:
    def key(self, **changed):
        address = {
            "country": Country.NL,
            "street": "Lindelaan",
            "house_number": "12a",
            "postcode": "1234AB",
        }
        return address_key(**(address | changed))

    @pytest.mark.parametrize("number", ["12a", "12 A", "12-a", "012A", " 12 - A "])
    @pytest.mark.parametrize("postcode", ["1234AB", "1234 ab"])
    def test_is_the_same_however_it_is_written(self, number, postcode):
        assert self.key(house_number=number, postcode=postcode) == self.key()

    @pytest.mark.parametrize(
        "changed", [{"house_number": "12"}, {"house_number": "12b"}, {"postcode": "1234AC"}]
    )
    def test_differs_where_people_would_say_so(self, changed):
        assert self.key(**changed) != self.key()

    def test_in_the_netherlands_needs_no_street(self):
        assert self.key(street="anders geschreven") == self.key()

    def test_in_belgium_needs_the_street(self):
        there = {"country": Country.BE, "postcode": "1000"}

        assert self.key(**there, street="Rue Neuve") != self.key(**there, street="Rue Haute")
        assert self.key(**there, street="Rue de l'Église") == self.key(
            **there, street="rue de l'eglise"
        )

    @pytest.mark.parametrize("number", ["", "a", "-1", "123456"])
    def test_without_a_number_or_with_an_absurd_one_is_refused(self, number):
        with pytest.raises(AddressNotRight):
            self.key(house_number=number)

    @pytest.mark.parametrize(
        ("country", "postcode"),
        [
            (Country.NL, "0123AB"),
            (Country.NL, "1234"),
            (Country.NL, "1234ABC"),
            (Country.BE, "12345"),
            (Country.BE, "0100"),
        ],
    )
    def test_refuses_a_postcode_that_cannot_be(self, country, postcode):
        with pytest.raises(AddressNotRight):
            check_postcode(country, postcode)
