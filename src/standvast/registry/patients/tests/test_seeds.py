"""Made-up patients: nobody's numbers, names of several kinds, the same at every start."""

from datetime import UTC, datetime

import pytest

from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.seeds import PATIENTS_COUNT, seed_patients
from standvast.registry.patients.testing import BSNS

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
