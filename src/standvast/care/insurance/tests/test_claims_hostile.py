"""Somebody wants money twice, or sends what nobody expects: nothing is doubled or half done."""

import json
import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import httpx
import pytest
from django.db import connection, transaction

from standvast.care.insurance.destinations import reading
from standvast.care.insurance.exports.claim import AnswerUnreadable, answers_in
from standvast.care.insurance.models import Coverage, Enrolment, Line, Payment, Submission
from standvast.care.insurance.operations.answered import (
    AnswerDoesNotFit,
    take_claim_answers,
    take_payment,
)
from standvast.care.insurance.operations.correcting import (
    CreditStands,
    correct,
    credit,
)
from standvast.care.insurance.operations.enrolling import EnrolledAlready, enrol, leave
from standvast.care.insurance.operations.preparing import take_back_in
from standvast.care.insurance.operations.submitting import submit
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.queries.lines import held_patients
from standvast.care.insurance.queries.outgoing import outgoing_of
from standvast.care.insurance.rules.answers import LineAnswer, PaidRow, Specification
from standvast.care.insurance.rules.claims import MoveNotAllowed
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Held, Main
from standvast.care.insurance.testing import (
    AFTERWARDS,
    a_bundle,
    an_enrolled_patient,
    cover,
)
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db(transaction=True)
PAID_ON = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"


@pytest.fixture
def gp():
    return a_colleague().actor


@pytest.fixture
def bundle_id(gp):
    for _ in range(2):
        an_enrolled_patient(gp)
    return a_bundle(gp)


def tally(gp, bundle_id):
    return bundle_row(gp.organisation_id, bundle_id).tally


def submitted(gp, bundle_id, **more):
    found = tally(gp, bundle_id)
    shown = {"lines_count": found.ready_count, "cents": found.ready_cents} | more
    return submit(actor=gp, bundle_id=bundle_id, now=AFTERWARDS, **shown)


def answered(submission_id, *answers):
    with transaction.atomic():
        return take_claim_answers(submission_id=submission_id, answers=answers, now=AFTERWARDS)


def all_approved(submission_id):
    lines = Line.objects.filter(submission=submission_id)
    answered(submission_id, *(LineAnswer(line.id, line.cents) for line in lines))


def paid(submission_id, *rows, message_id=None):
    told = Specification(message_id or uuid4(), "B-1", PAID_ON, rows)
    with transaction.atomic():
        take_payment(submission_id=submission_id, paid=told, now=AFTERWARDS)


def at_once(*doings):
    """Do things at the same moment, each on a connection of its own; return what came of each."""
    came: list[object] = [None] * len(doings)
    gate = threading.Barrier(len(doings))

    def run(number, do):
        try:
            gate.wait(timeout=10)
            came[number] = do()
        except Exception as error:  # noqa: BLE001 - it is what came of it
            came[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, do)) for number, do in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return came


