"""The demo has a quarter to claim: most can go, some must be decided about, the rest says why."""

from datetime import UTC, datetime

import pytest

from standvast.care.insurance.models import Activity, Enrolment
from standvast.care.insurance.operations.preparing import prepare
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.seeds import ENROLLED, seed_care
from standvast.care.insurance.testing import cover
from standvast.registry.access.testing import a_colleague
from standvast.registry.patients.seeds import grown_ups_of, seed_patients

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def test_last_quarter_can_be_claimed_and_again_changes_nothing():
    gp = a_colleague().actor
    seed_patients(gp.organisation_id, now=NOW)
    ids = grown_ups_of(gp.organisation_id, now=NOW)
    for patient_id in ids:
        cover(gp, patient_id, Status.INSURED, now=NOW)

    made = [
        seed_care(gp.organisation_id, ids, practitioner_id=gp.person_id, now=NOW) for _ in range(2)
    ]
    bundle_id = prepare(actor=gp, programme="dm2", quarter=Quarter(2026, 3), now=NOW)

    assert made == [sum(ENROLLED.values()), 0]
    assert Enrolment.objects.count() == made[0]
    assert not Activity.objects.filter(done_on__gt=NOW.date()).exists()
    found = bundle_row(gp.organisation_id, bundle_id)
    assert found.tally.open_count >= 2
    assert found.tally.ready_count > 20
    assert found.tally.held_count > found.tally.open_count
