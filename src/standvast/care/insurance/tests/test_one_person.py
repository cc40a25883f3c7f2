"""Rows of the register that were brought together are one person: claimed once, whatever went."""

from datetime import date

import pytest
from django.db import transaction

from standvast.care.insurance.models import Activity, Enrolment, Line
from standvast.care.insurance.operations.answered import take_claim_answers
from standvast.care.insurance.operations.correcting import correct
from standvast.care.insurance.operations.enrolling import (
    EnrolledAlready,
    enrol,
    leave,
    record_activity,
    withdraw_activity,
)
from standvast.care.insurance.operations.preparing import decide, prepare, validate
from standvast.care.insurance.operations.submitting import submit
from standvast.care.insurance.queries.claims import bundle_row, left_since
from standvast.care.insurance.queries.lines import open_rows
from standvast.care.insurance.queries.outgoing import outgoing_of
from standvast.care.insurance.rules.answers import LineAnswer
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.testing import (
    AFTERWARDS,
    QUARTER,
    a_bundle,
    an_enrolled_patient,
    cover,
)
from standvast.registry.access.testing import a_colleague
from standvast.registry.patients.api import System, merge, take_apart
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
FEET_ON = date(2026, 2, 10)


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"


@pytest.fixture
def gp():
    return a_colleague().actor


@pytest.fixture
def both(gp):
    """Two rows of one person, each in the programme, each with the same done on the same day."""
    given = {"done": ("yearly", "feet"), "family": "Tweemaal"}
    stands = an_enrolled_patient(gp, **given, numbers={System.RECORD: "17"})
    double = an_enrolled_patient(gp, **given, numbers={System.BSN: BSNS[0]})
    return stands, double


def brought_together(gp, both):
    stands, double = both
    merge(actor=gp, patient_id=double, into_id=stands, now=AFTERWARDS)


def submitted(gp, bundle_id):
    tally = bundle_row(gp.organisation_id, bundle_id).tally
    return submit(
        actor=gp, bundle_id=bundle_id, lines_count=tally.ready_count, cents=tally.ready_cents,
        now=AFTERWARDS,
    )  # fmt: skip


def approved(submission_id):
    lines = Line.objects.filter(submission=submission_id)
    with transaction.atomic():
        take_claim_answers(
            submission_id=submission_id,
            answers=[LineAnswer(line.id, line.cents) for line in lines],
            now=AFTERWARDS,
        )


def standing_cents(bundle_id):
    rows = Line.objects.filter(bundle_id=bundle_id).exclude(state="withdrawn")
    return sorted(rows.values_list("cents", flat=True))


ONCE = [3_205, 6_395]


class TestClaimedOnce:
    def test_for_the_quarter_and_for_what_was_done(self, gp, both):
        brought_together(gp, both)

        assert standing_cents(a_bundle(gp)) == ONCE

    def test_when_they_are_brought_together_after_it_was_prepared(self, gp, both):
        bundle_id = a_bundle(gp)
        assert len(standing_cents(bundle_id)) == 4
        brought_together(gp, both)

        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        assert standing_cents(bundle_id) == ONCE

    @pytest.mark.parametrize("first", [0, 1], ids=["the one that stands", "the double"])
    def test_when_one_of_them_was_claimed_already(self, gp, both, first):
        later = Enrolment.objects.get(patient_id=both[1 - first])
        Enrolment.objects.filter(id=later.id).update(from_on=date(2026, 4, 2))
        bundle_id = a_bundle(gp)
        submitted(gp, bundle_id)
        assert standing_cents(bundle_id) == ONCE
        Enrolment.objects.filter(id=later.id).update(from_on=later.from_on)
        brought_together(gp, both)

        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        assert standing_cents(bundle_id) == ONCE
        assert not Line.objects.filter(is_groundless=True).exists()

    def test_what_was_claimed_twice_before_is_said_and_taken_back_only(self, gp, both):
        bundle_id = a_bundle(gp)
        approved(submitted(gp, bundle_id))
        brought_together(gp, both)
        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        groundless = Line.objects.filter(is_groundless=True)
        assert sorted(groundless.values_list("cents", flat=True)) == ONCE
        assert bundle_row(gp.organisation_id, bundle_id).groundless_count == 2
        for line in list(groundless):
            correct(actor=gp, line_id=line.id, now=AFTERWARDS)
        approved(submitted(gp, bundle_id))

        tally = bundle_row(gp.organisation_id, bundle_id).tally
        assert tally.approved_cents == sum(ONCE)
        assert not Line.objects.filter(is_groundless=True).exists()

    def test_taken_apart_they_are_two_again(self, gp, both):
        brought_together(gp, both)
        bundle_id = a_bundle(gp)
        take_apart(actor=gp, patient_id=both[1], now=AFTERWARDS)

        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        assert standing_cents(bundle_id) == sorted(ONCE * 2)