class TestTwoAtOnce:
    def test_two_who_submit_make_one_submission(self, gp, bundle_id):
        shown = {"lines_count": 2, "cents": 12_790, "after_version": 0}

        came = at_once(*(lambda: submitted(gp, bundle_id, **shown) for _ in range(3)))

        assert set(came) == {Submission.objects.get().id}

    def test_what_became_ready_meanwhile_does_not_go_unseen(self, gp):
        an_enrolled_patient(gp)
        unknown = an_enrolled_patient(gp, covered=Status.UNKNOWN)
        bundle_id = a_bundle(gp)
        shown = {"lines_count": 1, "cents": 6_395, "after_version": 0}
        first = submitted(gp, bundle_id, **shown)
        cover(gp, unknown, Status.INSURED, now=AFTERWARDS)

        assert submitted(gp, bundle_id, **shown) == first
        assert Submission.objects.count() == 1

    def test_a_correction_and_an_answer_leave_no_half(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id).first()

        came = at_once(
            lambda: answered(submission_id, LineAnswer(line.id, line.cents)),
            lambda: correct(actor=gp, line_id=line.id, now=AFTERWARDS),
        )

        assert came[0] == 1
        line.refresh_from_db()
        if came[1] is None:
            assert line.state == "corrected"
            assert Line.objects.filter(credits=line).count() == 1
        else:
            assert isinstance(came[1], MoveNotAllowed)
            assert line.state == "approved"
        assert tally(gp, bundle_id).reconciles

    def test_two_who_correct_take_back_once(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        all_approved(submission_id)
        line = Line.objects.filter(submission=submission_id).first()

        came = at_once(*(lambda: correct(actor=gp, line_id=line.id, now=AFTERWARDS),) * 3)

        assert sorted(type(one).__name__ for one in came) == [
            "MoveNotAllowed", "MoveNotAllowed", "NoneType",
        ]  # fmt: skip
        assert Line.objects.filter(credits=line).count() == 1


class TestAnswersThatDoNotMatch:
    def test_two_about_one_line_must_say_the_same(self, gp, bundle_id):
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.filter(submission=submission_id).first()

        with pytest.raises(AnswerDoesNotFit):
            answered(submission_id, LineAnswer(line.id, line.cents), LineAnswer(line.id, 0))
        assert answered(submission_id, *(LineAnswer(line.id, line.cents),) * 2) == 1

    def test_one_about_another_practices_line_does_not_fit(self, gp, bundle_id):
        other = a_colleague().actor
        an_enrolled_patient(other)
        theirs = submitted(other, a_bundle(other))
        line = Line.objects.get(submission=theirs)

        with pytest.raises(AnswerDoesNotFit):
            answered(submitted(gp, bundle_id), LineAnswer(line.id, line.cents))

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"[]", b"{}", b"\xff", b"null", b'"Bundle"',
            b'{"resourceType": "Bundle"}',
            b'{"resourceType": "Bundle", "entry": [{}]}',
            b'{"resourceType": "Bundle", "entry": [{"resource": []}]}',
            b'{"resourceType": "Bundle", "entry": 7}',
            b"[" * 100_000,
            b'{"resourceType": "Bundle", "entry": [' + b'{"a":' * 5_000 + b"1",
        ],
    )  # fmt: skip
    def test_what_is_built_wrongly_cannot_be_read(self, content):
        with pytest.raises(AnswerUnreadable):
            answers_in(content)

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("request", {"identifier": {"value": 7}}),
            ("request", {"identifier": {"value": "x"}}),
            ("request", []),
            ("payment", {"amount": {"value": 1, "currency": "USD"}}),
            ("payment", {"amount": {"value": 0.001, "currency": "EUR"}}),
            ("payment", {"amount": {"value": "NaN", "currency": "EUR"}}),
            ("payment", {"amount": {"value": "Infinity", "currency": "EUR"}}),
            ("payment", {"amount": {"value": "1e99999999999", "currency": "EUR"}}),
            ("payment", {"amount": [1]}),
            ("error", [{"code": {"coding": []}}]),
            ("error", [7]),
            ("error", {"code": 1}),
        ],
    )
    def test_an_answer_that_is_built_wrongly_cannot_be_read(self, place, value):
        right = {
            "resourceType": "ClaimResponse",
            "request": {"identifier": {"value": str(uuid4())}},
            "payment": {"amount": {"value": 63.95, "currency": "EUR"}},
        }
        assert answers_in(json.dumps(_bundle(right)).encode())[0].approved_cents == 6_395

        with pytest.raises(AnswerUnreadable):
            answers_in(json.dumps(_bundle(right | {place: value})).encode())

    @pytest.mark.parametrize("reference", ["", "B\0", "B\n=1", "x" * 41, "\u202eB"])
    def test_a_reference_that_nobody_can_read_out_cannot_be_read(self, reference):
        told = {
            "resourceType": "PaymentReconciliation",
            "identifier": [{"value": str(uuid4())}],
            "paymentIdentifier": {"value": reference},
            "paymentDate": "2026-04-20",
            "paymentAmount": {"value": 0, "currency": "EUR"},
            "detail": [],
        }

        with pytest.raises(AnswerUnreadable):
            answers_in(json.dumps(told).encode())

    async def test_more_than_memory_is_kept_for_is_not_read(self, monkeypatch):
        sent = 0

        async def much():
            nonlocal sent
            while True:
                sent += 1
                yield b"x" * 1_000

        response = httpx.Response(200, content=much())
        with pytest.raises(reading.TooLong):
            await reading.body_of(response, bytes_max=10_000)
        assert sent <= 12


def _bundle(resource):
    return {"resourceType": "Bundle", "entry": [{"resource": resource}]}


class TestPaidOnce:
    @pytest.fixture
    def submission_id(self, gp, bundle_id):
        found = submitted(gp, bundle_id)
        all_approved(found)
        return found

    def test_a_line_twice_in_one_payment_does_not_fit(self, submission_id):
        line = Line.objects.filter(submission=submission_id).first()

        with pytest.raises(AnswerDoesNotFit):
            paid(submission_id, *(PaidRow(line.id, line.cents),) * 2)
        assert not Payment.objects.exists()

    def test_a_line_that_is_paid_is_not_paid_again(self, gp, bundle_id, submission_id):
        line = Line.objects.filter(submission=submission_id).first()
        paid(submission_id, PaidRow(line.id, line.cents))

        with pytest.raises(AnswerDoesNotFit):
            paid(submission_id, PaidRow(line.id, line.cents))
        assert tally(gp, bundle_id).paid_cents == line.cents

    def test_another_payment_under_the_same_number_is_not_swallowed(self, submission_id):
        one, other = Line.objects.filter(submission=submission_id)
        number = uuid4()
        paid(submission_id, PaidRow(one.id, one.cents), message_id=number)
        paid(submission_id, PaidRow(one.id, one.cents), message_id=number)

        with pytest.raises(AnswerDoesNotFit):
            paid(submission_id, PaidRow(other.id, other.cents), message_id=number)

    def test_nor_is_one_of_another_submission(self, gp, submission_id):
        line = Line.objects.filter(submission=submission_id).first()
        number = uuid4()
        paid(submission_id, PaidRow(line.id, line.cents), message_id=number)
        other = a_colleague().actor
        an_enrolled_patient(other)
        theirs = submitted(other, a_bundle(other))
        all_approved(theirs)

        with pytest.raises(AnswerDoesNotFit):
            paid(theirs, PaidRow(line.id, line.cents), message_id=number)


