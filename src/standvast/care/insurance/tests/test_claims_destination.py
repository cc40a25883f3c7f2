"""Our claims at the simulated message service: there, back, paid, and every fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError

from standvast.care.insurance.destinations import claims
from standvast.care.insurance.destinations.claims import (
    ANSWERS_LANE,
    CLAIMS_LANE,
    AnswersDestination,
    ClaimsDestination,
)
from standvast.care.insurance.destinations.messages import MessageService
from standvast.care.insurance.models import Line
from standvast.care.insurance.operations.submitting import submission_key, submit
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.rules.claims import BundleState
from standvast.care.insurance.testing import AFTERWARDS, a_bundle, an_enrolled_patient
from standvast.core.certificates.api import NoCertificate
from standvast.core.delivery.api import Accepted, RefusedByPeer, State, TryLater, receipt_of
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.testing import lease_for
from standvast.core.health import api as health
from standvast.outside.insurers.authority import Issuer
from standvast.outside.insurers.behaviour import Behaviour
from standvast.outside.insurers.messages import PATH
from standvast.outside.insurers.people import Person
from standvast.outside.insurers.tests.world import world
from standvast.registry.access.testing import a_colleague
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
AT_ONCE = Behaviour(claims_after_s=0.0, claims_reject_share=0.0)


@pytest.fixture
async def here(tmp_path, settings):
    async with world(tmp_path) as found:
        settings.CLAIMS_URL = f"https://127.0.0.1:{found.port}{PATH}"
        await found.server.behave(AT_ONCE)
        found.server.people.put(Person(bsn=BSNS[1], found="BsnOnbekend"))
        yield found


async def in_thread(do, *given):
    """Run something of Django's on a thread of its own, and leave no connection behind."""
    return await health.in_thread(lambda: do(*given), name="test")


@pytest.fixture
async def sent():
    """A submission of one insured patient and of one whom the insurers do not know."""
    return await in_thread(_submitted)


def _submitted():
    gp = a_colleague().actor
    for bsn in (BSNS[0], BSNS[1]):
        an_enrolled_patient(gp, numbers={System.BSN: bsn})
    bundle_id = a_bundle(gp)
    tally = bundle_row(gp.organisation_id, bundle_id).tally
    submission_id = submit(
        actor=gp, bundle_id=bundle_id, lines_count=tally.ready_count, cents=tally.ready_cents,
        now=AFTERWARDS,
    )  # fmt: skip
    return gp, bundle_id, submission_id


def service(here, **certificate):
    context = here.context(here.issued(**certificate))
    return MessageService(context=lambda _: context)


def _leased(lane):
    """Return the lease of the one delivery of a lane, as a courier holds it."""
    row = Delivery.objects.get(lane=lane.name)
    submission_id = Line.objects.filter(submission__isnull=False).first().submission_id
    held = lease_for({"submission_id": str(submission_id)}, key=row.key, lane=row.lane)
    LaneFlow.objects.get_or_create(lane=row.lane, defaults={"depth_max": 1_000})
    row.state, row.lease_token, row.attempts_count = State.LEASED.value, held.token, 1
    row.lease_expires_at = datetime.now(UTC) + timedelta(seconds=60)
    row.save()
    return replace(held, delivery_id=row.id, subject=row.subject)


async def pushed(here, **certificate):
    lease = await in_thread(_leased, CLAIMS_LANE)
    return await ClaimsDestination(service(here, **certificate)).attempt(lease)


async def fetched(here, **certificate):
    lease = await in_thread(_leased, ANSWERS_LANE)
    return await AnswersDestination(service(here, **certificate)).attempt(lease)


async def row_of(sent):
    gp, bundle_id, _ = sent
    return await in_thread(bundle_row, gp.organisation_id, bundle_id)