class TestWhoeverIsMeant:
    def test_who_must_decide_sees_about_whom(self, gp, both):
        Enrolment.objects.filter(patient_id=both[1]).update(
            main="none", practitioner_id=None, from_on=date(2025, 6, 1)
        )
        brought_together(gp, both)
        bundle_id = a_bundle(gp)

        [row] = open_rows(gp.organisation_id, bundle_row(gp.organisation_id, bundle_id))
        decide(
            actor=gp, bundle_id=bundle_id, enrolment_id=row.enrolment_id, main=Main.HERE,
            now=AFTERWARDS,
        )  # fmt: skip

        assert bundle_row(gp.organisation_id, bundle_id).tally.ready_count == 2

    def test_the_insurers_are_told_the_number_and_the_insurer_of_the_double(self, gp, both):
        cover(gp, both[0], Status.UNKNOWN, now=AFTERWARDS)
        brought_together(gp, both)

        found = outgoing_of(submitted(gp, a_bundle(gp)))

        assert {line.bsn for line in found.lines} == {BSNS[0]}
        assert {line.insurer for line in found.lines} == {"9991"}

    def test_nobody_is_put_in_a_programme_twice(self, gp, both):
        leave(
            actor=gp,
            enrolment_id=Enrolment.objects.get(patient_id=both[0]).id,
            until_on=date(2026, 2, 1),
            now=AFTERWARDS,
        )
        brought_together(gp, both)

        with pytest.raises(EnrolledAlready):
            enrol(
                actor=gp, patient_id=both[0], programme="dm2", from_on=date(2026, 3, 1),
                main=Main.HERE, now=AFTERWARDS,
            )  # fmt: skip

    def test_what_was_done_is_written_down_once(self, gp, both):
        brought_together(gp, both)
        count = Activity.objects.count()

        record_activity(
            actor=gp, patient_id=both[0], programme="dm2", code="feet", done_on=FEET_ON,
            now=AFTERWARDS,
        )  # fmt: skip

        assert Activity.objects.count() == count

    def test_nobody_left_who_is_here_under_the_other_row(self, gp, both):
        Activity.objects.update(done_on=date(2025, 11, 3))
        a_bundle(gp)
        last = prepare(actor=gp, programme="dm2", quarter=QUARTER.before, now=AFTERWARDS)
        submitted(gp, last)
        leave(
            actor=gp,
            enrolment_id=Enrolment.objects.get(patient_id=both[1]).id,
            until_on=date(2025, 12, 1),
            now=AFTERWARDS,
        )
        brought_together(gp, both)

        bundle = bundle_row(gp.organisation_id, a_bundle(gp))
        assert left_since(gp.organisation_id, bundle) == ()

    def test_a_neighbours_doubles_are_not_ours(self, gp, both):
        other = a_colleague().actor
        one, two = (a_patient(other, AFTERWARDS, family=name).patient_id for name in "AB")
        merge(actor=other, patient_id=one, into_id=two, now=AFTERWARDS)

        assert standing_cents(a_bundle(gp)) == sorted(ONCE * 2)


class TestWrittenDownAgain:
    """Not done, and written down once more, is not a second time to be paid."""

    def again(self, gp, patient_id, bundle_id):
        feet = Activity.objects.get(code="feet", withdrawn_at=None)
        withdraw_activity(actor=gp, activity_id=feet.id, now=AFTERWARDS)
        record_activity(
            actor=gp, patient_id=patient_id, programme="dm2", code="feet", done_on=FEET_ON,
            now=AFTERWARDS,
        )  # fmt: skip
        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

    def test_stays_here_and_says_why(self, gp):
        patient_id = an_enrolled_patient(gp, done=("yearly", "feet"))
        bundle_id = a_bundle(gp)
        approved(submitted(gp, bundle_id))
        self.again(gp, patient_id, bundle_id)

        assert bundle_row(gp.organisation_id, bundle_id).tally.ready_count == 0
        assert Line.objects.get(state="draft").held == "claimed_already"
        assert Line.objects.get(is_groundless=True).cents == 3_205

    def test_goes_once_the_first_was_taken_back(self, gp):
        patient_id = an_enrolled_patient(gp, done=("yearly", "feet"))
        bundle_id = a_bundle(gp)
        approved(submitted(gp, bundle_id))
        self.again(gp, patient_id, bundle_id)

        correct(actor=gp, line_id=Line.objects.get(is_groundless=True).id, now=AFTERWARDS)
        approved(submitted(gp, bundle_id))

        assert bundle_row(gp.organisation_id, bundle_id).tally.approved_cents == sum(ONCE)

    def test_what_was_refused_can_be_written_down_again(self, gp):
        patient_id = an_enrolled_patient(gp, done=("yearly", "feet"))
        bundle_id = a_bundle(gp)
        submission_id = submitted(gp, bundle_id)
        with transaction.atomic():
            take_claim_answers(
                submission_id=submission_id,
                answers=[
                    LineAnswer(line.id, 0, "other")
                    for line in Line.objects.filter(submission=submission_id)
                ],
                now=AFTERWARDS,
            )
        self.again(gp, patient_id, bundle_id)

        assert bundle_row(gp.organisation_id, bundle_id).tally.ready_cents == 3_205

    def test_a_line_that_went_says_at_once_that_its_ground_is_gone(self, gp):
        an_enrolled_patient(gp, done=("yearly", "feet"))
        submitted(gp, a_bundle(gp))

        feet = Activity.objects.get(code="feet")
        withdraw_activity(actor=gp, activity_id=feet.id, now=AFTERWARDS)

        assert Line.objects.get(activity=feet).is_groundless
