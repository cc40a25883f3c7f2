from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.outside.insurers.people import (
    PEOPLE_MAX,
    Insurance,
    People,
    Person,
    bsn_of,
    derived,
    insured_number,
    passes_eleven,
)

BORN = date(1962, 3, 15)
NUMBERS = [f"9999{number:05d}" for number in range(3_000)]
VALID = [bsn for bsn in NUMBERS if passes_eleven(bsn)]


def insurance(**more) -> Insurance:
    return Insurance(**{"uzovi": "9990", "number": "X1", "from_on": date(2020, 1, 1), **more})


class TestDerived:
    def test_is_the_same_at_every_start(self):
        assert derived("999979668") == Person(
            bsn="999979668",
            sex="Vrouw",
            insurances=(
                Insurance(
                    uzovi="9992",
                    number=insured_number("999979668"),
                    package="B3",
                    package_name="Basis Bewust",
                    from_on=date(2014, 1, 1),
                ),
            ),
        )

    def test_gives_a_demo_every_kind_of_person(self):
        kinds = Counter((one.found, len(one.insurances), one.died) for one in map(derived, VALID))

        assert set(kinds) >= {
            ("Gevonden", 1, False), ("Gevonden", 2, False), ("Gevonden", 1, True),
            ("NietGevonden", 0, False), ("BsnOnbekend", 0, False),
            ("CombinatieBsnGeboortedatumOnbekend", 0, False),
        }  # fmt: skip
        assert any(not i.may_be_told for bsn in VALID for i in derived(bsn).insurances)

    def test_knows_nobody_outside_its_range(self):
        assert derived("123456782").found == "BsnOnbekend"

    @given(st.integers(min_value=0, max_value=99_999))
    def test_an_insured_number_leads_back_to_its_person(self, number):
        bsn = f"9999{number:05d}"

        assert bsn_of(insured_number(bsn)) == bsn

    @pytest.mark.parametrize("number", ["", "VZ", "VZ1234", "VZ123456", "AB12345", "VZ1234٣"])
    def test_another_number_leads_nowhere(self, number):
        assert bsn_of(number) is None
        assert People().by_insured_number(number) is None

    def test_at_an_address_lives_one_or_nobody_or_two(self):
        found = Counter(
            len(
                People().by_address(
                    postcode="1234AB", house_number=str(n), addition="", born_on=BORN
                )
            )
            for n in range(200)
        )

        assert set(found) == {0, 1, 2}
        assert found[1] > 150

    def test_an_address_is_the_same_however_its_postcode_is_written(self):
        one, other = (
            People().by_address(postcode=code, house_number="8", addition="", born_on=BORN)
            for code in ("1234AB", "1234 ab")
        )

        assert one == other


class TestSet:
    def test_goes_before_who_is_derived_until_forgotten(self):
        people = People()
        person = Person(bsn="999979668", insurances=(insurance(),))

        people.put(person)
        assert people.by_bsn("999979668") == people.by_insured_number("X1") == person

        people.forget()
        assert people.by_bsn("999979668") == derived("999979668")
        assert people.by_insured_number("X1") is None

    def test_the_oldest_make_room(self):
        people = People()
        for number in range(PEOPLE_MAX + 5):
            people.put(Person(bsn=f"{number:09d}"))

        assert people.set_count == PEOPLE_MAX


@pytest.mark.parametrize(
    ("bsn", "fits"),
    [
        ("999979668", True), ("123456782", True), ("123456789", False), ("000000000", False),
        ("99997966", False), ("99997966a", False), ("٩٩٩٩٧٩٦٦٨", False), ("", False),
    ],
)  # fmt: skip
def test_the_check_of_a_number(bsn, fits):
    assert passes_eleven(bsn) is fits
