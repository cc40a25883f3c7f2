"""Claims go once, are answered in parts, corrected by a later version, and add up to the cent."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standvast.care.insurance.models import Line, Payment, Submission
from standvast.care.insurance.operations.answered import (
    AnswerDoesNotFit,
    is_complete,
    take_claim_answers,
    take_payment,
)
from standvast.care.insurance.operations.correcting import (
    CreditStands,
    LineNotFound,
    NothingToCredit,
    correct,
    credit,
)
from standvast.care.insurance.operations.enrolling import withdraw_activity
from standvast.care.insurance.operations.preparing import validate
from standvast.care.insurance.operations.submitting import (
    CLAIMS,
    ClaimsNotSetUp,
    NothingToSubmit,
    OtherThanSeen,
    QuarterNotOver,
    StillOpen,
    submission_key,
    submit,
)
from standvast.care.insurance.queries.claims import BundleNotFound, bundle_row
from standvast.care.insurance.rules.answers import LineAnswer, PaidRow, Specification
from standvast.care.insurance.rules.claims import (
    MOVES,
    BundleState,
    LineState,
    MoveNotAllowed,
    Part,
    tally_of,
)
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.testing import (
    AFTERWARDS,
    a_bundle,
    an_enrolled_patient,
)
from standvast.core.delivery.api import receipt_of
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"


@pytest.fixture
def gp():
    return a_colleague().actor


@pytest.fixture
def bundle_id(gp):
    """Three patients: two who can go, one of whom the insurers said nothing yet."""
    an_enrolled_patient(gp, done=("yearly", "feet"))
    an_enrolled_patient(gp)
    an_enrolled_patient(gp, covered=Status.UNKNOWN)
    return a_bundle(gp)


def seen(gp, bundle_id):
    tally = bundle_row(gp.organisation_id, bundle_id).tally
    return {"lines_count": tally.ready_count, "cents": tally.ready_cents}


def submitted(gp, bundle_id, now=AFTERWARDS, **shown):
    shown = shown or seen(gp, bundle_id)
    return submit(actor=gp, bundle_id=bundle_id, now=now, **shown)


def answered(submission_id, *answers):
    with transaction.atomic():
        return take_claim_answers(submission_id=submission_id, answers=answers, now=AFTERWARDS)


def all_approved(submission_id):
    lines = Line.objects.filter(submission=submission_id)
    answered(submission_id, *(LineAnswer(line.id, line.cents) for line in lines))


def tally(gp, bundle_id):
    found = bundle_row(gp.organisation_id, bundle_id)
    assert found.tally.reconciles
    parts = [
        Part(
            state=LineState(line.state),
            cents=line.cents,
            approved_cents=line.approved_cents or 0,
            rejected_cents=line.rejected_cents or 0,
            is_answered=line.answered_at is not None,
            is_correction=line.version > 1,
            is_open=line.held == "open",
            paid_cents=line.paid.cents if hasattr(line, "paid") else 0,
        )
        for line in Line.objects.filter(bundle_id=bundle_id)
    ]
    assert tally_of(parts) == found.tally
    return found.tally


def state(gp, bundle_id):
    return bundle_row(gp.organisation_id, bundle_id).state


class TestSubmit:
    def test_what_is_unknown_stays_and_holds_up_no_other(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)

        found = tally(gp, bundle_id)
        assert (found.submitted_count, found.held_count) == (3, 1)
        assert found.claimed_cents == found.awaited_cents == 2 * 6_395 + 3_205
        made = Submission.objects.get(id=submission_id)
        assert (made.lines_count, made.cents) == (3, found.claimed_cents)
        assert receipt_of(CLAIMS, submission_key(bundle_id, 1)) is not None
        assert state(gp, bundle_id) is BundleState.SUBMITTED

    def test_twice_is_the_same_submission(self, gp, bundle_id):
        shown = seen(gp, bundle_id)

        assert submitted(gp, bundle_id, **shown) == submitted(gp, bundle_id, **shown)
        assert Submission.objects.count() == 1

    def test_what_became_known_later_goes_as_a_second_message(self, gp, bundle_id):
        from standvast.care.insurance.testing import cover

        submitted(gp, bundle_id)
        unknown = Line.objects.get(bundle_id=bundle_id, state="draft")
        cover(gp, unknown.patient_id, Status.INSURED, now=AFTERWARDS)
        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)
        submitted(gp, bundle_id)

        assert receipt_of(CLAIMS, submission_key(bundle_id, 2)) is not None
        assert tally(gp, bundle_id).submitted_count == 4

    def test_refuses_other_than_was_seen(self, gp, bundle_id):
        with pytest.raises(OtherThanSeen):
            submitted(gp, bundle_id, lines_count=2, cents=1)
        assert not Submission.objects.exists()

    def test_refuses_while_somebody_must_decide(self, gp, bundle_id):
        an_enrolled_patient(gp, main=Main.NONE)

        with pytest.raises(StillOpen):
            submitted(gp, bundle_id)

    def test_refuses_before_the_quarter_is_over(self, gp, bundle_id):
        with pytest.raises(QuarterNotOver):
            submitted(gp, bundle_id, now=AFTERWARDS.replace(month=3, day=31))

    def test_refuses_with_nothing_to_go_where_nobody_takes_it_or_for_another(
        self, gp, bundle_id, settings
    ):
        other = a_colleague().actor
        with pytest.raises(NothingToSubmit):
            submitted(other, a_bundle(other))
        with pytest.raises(BundleNotFound):
            submitted(other, bundle_id, lines_count=3, cents=1)
        settings.CLAIMS_URL = ""
        with pytest.raises(ClaimsNotSetUp):
            submitted(gp, bundle_id)


class TestAnswers:
    def test_come_in_parts_and_more_than_once(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        first, *others = Line.objects.filter(submission=submission_id).order_by("id")

        assert answered(submission_id, LineAnswer(first.id, first.cents)) == 1
        assert state(gp, bundle_id) is BundleState.PARTLY_ANSWERED
        assert answered(submission_id, LineAnswer(first.id, 0, "other")) == 0
        answered(submission_id, *(LineAnswer(line.id, 0, "asked_too_late") for line in others))

        found = tally(gp, bundle_id)
        assert (found.answered_count, found.rejected_count) == (3, 2)
        assert found.approved_cents == first.cents
        assert state(gp, bundle_id) is BundleState.ANSWERED

    def test_a_part_of_an_amount_says_why(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id, cents=6_395).first()
        answered(submission_id, LineAnswer(line.id, 6_000, "never heard of"))

        line.refresh_from_db()
        assert (line.state, line.rejected_cents, line.reason) == ("approved", 395, "other")
        tally(gp, bundle_id)

    def test_one_that_does_not_fit_leaves_nothing_behind(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id).first()

        for wrong in (LineAnswer(uuid4(), 1), LineAnswer(line.id, line.cents + 1)):
            with pytest.raises(AnswerDoesNotFit):
                answered(submission_id, LineAnswer(line.id, line.cents), wrong)
        assert tally(gp, bundle_id).answered_count == 0


def specification(submission_id, message_id=None, **other):
    rows = tuple(
        PaidRow(line.id, other.get("cents", line.approved_cents))
        for line in Line.objects.filter(submission=submission_id).exclude(approved_cents=0)
    )
    return Specification(message_id or uuid4(), "B-1", date(2026, 4, 20), rows)


def paid(submission_id, specification):
    with transaction.atomic():
        take_payment(submission_id=submission_id, paid=specification, now=AFTERWARDS)


class TestPayment:
    def test_told_twice_is_paid_once(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        all_approved(submission_id)
        assert not is_complete(submission_id)
        told = specification(submission_id)
        for _ in range(2):
            paid(submission_id, told)

        assert Payment.objects.get().cents == tally(gp, bundle_id).paid_cents == 2 * 6_395 + 3_205
        assert state(gp, bundle_id) is BundleState.PAID
        assert is_complete(submission_id)

    def test_other_than_what_was_approved_does_not_fit(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        all_approved(submission_id)

        with pytest.raises(AnswerDoesNotFit):
            paid(submission_id, specification(submission_id, cents=1))
        assert not Payment.objects.exists()


class TestCorrect:
    def test_a_rejected_line_goes_again_as_a_later_version(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id).first()
        answered(submission_id, LineAnswer(line.id, 0, "other"))

        correct(actor=gp, line_id=line.id, now=AFTERWARDS)

        again = Line.objects.get(patient_id=line.patient_id, activity=line.activity, version=2)
        assert (again.state, again.cents, again.credits) == ("in_bundle", line.cents, None)
        assert state(gp, bundle_id) is BundleState.CORRECTED
        tally(gp, bundle_id)

    def test_an_approved_line_is_taken_back_first(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        all_approved(submission_id)
        line = Line.objects.filter(submission=submission_id, activity=None).first()

        correct(actor=gp, line_id=line.id, now=AFTERWARDS)

        versions = Line.objects.filter(patient_id=line.patient_id, activity=None)
        assert list(versions.order_by("version").values_list("version", "cents", "state")) == [
            (1, 6_395, "corrected"),
            (2, -6_395, "in_bundle"),
            (3, 6_395, "in_bundle"),
        ]
        second = submitted(gp, bundle_id)
        all_approved(second)
        assert tally(gp, bundle_id).approved_cents == 2 * 6_395 + 3_205

    def test_only_what_was_approved_is_taken_back(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id, cents=6_395).first()
        answered(submission_id, LineAnswer(line.id, 6_000, "amount_too_high"))

        credit(actor=gp, line_id=line.id, now=AFTERWARDS)

        assert Line.objects.get(credits=line).cents == -6_000

    def test_what_was_not_done_after_all_is_taken_back_only(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        all_approved(submission_id)
        feet = Line.objects.get(submission=submission_id, activity__isnull=False)
        withdraw_activity(actor=gp, activity_id=feet.activity_id, now=AFTERWARDS)

        correct(actor=gp, line_id=feet.id, now=AFTERWARDS)

        found = tally(gp, bundle_id)
        assert (found.ready_count, found.ready_cents) == (1, -3_205)

    def test_credit_takes_back_and_claims_nothing(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        all_approved(submission_id)
        line = Line.objects.filter(submission=submission_id, activity=None).first()

        credit(actor=gp, line_id=line.id, now=AFTERWARDS)
        all_approved(submitted(gp, bundle_id))

        found = tally(gp, bundle_id)
        assert found.approved_cents == 6_395 + 3_205
        taken_back = Line.objects.get(credits=line)
        with pytest.raises(CreditStands):
            correct(actor=gp, line_id=taken_back.id, now=AFTERWARDS)

    def test_refuses_what_was_not_answered_or_approved_or_is_anothers(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id).first()

        with pytest.raises(MoveNotAllowed):
            correct(actor=gp, line_id=line.id, now=AFTERWARDS)
        with pytest.raises(LineNotFound):
            correct(actor=a_colleague().actor, line_id=line.id, now=AFTERWARDS)
        answered(submission_id, LineAnswer(line.id, 0, "other"))
        with pytest.raises(NothingToCredit):
            credit(actor=gp, line_id=line.id, now=AFTERWARDS)


class TestWhateverHappens:
    """Any order of submitting, answering, correcting and paying adds up."""

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(data=st.data())
    def test_it_reconciles_to_the_cent(self, data):
        gp = a_colleague().actor
        for _ in range(data.draw(st.integers(1, 3))):
            an_enrolled_patient(gp, done=data.draw(st.sampled_from([(), ("yearly", "feet")])))
        bundle_id = a_bundle(gp)
        for _ in range(data.draw(st.integers(1, 5))):
            _anything(gp, bundle_id, data)

            found = tally(gp, bundle_id)
            assert found.total_cents == sum(
                Line.objects.filter(bundle_id=bundle_id)
                .exclude(state="withdrawn")
                .values_list("cents", flat=True)
            )
            assert found.approved_cents + found.ready_cents >= 0 or found.awaited_cents


SORTED = ("patient_id", "activity", "version")
"""The same at each run."""


def stepped(do, *given, **named):
    """Do something, and see that each line went where it may, or stayed."""
    before = dict(Line.objects.values_list("id", "state"))
    do(*given, **named)
    for line_id, after in Line.objects.values_list("id", "state"):
        was = before.get(line_id, after)
        assert after == was or LineState(after) in MOVES[LineState(was)]


def _anything(gp, bundle_id, data):
    if bundle_row(gp.organisation_id, bundle_id).tally.ready_count:
        stepped(submitted, gp, bundle_id)
    for line in Line.objects.filter(bundle_id=bundle_id, state="submitted").order_by(*SORTED):
        parts = data.draw(st.sampled_from([None, 0, 1, 2]))
        if parts is not None:
            approved = line.cents * parts // 2
            stepped(answered, line.submission_id, LineAnswer(line.id, approved, "other"))
    for line in Line.objects.filter(
        bundle_id=bundle_id, state__in=("approved", "rejected"), credits=None
    ).order_by(*SORTED):
        match data.draw(st.sampled_from(["stands", "correct", "credit"])):
            case "correct":
                stepped(correct, actor=gp, line_id=line.id, now=AFTERWARDS)
            case "credit" if line.approved_cents:
                stepped(credit, actor=gp, line_id=line.id, now=AFTERWARDS)