class TestThereAndBack:
    async def test_from_list_to_paid(self, here, sent):
        assert await pushed(here) == Accepted(is_settled=True)
        assert await fetched(here) == Accepted(receipt="answered and paid")

        found = await row_of(sent)
        assert found.state is BundleState.PAID
        assert found.tally.approved_cents == found.tally.paid_cents == 6_395
        refused = await in_thread(lambda: Line.objects.get(state="rejected"))
        assert refused.reason == "not_insured_here"

    async def test_answers_come_in_parts(self, here, sent):
        await here.server.behave(replace_of(claims_after_s=600.0))
        await pushed(here)
        assert await fetched(here) == TryLater("claims.awaited", peer_is_up=True)
        assert (await row_of(sent)).state is BundleState.SUBMITTED

        for conversation in here.server.messages.conversations():
            conversation.at -= timedelta(seconds=900)
        assert await fetched(here) == TryLater("claims.awaited", peer_is_up=True)
        assert (await row_of(sent)).state is BundleState.PARTLY_ANSWERED

    async def test_a_repeat_changes_nothing(self, here, sent):
        await here.server.behave(replace_of(lose_answer_share=1.0))
        assert isinstance(await pushed(here), TryLater)
        await here.server.behave(AT_ONCE)
        assert await pushed(here) == Accepted(is_settled=True)
        assert here.server.store.said["claim_messages"] == 1

        for _ in range(2):
            assert isinstance(await fetched(here), Accepted)
        assert (await row_of(sent)).tally.paid_cents == 6_395

    async def test_what_could_not_be_stored_waits_there(self, here, sent, monkeypatch):
        def broken(**_):
            raise OperationalError("disk full")

        await pushed(here)
        with monkeypatch.context() as broke:
            broke.setattr(claims, "take_claim_answers", broken)
            assert await fetched(here) == TryLater("claims.not_stored", peer_is_up=True)

        assert isinstance(await fetched(here), Accepted)
        assert (await row_of(sent)).state is BundleState.PAID

    async def test_another_certificate_sees_nothing(self, here, sent):
        await pushed(here)

        outcome = await fetched(here, organisation="Another practice")

        assert outcome == TryLater("claims.awaited", peer_is_up=True)

    async def test_the_first_question_is_committed_with_the_settle(self, here, sent):
        await pushed(here)

        _, bundle_id, submission_id = sent
        delivery = await in_thread(receipt_of, CLAIMS_LANE.name, submission_key(bundle_id, 1))
        assert delivery.state is State.ACCEPTED
        assert await in_thread(receipt_of, ANSWERS_LANE.name, str(submission_id)) is not None


def replace_of(**changed):
    return Behaviour(**{"claims_after_s": 0.0, "claims_reject_share": 0.0, **changed})


class TestFaults:
    @pytest.mark.parametrize(
        ("behaviour", "outcome"),
        [
            ({"try_later_share": 1.0, "retry_after_s": 7},
             TryLater("claims.http_503", retry_after_s=7.0, peer_is_up=True)),
            ({"fault_share": 1.0}, TryLater("claims.http_500")),
            ({"revoked": ("*",)}, TryLater("claims.http_403")),
            ({"refuse_connections": True}, TryLater("claims.unreachable")),
            ({"shows": "other_name"}, TryLater("claims.tls")),
        ],
    )  # fmt: skip
    async def test_waits_for_an_insurer_who_cannot_now(self, here, sent, behaviour, outcome):
        await here.server.behave(replace_of(**behaviour))

        assert await pushed(here) == outcome
        assert (await row_of(sent)).state is BundleState.SUBMITTED

    async def test_waits_for_a_certificate_that_is_taken(self, here, sent):
        assert isinstance(await pushed(here, issuer=Issuer.TEST), TryLater)

    async def test_waits_for_any_certificate(self, here, sent):
        def none(_purpose):
            raise NoCertificate

        lease = await in_thread(_leased, CLAIMS_LANE)
        outcome = await ClaimsDestination(MessageService(context=none)).attempt(lease)
        assert outcome == TryLater("claims.no_certificate")

    async def test_refuses_what_is_no_submission(self, here):
        for destination in (ClaimsDestination, AnswersDestination):
            outcome = await destination(service(here)).attempt(lease_for({"nonsense": 1}))
            assert outcome == RefusedByPeer("claims.not_a_submission")

    async def test_a_lost_lease_leaves_no_trace(self, here, sent):
        lease = replace(await in_thread(_leased, CLAIMS_LANE), token=uuid4())

        outcome = await ClaimsDestination(service(here)).attempt(lease)

        assert outcome == TryLater("claims.not_stored", peer_is_up=True)
        assert await in_thread(receipt_of, ANSWERS_LANE.name, str(sent[2])) is None
