"""Made-up patients: nobody's numbers, names of several kinds, the same at every start."""

from datetime import UTC, date, datetime

import pytest
from stdnum.be import ssn

from standvast.registry.organisations.api import Country
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.rules import Sex, System
from standvast.registry.patients.seeds import (
    INSZ_SERIALS,
    PATIENTS_COUNT,
    grown_ups_of,
    insz_of,
    seed_patients,
)
from standvast.registry.patients.testing import BSNS, INSZS

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_practice_gets_patients_once_with_numbers_that_are_nobodys():
    practice = an_organisation().id

    assert [seed_patients(practice, now=NOW) for _ in range(2)] == [PATIENTS_COUNT, 0]

    numbers = set(Identifier.objects.values_list("value", flat=True))
    assert len(numbers) == PATIENTS_COUNT
    assert all(number.startswith("9999") for number in numbers)
    assert not numbers & set(BSNS)
    assert Patient.objects.exclude(prefix="").exists()
    assert Patient.objects.exclude(partner_family="").exists()


@pytest.mark.django_db
def test_chain_care_is_for_those_of_age():
    practice = an_organisation().id
    seed_patients(practice, now=NOW)

    found = Patient.objects.filter(id__in=grown_ups_of(practice, now=NOW))

    assert 100 < found.count() < PATIENTS_COUNT
    assert not found.filter(birth_on__gt=date(2008, 11, 28)).exists()


@pytest.mark.django_db
def test_a_belgian_practice_gets_belgian_numbers_that_are_nobodys():
    practice = an_organisation().id

    made = [seed_patients(practice, now=NOW, country=Country.BE) for _ in range(2)]

    assert made == [PATIENTS_COUNT, 0]
    numbers = Identifier.objects.select_related("patient")
    assert {number.system for number in numbers} == {System.INSZ.value}
    for number in numbers:
        assert ssn.is_valid(number.value)
        assert int(number.value[6:9]) >= INSZ_SERIALS[0]
        assert ssn.get_birth_date(number.value) == number.patient.birth_on
    assert set(Patient.objects.values_list("country", flat=True)) == {"BE"}


def test_the_belgian_numbers_of_the_tests_are_five_and_pass():
    assert len(set(INSZS)) == 5
    assert all(ssn.is_valid(number) for number in INSZS)


@pytest.mark.parametrize("born_on", [date(1932, 1, 1), date(1999, 12, 31), date(2000, 1, 1)])
@pytest.mark.parametrize("sex", [Sex.FEMALE, Sex.MALE])
def test_a_belgian_number_says_the_birth_date_and_the_sex(born_on, sex):
    number = insz_of(born_on, sex, 7)

    assert ssn.get_birth_date(number) == born_on
    assert ssn.get_gender(number) == ("F" if sex is Sex.FEMALE else "M")
