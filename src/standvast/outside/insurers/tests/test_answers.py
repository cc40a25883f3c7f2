from datetime import date, timedelta

import pytest

from standvast.outside.insurers.answers import Search, answer_of, request_result
from standvast.outside.insurers.people import Insurance, People, Person, insured_number

TODAY = date(2026, 3, 2)
BORN = date(1962, 3, 15)
BSN = "999979668"


def insurance(**more) -> Insurance:
    return Insurance(**{"uzovi": "9990", "number": "X1", "from_on": date(2020, 1, 1), **more})


def asked(*, today: date = TODAY, person: Person | None = None, **more):
    people = People()
    if person is not None:
        people.put(person)
    wanted = {"number": 1, "born_on": BORN, "on": TODAY, "reference": "a"}
    paths = (
        more if {"bsn", "insured_number", "postcode", "house_number"} & set(more) else {"bsn": BSN}
    )
    return answer_of(Search(**{**wanted, **paths, **more}), people=people, today=today)


class TestResultOfASearch:
    @pytest.mark.parametrize(
        ("search", "result"),
        [
            ({}, "Gevonden"),
            ({"bsn": "999912341"}, "BsnVoldoetNietAanElfProef"),
            ({"bsn": "123456782"}, "BsnOnbekend"),
            ({"bsn": ""}, "GeenGeldigZoekpad"),
            ({"postcode": "1234AB"}, "GeenGeldigZoekpad"),
            ({"house_number": "8"}, "GeenGeldigZoekpad"),
            ({"bsn": BSN, "insured_number": "VZ00001"}, "MeerdereZoekpadenOpgegeven"),
            ({"bsn": BSN, "postcode": "1234AB"}, "MeerdereZoekpadenOpgegeven"),
            ({"insured_number": "nobody"}, "NietGevonden"),
            ({"on": TODAY + timedelta(days=1)}, "GevondenPeildatumInToekomst"),
            ({"on": date(2024, 3, 2)}, "Peildatum2JaarOfOuder"),
            ({"on": date(2024, 3, 3)}, "Gevonden"),
        ],
    )
    def test_of_what_was_asked(self, search, result):
        found = asked(**search)

        assert found.result == result
        assert (found.person is not None) == result.startswith("Gevonden")

    @pytest.mark.parametrize(
        "result",
        [
            "NietGevonden",
            "BsnOnbekend",
            "CombinatieBsnGeboortedatumOnbekend",
            "MeerderePersonenGevonden",
        ],
    )
    def test_of_a_person_who_was_set_so(self, result):
        assert asked(person=Person(bsn=BSN, found=result)).result == result

    def test_several_people_at_one_address(self):
        results = {asked(postcode="1234AB", house_number=str(n)).result for n in range(200)}

        assert results == {"Gevonden", "NietGevonden", "MeerderePersonenGevonden"}

    def test_another_birth_date_than_that_of_a_person_who_was_set(self):
        person = Person(bsn=BSN, born_on=date(1970, 1, 1), insurances=(insurance(),))

        assert asked(person=person).result == "CombinatieBsnGeboortedatumOnbekend"
        assert asked(person=person, insured_number="X1").result == "NietGevonden"

    def test_by_insured_number_finds_whom_the_bsn_finds(self):
        found = asked(insured_number=insured_number(BSN))

        assert found.person == asked().person

    def test_two_years_before_a_leap_day(self):
        leap = date(2028, 2, 29)

        assert asked(today=leap, on=date(2026, 2, 28)).result == "Peildatum2JaarOfOuder"
        assert asked(today=leap, on=date(2026, 3, 1)).result == "Gevonden"


class TestResultOfAPerson:
    @pytest.mark.parametrize(
        ("insurances", "result", "told"),
        [
            ((insurance(),), "ActieveVerzekeringen", ["Actief"]),
            (
                (insurance(), insurance(uzovi="9991")),
                "DubbeleActieveVerzekeringenGevonden",
                ["Actief", "Actief"],
            ),
            (
                (insurance(), insurance(uzovi="9991", kind="Tand")),
                "ActieveVerzekeringen",
                ["Actief", "Actief"],
            ),
            (
                (
                    insurance(until_on=date(2021, 1, 1)),
                    insurance(uzovi="9991", until_on=date(2025, 1, 1)),
                ),
                "InactieveVerzekeringen",
                ["Inactief"],
            ),
            (
                (insurance(may_be_told=False),),
                "ActieveVerzekeringen",
                ["NietGeautoriseerdVoorZorgverzekeraar"],
            ),
            ((), "InactieveVerzekeringen", []),
            ((insurance(from_on=date(2027, 1, 1)),), "InactieveVerzekeringen", []),
        ],
        ids=["one", "double", "tooth beside", "over", "not ours to see", "none", "not yet"],
    )
    def test_comes_from_what_counts_on_the_day(self, insurances, result, told):
        found = asked(person=Person(bsn=BSN, insurances=insurances))

        assert found.person_result == result
        assert [value for value, _ in found.told] == told

    def test_of_several_that_are_over_the_last_is_told(self):
        early, late = insurance(until_on=date(2021, 1, 1)), insurance(until_on=date(2025, 1, 1))

        ((_, told),) = asked(person=Person(bsn=BSN, insurances=(late, early))).told

        assert told == late

    @pytest.mark.parametrize(
        ("on", "value"), [(date(2025, 6, 30), "Actief"), (date(2025, 7, 1), "Inactief")]
    )
    def test_the_last_day_still_counts(self, on, value):
        person = Person(bsn=BSN, insurances=(insurance(until_on=date(2025, 6, 30)),))

        assert [result for result, _ in asked(person=person, on=on).told] == [value]


@pytest.mark.parametrize(
    ("count", "result"),
    [
        (0, "GeenZoekopdrachten"),
        (1, "VerzoekAkkoord"),
        (20, "VerzoekAkkoord"),
        (21, "MeerDan20Zoekopdrachten"),
    ],
)
def test_the_result_of_a_request(count, result):
    assert request_result(count) == result
