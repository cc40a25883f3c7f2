"""A practice's coverage asked anew: whom it is time to ask, twenty at a time, and never twice."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from standvast.care.insurance.models import Check, Message, Night
from standvast.care.insurance.operations import nightly as operations
from standvast.care.insurance.operations.answering import take_answers
from standvast.care.insurance.operations.asking import (
    LANE,
    CoverageNotSetUp,
    check_now,
    on_patient_corrected,
)
from standvast.care.insurance.operations.nightly import (
    NightUnderWay,
    begin_night,
    begin_nights,
    forget_nights,
    go_on,
    step,
)
from standvast.care.insurance.queries.coverage import coverage_view, questions_of
from standvast.care.insurance.queries.nights import nights_of
from standvast.care.insurance.rules import nightly
from standvast.care.insurance.rules.coverage import Answer, Policy
from standvast.core.delivery.api import State, receipt_of
from standvast.events.patients import PatientCorrected
from standvast.kit.actor import Actor, house_actor
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.api import System
from standvast.registry.patients.seeds import bsns
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # two o'clock in Utrecht
INSURED = Answer("Gevonden", "ActieveVerzekeringen", (Policy("9991", "A1", "Basis", "Actief"),))


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"


@pytest.fixture
def gp():
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


def patients_of(who, count):
    return [
        a_patient(who, NOW, numbers={System.BSN: bsn}).patient_id for bsn in islice(bsns(), count)
    ]


def answer_all(now=NOW):
    checks = Check.objects.filter(answered_at__isnull=True).values_list("id", flat=True)
    with transaction.atomic():
        take_answers(answers=dict.fromkeys(checks, INSURED), now=now)


def deliveries():
    with connection.cursor() as cursor:
        cursor.execute("SELECT urgency FROM delivery_delivery WHERE lane = %s", [LANE])
        return [row[0] for row in cursor.fetchall()]


def set_state(key, state):
    """Let a delivery be offered, as a courier's lease does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET state = %s, lease_token = gen_random_uuid(),"
            " lease_expires_at = now() WHERE key = %s",
            [state, key],
        )


class TestRules:
    @pytest.mark.parametrize(
        ("local", "is_night"),
        [("00:59", False), ("01:00", True), ("05:59", True), ("06:00", False)],
    )
    def test_the_night_has_its_hours(self, local, is_night):
        assert nightly.is_night(time.fromisoformat(local)) is is_night

    @pytest.mark.parametrize("count", [0, 1, 20, 21, 400])
    def test_every_question_goes_once_in_messages_of_one_to_twenty(self, count):
        messages = nightly.in_messages(range(count))

        assert [one for message in messages for one in message] == list(range(count))
        assert all(1 <= len(message) <= 20 for message in messages)

    def test_one_that_somebody_asked_for_goes_on_by_day_and_not_for_ever(self):
        def is_over(hours, *, is_by_hand):
            now = NOW + timedelta(hours=hours)
            return nightly.is_over(
                begun_at=NOW, now=now, local=time(2 + hours), is_by_hand=is_by_hand
            )

        assert not is_over(3, is_by_hand=False)
        assert is_over(4, is_by_hand=False)
        assert not is_over(11, is_by_hand=True)
        assert is_over(12, is_by_hand=True)