class TestTakenBack:
    def test_what_the_insurers_refuse_to_take_back_can_go_again(self, gp, bundle_id):
        all_approved(submitted(gp, bundle_id))
        line = Line.objects.filter(bundle_id=bundle_id).first()
        credit(actor=gp, line_id=line.id, now=AFTERWARDS)
        second = submitted(gp, bundle_id)
        taken_back = Line.objects.get(credits=line)
        answered(second, LineAnswer(taken_back.id, -6_000, "other"))

        correct(actor=gp, line_id=taken_back.id, now=AFTERWARDS)

        again = Line.objects.get(credits=line, state="in_bundle")
        assert (again.cents, again.version) == (-395, 3)
        all_approved(submitted(gp, bundle_id))
        assert tally(gp, bundle_id).approved_cents == 6_395
        assert tally(gp, bundle_id).reconciles

    def test_one_that_was_taken_back_whole_stands(self, gp, bundle_id):
        all_approved(submitted(gp, bundle_id))
        line = Line.objects.filter(bundle_id=bundle_id).first()
        credit(actor=gp, line_id=line.id, now=AFTERWARDS)
        all_approved(submitted(gp, bundle_id))
        taken_back = Line.objects.get(credits=line)

        for do in (correct, credit):
            with pytest.raises(CreditStands):
                do(actor=gp, line_id=taken_back.id, now=AFTERWARDS)

    def test_a_correction_whose_ground_was_gone_comes_back_with_it(self, gp):
        patient_id = an_enrolled_patient(gp)
        bundle_id = a_bundle(gp)
        submission_id = submitted(gp, bundle_id)
        line = Line.objects.get(submission=submission_id)
        answered(submission_id, LineAnswer(line.id, 0, "other"))
        enrolment = Enrolment.objects.get(patient_id=patient_id)
        leave(actor=gp, enrolment_id=enrolment.id, until_on=date(2025, 12, 1), now=AFTERWARDS)
        correct(actor=gp, line_id=line.id, now=AFTERWARDS)
        assert Line.objects.get(version=2).state == "withdrawn"

        take_back_in(actor=gp, bundle_id=bundle_id, enrolment_id=enrolment.id, now=AFTERWARDS)

        assert Line.objects.get(version=2).state == "in_bundle"
        assert tally(gp, bundle_id).ready_cents == 6_395


class TestTakenBackIn:
    def test_who_is_in_it_again_is_not_in_it_twice(self, gp):
        patient_id = an_enrolled_patient(gp)
        bundle_id = a_bundle(gp)
        first = Enrolment.objects.get(patient_id=patient_id)
        leave(actor=gp, enrolment_id=first.id, until_on=date(2026, 1, 10), now=AFTERWARDS)
        enrol(
            actor=gp, patient_id=patient_id, programme="dm2", from_on=date(2026, 2, 1),
            main=Main.HERE, now=AFTERWARDS,
        )  # fmt: skip

        with pytest.raises(EnrolledAlready):
            take_back_in(actor=gp, bundle_id=bundle_id, enrolment_id=first.id, now=AFTERWARDS)


class TestEdges:
    def test_a_message_bears_the_day_of_the_region(self, gp, bundle_id):
        just_after_midnight = datetime(2026, 4, 6, 22, 30, tzinfo=UTC)
        found = tally(gp, bundle_id)
        made = submit(
            actor=gp, bundle_id=bundle_id, lines_count=found.ready_count, cents=found.ready_cents,
            now=just_after_midnight,
        )  # fmt: skip

        assert outgoing_of(made).made_on == date(2026, 4, 7)

    def test_nobody_is_asked_about_for_ever_while_others_wait(self, gp):
        asked = [an_enrolled_patient(gp, covered=Status.UNKNOWN) for _ in range(3)]
        bundle_id = a_bundle(gp)
        Coverage.objects.filter(patient_id__in=asked[:2]).update(asked_at=AFTERWARDS)

        found = held_patients(bundle_id, Held.COVERAGE_UNKNOWN, limit=1)
        assert found == (asked[2],)
