"""Patients come into a programme once, and what is done for them is written down once."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from standvast.care.insurance.models import Activity, Enrolment
from standvast.care.insurance.operations.enrolling import (
    ActivityNotFound,
    DayNotPossible,
    EnrolledAlready,
    EnrolmentNotFound,
    enrol,
    leave,
    record_activity,
    withdraw_activity,
)
from standvast.care.insurance.queries.care import activities_between, enrolments_between
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import NotInProgramme
from standvast.kit.actor import Actor
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.api import PatientNotFound
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST, TODAY = date(2026, 1, 1), date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)


def actor() -> Actor:
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


@pytest.fixture
def gp():
    return actor()


@pytest.fixture
def patient_id(gp):
    return a_patient(gp, NOW).patient_id


def enrolled(gp, patient_id, programme="dm2", from_on=FIRST, main=Main.HERE):
    return enrol(
        actor=gp, patient_id=patient_id, programme=programme, from_on=from_on, main=main, now=NOW
    )


def done(gp, patient_id, code="yearly", done_on=TODAY, programme="dm2"):
    return record_activity(
        actor=gp, patient_id=patient_id, programme=programme, code=code, done_on=done_on, now=NOW
    )


class TestEnrol:
    def test_the_same_again_is_the_same(self, gp, patient_id):
        assert enrolled(gp, patient_id) == enrolled(gp, patient_id)

    def test_refuses_a_second_one_at_the_same_time(self, gp, patient_id):
        enrolled(gp, patient_id)

        with pytest.raises(EnrolledAlready):
            enrolled(gp, patient_id, from_on=TODAY)
        assert Enrolment.objects.count() == 1

    def test_who_left_may_come_back(self, gp, patient_id):
        leave(actor=gp, enrolment_id=enrolled(gp, patient_id), until_on=date(2026, 2, 1), now=NOW)
        enrolled(gp, patient_id, from_on=TODAY)

        assert Enrolment.objects.count() == 2

    def test_refuses_what_is_not_there_or_yet_to_come(self, gp, patient_id):
        with pytest.raises(NotInProgramme):
            enrolled(gp, patient_id, programme="flu")
        with pytest.raises(DayNotPossible):
            enrolled(gp, patient_id, from_on=TOMORROW)
        with pytest.raises(PatientNotFound):
            enrolled(actor(), patient_id)

    def test_nobody_leaves_before_they_came_or_elsewhere(self, gp, patient_id):
        enrolment_id = enrolled(gp, patient_id)

        with pytest.raises(DayNotPossible):
            leave(actor=gp, enrolment_id=enrolment_id, until_on=FIRST, now=NOW)
        with pytest.raises(EnrolmentNotFound):
            leave(actor=actor(), enrolment_id=enrolment_id, until_on=TODAY, now=NOW)


class TestRecordActivity:
    def test_the_same_again_is_the_same(self, gp, patient_id):
        assert done(gp, patient_id) == done(gp, patient_id)
        assert Activity.objects.count() == 1

    def test_refuses_what_the_programme_has_not(self, gp, patient_id):
        with pytest.raises(NotInProgramme):
            done(gp, patient_id, code="breath")
        with pytest.raises(DayNotPossible):
            done(gp, patient_id, done_on=TOMORROW)
        with pytest.raises(PatientNotFound):
            done(actor(), patient_id)

    def test_a_mistake_counts_no_more_and_can_be_written_down_after_all(self, gp, patient_id):
        first = done(gp, patient_id)

        for _ in range(2):
            withdraw_activity(actor=gp, activity_id=first, now=NOW)

        assert not activities_between(gp.organisation_id, from_on=FIRST, until_on=TOMORROW)
        assert done(gp, patient_id) != first

    def test_what_another_did_is_not_there(self, gp, patient_id):
        with pytest.raises(ActivityNotFound):
            withdraw_activity(actor=actor(), activity_id=done(gp, patient_id), now=NOW)


class TestBetween:
    def test_a_period_ends_before_its_last_day(self, gp, patient_id):
        done(gp, patient_id)

        assert not activities_between(gp.organisation_id, from_on=FIRST, until_on=TODAY)
        assert len(activities_between(gp.organisation_id, from_on=TODAY, until_on=TOMORROW)) == 1

    def test_only_those_who_were_in_it_then_and_only_ones_own(self, gp, patient_id):
        enrolment_id = enrolled(gp, patient_id)
        leave(actor=gp, enrolment_id=enrolment_id, until_on=date(2026, 2, 1), now=NOW)
        own = gp.organisation_id

        assert enrolments_between(own, from_on=date(2026, 1, 31), until_on=TODAY)
        assert not enrolments_between(own, from_on=date(2026, 2, 1), until_on=TODAY)
        assert not enrolments_between(an_organisation().id, from_on=FIRST, until_on=TODAY)