class TestGoingOn:
    def test_asks_about_everybody_in_messages_of_twenty_behind_all_others(self, gp):
        patients_of(gp, 45)
        begin_night(actor=gp, now=NOW)

        go_on(NOW)

        assert sorted(one.count for one in Message.objects.all()) == [5, 20, 20]
        assert deliveries() == [2, 2, 2]
        (night,) = nights_of(gp.organisation_id)
        assert (night.patients_count, night.looked_at_count, night.asked_count) == (45, 45, 45)
        assert (night.answered_count, night.ended) == (0, nightly.Ended.DONE)
        assert night.is_under_way

    def test_shows_its_answers_as_they_come(self, gp):
        patients_of(gp, 3)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)
        answer_all()

        (night,) = nights_of(gp.organisation_id)
        assert (night.answered_count, night.is_under_way) == (3, False)

    def test_asks_nobody_whose_answer_is_young_or_on_its_way(self, gp, settings):
        old, young, asked, never = patients_of(gp, 4)
        for patient, at in ((old, NOW - timedelta(days=31)), (young, NOW - timedelta(days=29))):
            check_now(actor=gp, patient_id=patient, now=at)
            answer_all(at)
        check_now(actor=gp, patient_id=asked, now=NOW)
        before = Check.objects.count()

        begin_night(actor=gp, now=NOW)
        go_on(NOW)

        assert Check.objects.count() == before + 2
        together = Check.objects.filter(message__isnull=False)
        assert set(together.values_list("patient_id", flat=True)) == {old, never}

    def test_says_of_whom_too_little_is_known_and_asks_the_others(self, gp):
        nobody = a_patient(gp, NOW).patient_id
        patients_of(gp, 1)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)

        assert coverage_view(gp.organisation_id, nobody).code == "cannot_ask"
        assert Check.objects.count() == 1

    def test_goes_on_where_another_process_stopped(self, gp, monkeypatch):
        monkeypatch.setattr(nightly, "STEP_PATIENTS", 10)
        patients_of(gp, 25)
        night_id = begin_night(actor=gp, now=NOW)
        assert step(night_id=night_id, now=NOW) == 1

        def dies(*_args, **_more):
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr(operations, "enqueue_many", dies)
            with pytest.raises(ConnectionError):
                step(night_id=night_id, now=NOW)
        assert Night.objects.get().looked_at_count == 10
        go_on(NOW)

        asked = list(Check.objects.values_list("patient_id", flat=True))
        assert len(asked) == len(set(asked)) == 25

    def test_adds_no_more_than_the_lane_has_room_for(self, gp, monkeypatch):
        monkeypatch.setattr(nightly, "STEP_PATIENTS", 20)
        monkeypatch.setattr(nightly, "AHEAD_MAX", 2)
        patients_of(gp, 70)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)

        assert Message.objects.count() == 2
        assert Night.objects.get().ended_at is None

    def test_takes_turns_between_practices(self, gp, monkeypatch):
        monkeypatch.setattr(nightly, "STEP_PATIENTS", 5)
        monkeypatch.setattr(operations, "STEPS_MAX", 2)
        other = Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")
        for who in (gp, other):
            for number in (0, 1, 2, 3, 4):
                a_patient(who, NOW, numbers={System.BSN: BSNS[number]})
            begin_night(actor=who, now=NOW)
        go_on(NOW + timedelta(seconds=2))

        assert set(Night.objects.values_list("asked_count", flat=True)) == {5}

    def test_ends_when_the_night_does(self, gp):
        patients_of(gp, 1)
        begin_night(actor=house_actor(gp.organisation_id), now=NOW)
        go_on(NOW + timedelta(hours=4))

        assert (Night.objects.get().ended, Check.objects.count()) == ("time", 0)


class TestBeginning:
    def test_the_night_begins_once_for_each_practice(self, gp):
        an_organisation()
        for _ in range(2):
            begin_nights(NOW)

        begun = list(Night.objects.values_list("organisation_id", flat=True))
        assert len(begun) == len(set(begun)) == 2

    def test_some_practices_at_a_time(self, monkeypatch):
        monkeypatch.setattr(nightly, "BEGUN_AT_ONCE_MAX", 1)
        for _ in range(2):
            an_organisation()
        begin_nights(NOW)
        assert Night.objects.count() == 1
        begin_nights(NOW)

        assert Night.objects.count() == 2

    def test_not_by_day_and_not_where_nobody_is_asked(self, gp, settings):
        begin_nights(NOW + timedelta(hours=8))
        settings.COVERAGE_URL = ""
        begin_nights(NOW)

        assert not Night.objects.exists()
        with pytest.raises(CoverageNotSetUp):
            begin_night(actor=gp, now=NOW)

    def test_one_at_a_time(self, gp):
        begin_night(actor=gp, now=NOW)

        with pytest.raises(NightUnderWay):
            begin_night(actor=gp, now=NOW)

    def test_long_past_ones_are_forgotten_and_their_answers_kept(self, gp):
        patients_of(gp, 1)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)
        answer_all()
        forget_nights(NOW + timedelta(days=91))

        assert (Night.objects.count(), Message.objects.count()) == (0, 0)
        assert Check.objects.get().answered_at == NOW


