"""Our questions at the simulated service, over mutual TLS: every answer, and every way it fails."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from standvast.care.insurance.destinations.coverage import COVERAGE_LANE, CoverageDestination
from standvast.care.insurance.models import Coverage
from standvast.care.insurance.operations.asking import check_now
from standvast.core.certificates.api import NoCertificate
from standvast.core.delivery.api import Accepted, RefusedByPeer, State, TryLater, receipt_of
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.testing import lease_for
from standvast.core.health import api as health
from standvast.outside.insurers.authority import Issuer
from standvast.outside.insurers.behaviour import Behaviour
from standvast.outside.insurers.people import Insurance, Person
from standvast.outside.insurers.tests.world import world
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
BSN = BSNS[0]
INSURED = Person(
    bsn=BSN,
    insurances=(Insurance(uzovi="9991", number="A1", from_on=date(2026, 1, 1)),),
)


@pytest.fixture
async def here(tmp_path, settings):
    async with world(tmp_path) as found:
        settings.COVERAGE_URL = found.url
        yield found


async def in_thread(do, *given):
    """Run something of Django's on a thread of its own, and leave no connection behind."""
    return await health.in_thread(lambda: do(*given), name="test")


@pytest.fixture
async def patient_id():
    return await in_thread(_asked)


def _asked():
    gp, now = a_colleague(Role.GP), datetime.now(UTC)
    found = a_patient(gp.actor, now, numbers={System.BSN: BSN}).patient_id
    check_now(actor=gp.actor, patient_id=found, now=now)
    return found


def shown(here, **certificate):
    context = here.context(here.issued(**certificate))
    return CoverageDestination(context=lambda _: context)


def _leased():
    """Return the lease of the question that waits, as a courier holds it."""
    row = Delivery.objects.get(lane=COVERAGE_LANE.name)
    held = lease_for({"check_ids": [row.key]}, key=row.key, lane=row.lane)
    LaneFlow.objects.get_or_create(lane=row.lane, defaults={"depth_max": 1_000})
    row.state, row.lease_token, row.attempts_count = State.LEASED.value, held.token, 1
    row.lease_expires_at = datetime.now(UTC) + timedelta(seconds=60)
    row.save()
    return replace(held, delivery_id=row.id, subject=row.subject)


async def attempted(destination):
    """Offer the question that waits."""
    return await destination.attempt(await in_thread(_leased))


async def check_of(patient_id):
    row = await in_thread(lambda: Coverage.objects.get(patient_id=patient_id))
    return row.check_under_way_id


async def status_of(patient_id):
    row = await in_thread(lambda: Coverage.objects.get(patient_id=patient_id))
    return row.status, row.insurer, row.check_under_way_id is not None


class TestAttempt:
    async def test_asks_and_commits_the_answer_with_its_settle(self, here, patient_id):
        here.server.people.put(INSURED)
        check = await check_of(patient_id)

        outcome = await attempted(shown(here))

        assert outcome == Accepted(is_settled=True)
        assert await status_of(patient_id) == ("insured", "9991", False)
        delivery = await in_thread(receipt_of, COVERAGE_LANE.name, str(check))
        assert delivery.state is State.ACCEPTED

    async def test_an_answer_whose_lease_is_lost_leaves_no_trace(self, here, patient_id):
        here.server.people.put(INSURED)
        lost = replace(await in_thread(_leased), token=uuid.uuid4())

        outcome = await shown(here).attempt(lost)

        assert outcome == TryLater("coverage.not_stored", peer_is_up=True)
        assert await status_of(patient_id) == ("unknown", "", True)

    async def test_what_was_answered_is_not_asked_again(self, here, patient_id):
        check = await check_of(patient_id)
        await attempted(shown(here))

        again = await shown(here).attempt(lease_for({"check_ids": [str(check)]}))

        assert again == Accepted(receipt="answered before")

    @pytest.mark.parametrize(
        ("behaviour", "code"),
        [
            (Behaviour(try_later_share=1.0, retry_after_s=7), "coverage.http_503"),
            (Behaviour(fault_share=1.0), "coverage.fault"),
            (Behaviour(revoked=("*",)), "coverage.not_authorised"),
            (Behaviour(lose_answer_share=1.0), "coverage.unreachable"),
            (Behaviour(refuse_connections=True), "coverage.unreachable"),
            (Behaviour(shows="expired"), "coverage.tls"),
            (Behaviour(shows="test"), "coverage.tls"),
            (Behaviour(shows="other_name"), "coverage.tls"),
        ],
        ids=lambda found: str(found)[:24],
    )
    async def test_comes_back_later_and_changes_nothing(self, here, patient_id, behaviour, code):
        await here.server.behave(behaviour)

        outcome = await attempted(shown(here))

        assert isinstance(outcome, TryLater)
        assert outcome.reason_code == code
        assert await status_of(patient_id) == ("unknown", "", True)

    @pytest.mark.parametrize(
        "certificate",
        [{"issuer": Issuer.TEST}, {"days": -1}, {"is_for_clients": False}],
        ids=["test issuer", "expired", "for servers"],
    )
    async def test_a_certificate_that_is_not_taken_is_no_refusal_of_the_question(
        self, here, patient_id, certificate
    ):
        outcome = await attempted(shown(here, **certificate))

        # In TLS 1.3 the refusal may be lost with the connection; the certificate's own look tells.
        assert outcome in (TryLater("coverage.tls"), TryLater("coverage.unreachable"))
        assert sum(here.refused.values()) == 1

    async def test_without_a_certificate_nothing_is_asked(self, here, patient_id):
        def none(_):
            raise NoCertificate("none")

        outcome = await attempted(CoverageDestination(context=none))

        assert outcome == TryLater("coverage.no_certificate")

    async def test_is_cut_off_within_its_deadline(self, here, patient_id):
        await here.server.behave(Behaviour(answer_delay_s=60.0))
        destination = shown(here)
        destination.timeout_s = 0.5
        began_at = datetime.now(UTC)

        outcome = await attempted(destination)

        assert outcome == TryLater("coverage.timed_out")
        assert datetime.now(UTC) - began_at < timedelta(seconds=5)

    async def test_a_new_certificate_counts_from_the_next_question(self, here, patient_id):
        contexts = [here.context(here.issued(issuer=Issuer.TEST)), here.context(here.issued())]
        destination = CoverageDestination(context=lambda _: contexts[0])
        assert isinstance(await attempted(destination), TryLater)

        del contexts[0]
        check = await check_of(patient_id)
        outcome = await destination.attempt(lease_for({"check_ids": [str(check)]}))

        assert outcome == TryLater("coverage.not_stored", peer_is_up=True)  # it was answered

    async def test_rubbish_on_the_lane_is_refused(self, here):
        for payload in ({"nonsense": 1}, {"check_ids": "x"}, {"check_ids": ["x"]}):
            outcome = await shown(here).attempt(lease_for(payload))
            assert outcome == RefusedByPeer("coverage.not_a_question")
