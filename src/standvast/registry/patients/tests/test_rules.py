from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standvast.registry.patients.rules import (
    BirthNotRight,
    Name,
    NameUse,
    NumberNotRight,
    Search,
    SearchTooShort,
    System,
    check_birth,
    check_insurer,
    check_number,
    folded,
    full_name,
    listed_name,
    name_words,
    search_of,
)

TODAY = date(2026, 11, 28)


class TestCheckNumber:
    @pytest.mark.parametrize("typed", ["999990019", "9999.90.019", " 9999 90 019 "])
    def test_takes_a_bsn_however_it_is_written(self, typed):
        assert check_number(System.BSN, typed) == "999990019"

    @pytest.mark.parametrize(
        "typed", ["", "123456789", "000000000", "99999001", "9999900190", "٩٩٩٩٩٠٠١٩"]
    )
    def test_refuses_what_is_no_bsn(self, typed):
        with pytest.raises(NumberNotRight):
            check_number(System.BSN, typed)

    @given(place=st.integers(0, 8), other=st.integers(1, 9))
    def test_finds_one_mistyped_digit_and_does_not_repeat_the_number(self, place, other):
        digits = list("999990019")
        digits[place] = str((int(digits[place]) + other) % 10)
        typed = "".join(digits)

        with pytest.raises(NumberNotRight) as refused:
            check_number(System.BSN, typed)

        assert typed not in str(refused.value)

    def test_takes_an_insz_of_both_centuries_and_refuses_a_wrong_check(self):
        assert check_number(System.INSZ, "85.07.30-033.28") == "85073003328"
        born_2001 = 97 - int("2010101001") % 97
        assert check_number(System.INSZ, f"010101001{born_2001:02d}")
        with pytest.raises(NumberNotRight):
            check_number(System.INSZ, "85073003329")

    @pytest.mark.parametrize("typed", ["", " ", "x" * 41, "a\x00b"])
    def test_refuses_a_record_number_without_bounds(self, typed):
        with pytest.raises(NumberNotRight):
            check_number(System.RECORD, typed)

    @pytest.mark.parametrize("typed", ["331", "33110", "abcd", "٣٣١١"])
    def test_refuses_what_is_no_insurer(self, typed):
        with pytest.raises(NumberNotRight):
            check_insurer(typed)


class TestCheckBirth:
    def test_takes_today_and_refuses_tomorrow_and_long_ago(self):
        assert check_birth(TODAY, today=TODAY) == TODAY
        for wrong in (date(2026, 11, 29), date(1900, 1, 1)):
            with pytest.raises(BirthNotRight):
                check_birth(wrong, today=TODAY)


class TestNames:
    NAME = Name("Berg", "Anna", "A.", "van den", "Wit", "de", NameUse.PARTNER_OWN)

    def test_are_said_in_the_order_somebody_goes_by(self):
        assert full_name(self.NAME) == "Anna de Wit-van den Berg"
        assert full_name(Name("Berg", "Anna", prefix="van den")) == "Anna van den Berg"
        assert full_name(Name("Peeters", initials="J.P.")) == "J.P. Peeters"

    def test_a_use_without_a_partner_is_the_own_name(self):
        for use in NameUse:
            assert full_name(Name("Berg", use=use)) == "Berg"

    def test_are_listed_by_the_name_somebody_goes_by(self):
        assert listed_name(self.NAME) == "Wit, Anna de"
        assert listed_name(Name("Berg", "Anna", prefix="van den")) == "Berg, Anna van den"

    def test_are_found_by_each_of_their_words_without_accents(self):
        assert name_words(Name("D'Hulst-Özgür", "André")) == {"d", "hulst", "ozgur", "andre"}

    @given(st.text(max_size=40))
    @example("𝓐")
    @example("Ǿ")
    def test_folding_twice_changes_nothing_more(self, text):
        assert folded(folded(text)) == folded(text)


class TestSearchOf:
    @pytest.mark.parametrize("typed", ["15-03-1962", "15/3/1962", "1962-03-15", "15031962"])
    def test_knows_a_birth_date(self, typed):
        assert search_of(typed) == Search(birth_on=date(1962, 3, 15))

    def test_knows_names_a_date_and_a_number_together(self):
        assert search_of("Özg anna 15-3-1962 9999.90.019") == Search(
            ("ozg", "anna"), date(1962, 3, 15), "999990019"
        )

    @pytest.mark.parametrize("typed", ["", " ", "a", "' ; --", "!!"])
    def test_refuses_too_little(self, typed):
        with pytest.raises(SearchTooShort):
            search_of(typed)

    @given(st.text(max_size=200))
    def test_never_breaks_on_what_is_typed(self, text):
        try:
            found = search_of(text)
        except SearchTooShort:
            return
        assert len(found.words) <= 6