class TestAskingAgain:
    def corrected(self, gp, patient_id):
        with transaction.atomic():
            on_patient_corrected(PatientCorrected(patient_id, gp.organisation_id, 2, NOW), now=NOW)

    def test_what_is_corrected_while_it_is_being_answered(self, gp):
        (patient_id,) = patients_of(gp, 1)
        check_now(actor=gp, patient_id=patient_id, now=NOW)
        first = Check.objects.get()
        set_state(str(first.id), "leased")

        self.corrected(gp, patient_id)
        with transaction.atomic():
            take_answers(answers={first.id: Answer("BsnOnbekend")}, now=NOW)

        found = coverage_view(gp.organisation_id, patient_id)
        assert found.is_under_way
        assert found.check_id != first.id
        assert found.answered_at is None
        first.refresh_from_db()
        assert first.found == "BsnOnbekend"  # kept as evidence of what was asked

    def test_not_what_is_corrected_before_its_turn(self, gp):
        (patient_id,) = patients_of(gp, 1)
        check_now(actor=gp, patient_id=patient_id, now=NOW)

        self.corrected(gp, patient_id)

        assert Check.objects.count() == 1

    def test_what_is_corrected_while_its_message_is_being_answered(self, gp):
        patient_id, _ = patients_of(gp, 2)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)
        set_state(str(Message.objects.get().id), "leased")

        self.corrected(gp, patient_id)

        assert Check.objects.filter(patient_id=patient_id).count() == 2

    def test_what_somebody_waits_for_goes_before_the_rest_of_the_practice(self, gp):
        patient_id, _ = patients_of(gp, 2)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)
        check_now(actor=gp, patient_id=patient_id, now=NOW)

        (alone,) = Check.objects.filter(message__isnull=True)
        assert coverage_view(gp.organisation_id, patient_id).check_id == alone.id
        assert receipt_of(LANE, str(alone.id)).state is State.WAITING
        check_now(actor=gp, patient_id=patient_id, now=NOW)
        assert Check.objects.count() == 3

    def test_a_message_asks_what_is_still_to_be_answered(self, gp):
        patients_of(gp, 2)
        begin_night(actor=gp, now=NOW)
        go_on(NOW)
        one, other = Check.objects.order_by("id")
        with transaction.atomic():
            take_answers(answers={one.id: INSURED}, now=NOW)

        assert [each.check_id for each in questions_of([one.id, other.id])] == [other.id]


class TestPages:
    def test_a_colleague_begins_it_and_sees_how_far_it_is(self):
        gp = a_colleague(Role.GP)
        patients_of(gp.actor, 2)
        client = signed_in_client(gp)
        assert "Nu vragen" in client.get(reverse("insurance:nights")).text

        answer = client.post(reverse("insurance:nights_begin"))
        assert answer["Location"] == reverse("insurance:nights")
        shown = client.get(reverse("insurance:nights")).text
        assert "hx-get" in shown
        assert "Nu vragen" not in shown

        go_on(datetime.now(UTC))
        answer_all(datetime.now(UTC))
        assert "hx-get" not in client.get(reverse("insurance:nights_now")).text

    def test_a_second_time_is_refused(self):
        client = signed_in_client(a_colleague(Role.GP))
        client.post(reverse("insurance:nights_begin"))

        assert client.post(reverse("insurance:nights_begin")).status_code == 409

    def test_another_practice_sees_nothing_of_it(self):
        gp = a_colleague(Role.GP)
        begin_night(actor=gp.actor, now=NOW)

        assert (
            "hx-get"
            not in signed_in_client(a_colleague(Role.GP)).get(reverse("insurance:nights")).text
        )
