"""What is asked and what an answer means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.insurance.rules.coverage import (
    SAID,
    Answer,
    Path,
    Policy,
    Search,
    Status,
    Then,
    reading_of,
    search_of,
)

DAY = date(2026, 3, 2)
ACTIVE = Policy("9991", "A1", "Basis", "Actief", from_on=date(2026, 1, 1))
ENDED = Policy("9992", "B2", "Basis", "Inactief", until_on=date(2025, 12, 31))
HIDDEN = Policy("9993", "", "Basis", "NietGeautoriseerdVoorZorgverzekeraar")


def asked(**known: str) -> Search:
    given_ = {"bsn": "", "insured_number": "", "postcode": "", "house_number": "", **known}
    return search_of(birth_on=date(1962, 3, 15), on=DAY, **given_)


class TestSearchOf:
    @pytest.mark.parametrize(
        ("known", "path"),
        [
            ({"bsn": "999990019", "insured_number": "A1"}, Path.BSN),
            (
                {"insured_number": "A1", "postcode": "1234AB", "house_number": "5"},
                Path.INSURED_NUMBER,
            ),
            ({"postcode": "1234AB", "house_number": "5"}, Path.ADDRESS),
            ({"postcode": "1234AB", "house_number": "bis"}, Path.NONE),
            ({"postcode": "1234AB"}, Path.NONE),
            ({}, Path.NONE),
        ],
    )
    def test_takes_the_surest_path_there_is(self, known, path):
        assert asked(**known).path is path

    @pytest.mark.parametrize(
        ("written", "parts"),
        [
            ("12", ("12", "")),
            ("12a", ("12", "a")),
            ("12-3", ("12", "3")),
            ("12 bis", ("12", "bis")),
            (" 7 ", ("7", "")),
        ],
    )
    def test_tells_a_house_number_from_its_addition(self, written, parts):
        found = asked(postcode="1234AB", house_number=written)
        assert (found.house_number, found.house_addition) == parts

    @given(st.text(max_size=12))
    def test_loses_no_letter_or_digit_of_a_house_number(self, written):
        found = asked(postcode="1234AB", house_number=written)
        kept = [one for one in found.house_number + found.house_addition if one.isalnum()]
        assert kept == [one for one in written if one.isalnum()]


class TestReadingOf:
    @pytest.mark.parametrize(
        ("answer", "status", "code", "then"),
        [
            (
                Answer("Gevonden", "ActieveVerzekeringen", (ACTIVE,)),
                Status.INSURED,
                "insured",
                Then.NOTHING,
            ),
            (
                Answer("GevondenPeildatumInToekomst", "ActieveVerzekeringen", (ACTIVE,)),
                Status.INSURED,
                "insured_ahead",
                Then.NOTHING,
            ),
            (
                Answer("Gevonden", "DubbeleActieveVerzekeringenGevonden", (ACTIVE, ACTIVE)),
                Status.INSURED,
                "insured_twice",
                Then.PERSON,
            ),
            (
                Answer("Gevonden", "InactieveVerzekeringen", (ENDED,)),
                Status.NOT_INSURED,
                "not_insured",
                Then.NOTHING,
            ),
            (
                Answer("Gevonden", "InactieveVerzekeringen"),
                Status.NOT_INSURED,
                "not_insured",
                Then.NOTHING,
            ),
            (
                Answer("Gevonden", "ActieveVerzekeringen", (HIDDEN,)),
                Status.UNKNOWN,
                "not_authorised",
                Then.PERSON,
            ),
            (Answer("NietGevonden"), Status.UNKNOWN, "not_found", Then.PERSON),
            (Answer("BsnOnbekend"), Status.UNKNOWN, "data_wrong", Then.PERSON),
            (
                Answer("CombinatieBsnGeboortedatumOnbekend"),
                Status.UNKNOWN,
                "data_wrong",
                Then.PERSON,
            ),
            (Answer("MeerderePersonenGevonden"), Status.UNKNOWN, "many_found", Then.PERSON),
            (Answer("Peildatum2JaarOfOuder"), Status.UNKNOWN, "too_old", Then.NOTHING),
            (Answer("GeenGeldigZoekpad"), Status.UNKNOWN, "asked_wrongly", Then.DESK),
            (Answer("BsnVoldoetNietAanElfProef"), Status.UNKNOWN, "asked_wrongly", Then.DESK),
            (Answer("MeerdereZoekpadenOpgegeven"), Status.UNKNOWN, "asked_wrongly", Then.DESK),
            (
                Answer("Gevonden", "IetsNieuws", (ACTIVE,)),
                Status.UNKNOWN,
                "asked_wrongly",
                Then.DESK,
            ),
        ],
    )
    def test_reads_each_value(self, answer, status, code, then):
        found = reading_of(answer)

        assert (found.status, found.code, found.then) == (status, code, then)

    def test_a_basic_insurance_counts_before_a_later_one_beside_it(self):
        beside = Policy("9991", "A2", "Aanvullend", "Actief", from_on=date(2026, 2, 1))

        found = reading_of(Answer("Gevonden", "ActieveVerzekeringen", (beside, ACTIVE)))

        assert found.policy == ACTIVE

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_a_value_nobody_knows_never_says_insured_or_not(self, found, person):
        reading = reading_of(Answer(found, person, (ACTIVE, ENDED)))
        if reading.status is not Status.UNKNOWN:
            assert found in ("Gevonden", "GevondenPeildatumInToekomst")
            assert person.endswith(("Verzekeringen", "VerzekeringenGevonden"))

    def test_there_are_words_for_every_reading(self):
        assert {"insured", "not_insured", "cannot_ask", "asked_wrongly"} <= SAID.keys()
