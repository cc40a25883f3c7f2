"""The supplier's word: a warning beside the mail, whatever the supplier does."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from standvast.core.delivery.api import Accepted, RefusedByPeer, State, TryLater
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.testing import lease_for
from standvast.core.health import api as health
from standvast.core.journal.models import JournalEntry
from standvast.registry.people import doubts
from standvast.registry.people.destinations.addresses import (
    ADDRESSES_LANE,
    AddressesDestination,
)
from standvast.registry.people.doubts import DoubtView, doubts_about
from standvast.registry.people.models import AddressDoubt, Person
from standvast.registry.people.rules import NotAsAgreed, Said, Word, is_too_late, said_in
from standvast.registry.people.testing import a_person
from standvast.registry.people.tests.mailbox import mails_waiting

pytestmark = pytest.mark.django_db(transaction=True)

REACHED = {"deliverable": True, "reason": ""}
DOUBTED = {"deliverable": False, "reason": "no_mailbox"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestSaidIn:
    def test_reads_what_was_agreed(self):
        assert said_in(REACHED) == Said(Word.REACHED)
        assert said_in(DOUBTED) == Said(Word.DOUBTED, "no_mailbox")

    @pytest.mark.parametrize(
        "answer",
        [None, [], {}, {"status": "valid"}, {"deliverable": "yes"}, {"deliverable": 1}, "true"],
    )
    def test_guesses_at_nothing_else(self, answer):
        with pytest.raises(NotAsAgreed):
            said_in(answer)

    @pytest.mark.parametrize("reason", [None, 7, "Jan is out", "x" * 41, "<b>"])
    def test_shows_no_words_of_the_supplier(self, reason):
        assert said_in({"deliverable": False, "reason": reason}) == Said(Word.DOUBTED, "")

    def test_helps_nobody_once_the_link_has_ended(self):
        assert not is_too_late(asked_at=NOW, now=NOW + timedelta(minutes=30))
        assert is_too_late(asked_at=NOW, now=NOW + timedelta(minutes=30, seconds=1))


def ask(name):
    return Client().post(reverse("account_reset_password"), {"email": name})


def questions():
    return list(Delivery.objects.filter(lane=ADDRESSES_LANE.name))


class TestAskSupplier:
    def test_is_asked_beside_the_mail_and_once_a_day(self):
        a_person(username="jan", email="jan@praktijk.example")

        ask("jan")
        ask("jan@praktijk.example")

        assert len(mails_waiting("reset:")) == 2
        [question] = questions()
        assert "jan" not in question.key + question.subject

    def test_is_not_asked_about_a_name_that_nobody_has(self):
        ask("niemand@praktijk.example")

        assert questions() == []

    def test_nobody_is_asked_where_there_is_no_supplier(self, settings):
        settings.ADDRESS_CHECK_URL = ""
        a_person(username="jan")

        ask("jan")

        assert (len(mails_waiting("reset:")), questions()) == (1, [])

    @pytest.mark.parametrize("fault", [doubts.LaneFull, doubts.KeyClash])
    def test_a_full_lane_is_not_the_persons_trouble(self, monkeypatch, fault):
        def full(**_):
            raise fault("full", retry_after_s=30) if fault is doubts.LaneFull else fault("clash")

        monkeypatch.setattr(doubts, "enqueue", full)
        a_person(username="jan")

        assert ask("jan").status_code == 302
        assert len(mails_waiting("reset:")) == 1


async def in_thread(do, *given):
    return await health.in_thread(lambda: do(*given), name="test")


def _leased(person_id, address="jan@praktijk.example"):
    """Return the lease of a question, as a courier holds it."""
    person = Person.objects.get(id=person_id)
    ask(person.username)
    [row] = questions()
    payload = {"person_id": str(person_id), "address": address, "is_login": False}
    held = lease_for(payload, key=row.key, lane=row.lane)
    LaneFlow.objects.get_or_create(lane=row.lane, defaults={"depth_max": 1_000})
    row.state, row.lease_token, row.attempts_count = State.LEASED.value, held.token, 1
    row.lease_expires_at = datetime.now(UTC) + timedelta(seconds=60)
    row.save()
    return replace(held, delivery_id=row.id, subject=row.subject, owed_at=row.owed_at)


def destination(answer, status=200, **headers):
    def said(request):
        if isinstance(answer, Exception):
            raise answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return httpx.Response(status, content=body, headers=headers)

    return AddressesDestination(httpx.MockTransport(said))


@pytest.fixture
def settled(settings):
    settings.ADDRESS_CHECK_URL = "http://supplier.example/check"


@pytest.mark.usefixtures("settled")
class TestAttempt:
    async def attempted(self, told, *, person=None, late=timedelta(), address=None):
        person = person or await in_thread(lambda: a_person(email="jan@praktijk.example"))
        lease = await in_thread(_leased, person.id, address or person.email)
        lease = replace(lease, owed_at=lease.owed_at - late)
        outcome = await told.attempt(lease)
        return outcome, await in_thread(lambda: doubts_about([person.id]).get(person.id))

    async def test_keeps_a_doubt_and_settles_with_it(self):
        outcome, doubt = await self.attempted(destination(DOUBTED))

        assert outcome == Accepted(is_settled=True)
        assert isinstance(doubt, DoubtView)
        assert doubt.reason == "no_mailbox"
        [row] = await in_thread(questions)
        assert row.state == State.ACCEPTED.value

    async def test_a_later_better_word_ends_the_doubt(self):
        person = await in_thread(lambda: a_person(email="jan@praktijk.example"))
        await in_thread(
            lambda: AddressDoubt.objects.create(person=person, email=person.email, doubted_at=NOW)
        )

        assert (await self.attempted(destination(REACHED), person=person))[1] is None

    async def test_an_answer_about_an_address_that_is_gone_is_void(self):
        outcome, doubt = await self.attempted(destination(DOUBTED), address="oud@x.example")

        assert (outcome, doubt) == (Accepted(is_settled=True), None)

    async def test_a_doubt_is_void_once_the_address_changes(self):
        person = await in_thread(lambda: a_person(email="jan@praktijk.example"))
        await self.attempted(destination(DOUBTED), person=person)
        await in_thread(lambda: Person.objects.update(email="nieuw@praktijk.example"))

        assert await in_thread(lambda: doubts_about([person.id])) == {}

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            (({"status": "valid"},), "people.check_not_as_agreed"),
            ((b"<html>",), "people.check_not_as_agreed"),
            ((b"x" * 20_000,), "people.check_too_long"),
            ((REACHED, 500), "people.check_http_500"),
            ((REACHED, 429), "people.check_http_429"),
            ((httpx.ConnectError("no"),), "people.check_unreachable"),
            ((httpx.ReadTimeout("no"),), "people.check_timed_out"),
        ],
    )
    async def test_anything_else_is_for_later_and_leaves_no_doubt(self, told, code):
        outcome, doubt = await self.attempted(destination(*told))

        assert isinstance(outcome, TryLater)
        assert (outcome.reason_code, doubt) == (code, None)

    async def test_half_an_hour_later_nobody_is_asked(self):
        asked = destination(AssertionError("asked"))

        outcome, _ = await self.attempted(asked, late=timedelta(minutes=31))

        assert outcome == Accepted(receipt="too late to help anybody")

    async def test_what_is_no_question_is_for_a_person(self):
        outcome = await destination(REACHED).attempt(lease_for({"x": 1}))

        assert outcome == RefusedByPeer("people.not_a_question")


class TestJournal:
    def test_tells_when_a_doubt_begins_and_ends_not_each_time(self):
        person = a_person(email="jan@praktijk.example")
        doubted, reached = Said(Word.DOUBTED), Said(Word.REACHED)
        for said in (reached, doubted, doubted, reached, reached):
            with transaction.atomic():
                doubts.take_answer(person_id=person.id, address=person.email, said=said, now=NOW)

        told = JournalEntry.objects.filter(record_id=str(person.id)).order_by("position")
        assert [row.event for row in told] == ["people.address_doubted", "people.address_cleared"]


class TestAccountPage:
    def test_says_so_to_the_person(self, client):
        person = a_person(email="jan@praktijk.example", language="en")
        client.force_login(person)
        sentence = "It is doubtful whether mail reaches this address."
        assert sentence not in client.get("/accounts/").content.decode()

        AddressDoubt.objects.create(person=person, email=person.email, doubted_at=NOW)

        assert sentence in client.get("/accounts/").content.decode()
