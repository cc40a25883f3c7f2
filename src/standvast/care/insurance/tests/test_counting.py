"""Counts about nobody: different people, half-open periods, nothing that was withdrawn."""

import uuid
from datetime import UTC, date, datetime

import pytest

from standvast.care.insurance.models import Activity, Enrolment
from standvast.care.insurance.queries.counting import care_counts, enrolled_counts
from standvast.care.insurance.seeds import seed_visits
from standvast.registry.organisations.testing import an_organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
PERIOD = {"from_on": date(2025, 8, 1), "until_on": date(2026, 11, 1)}
ANNA, BRAM = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def practice():
    return an_organisation()


def done(practice, patient_id, on, *, code="check", **known):
    Activity.objects.create(
        organisation=practice,
        patient_id=patient_id,
        programme="dm2",
        code=code,
        done_on=on,
        **known,
    )


def enrolled(practice, patient_id, from_on, until_on=None):
    Enrolment.objects.create(
        organisation=practice,
        patient_id=patient_id,
        programme="dm2",
        from_on=from_on,
        until_on=until_on,
    )


def found(practice):
    return {
        (one.from_on, one.until_on): (one.count, one.people)
        for one in care_counts(practice.id, **PERIOD)
    }


class TestCareCounts:
    def test_counts_different_people_for_each_month_quarter_and_the_whole(self, practice):
        for patient_id, on in (
            (ANNA, date(2026, 1, 5)),
            (ANNA, date(2026, 1, 30)),
            (ANNA, date(2026, 3, 31)),
            (BRAM, date(2026, 2, 1)),
        ):
            done(practice, patient_id, on)

        assert found(practice) == {
            (date(2026, 1, 1), date(2026, 2, 1)): (2, 1),
            (date(2026, 2, 1), date(2026, 3, 1)): (1, 1),
            (date(2026, 3, 1), date(2026, 4, 1)): (1, 1),
            (date(2026, 1, 1), date(2026, 4, 1)): (4, 2),
            (PERIOD["from_on"], PERIOD["until_on"]): (4, 2),
        }

    def test_knows_no_quarter_of_which_a_part_lies_outside(self, practice):
        done(practice, ANNA, date(2025, 8, 1))
        done(practice, ANNA, date(2026, 10, 31))

        assert {(until_on - from_on).days < 40 for from_on, until_on in found(practice)} == {
            True,
            False,
        }
        assert len(found(practice)) == 3

    def test_leaves_out_what_lies_outside_what_was_withdrawn_and_what_others_did(self, practice):
        done(practice, ANNA, date(2025, 7, 31))
        done(practice, ANNA, date(2026, 11, 1))
        done(practice, ANNA, date(2026, 5, 4), withdrawn_at=NOW)
        done(an_organisation(), ANNA, date(2026, 5, 4))

        assert found(practice) == {}


class TestEnrolledCounts:
    def test_counts_who_was_in_it_on_the_last_day_of_a_month(self, practice):
        enrolled(practice, ANNA, date(2026, 1, 31), date(2026, 3, 1))
        enrolled(practice, BRAM, date(2026, 2, 1), date(2026, 2, 28))

        counts = enrolled_counts(practice.id, **PERIOD)

        assert [(one.from_on, one.count) for one in sorted(counts, key=lambda c: c.from_on)] == [
            (date(2026, 1, 1), 1),
            (date(2026, 2, 1), 1),
        ]

    def test_counts_somebody_who_left_and_came_back_once(self, practice):
        enrolled(practice, ANNA, date(2025, 1, 1), date(2025, 9, 1))
        enrolled(practice, ANNA, date(2025, 9, 1))

        assert {one.count for one in enrolled_counts(practice.id, **PERIOD)} == {1}


def test_the_demo_has_something_in_every_month(practice):
    patient_ids = [uuid.UUID(int=number + 1) for number in range(200)]

    made = seed_visits(practice.id, patient_ids, now=NOW)

    assert made > 1_000
    months = {one.from_on for one in care_counts(practice.id, **PERIOD) if one.people >= 10}
    assert len(months) >= 15
    assert seed_visits(practice.id, patient_ids, now=NOW) == 0
