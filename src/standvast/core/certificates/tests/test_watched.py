"""What the watch sees of certificates, and what keeps a process from taking traffic."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from standvast.core.certificates import contexts
from standvast.core.certificates.declared import COMPONENT, PURPOSES
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.operations.handing import hand_in
from standvast.core.certificates.operations.looking import look
from standvast.core.certificates.operations.switching import switch
from standvast.core.certificates.probes import certificate_probes, looked_at_probe
from standvast.core.certificates.readiness import check_certificates
from standvast.core.certificates.testing import a_peer, a_purpose
from standvast.core.health.api import Probe, ProbeContext, Verdict
from standvast.kit.actor import house_actor
from standvast.kit.ids import uuid7
from standvast.kit.wiring import rewired

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = house_actor(uuid7())
NAME = "coverage"


@pytest.fixture(scope="module")
def peer(authority):
    with a_peer(authority) as peer:
        yield peer


@pytest.fixture
def purpose(authority, peer):
    contexts._kept.clear()
    purpose = a_purpose(authority, peer=peer, must_be_there=True, target="coverage>insurers")
    with rewired(PURPOSES.filled(purpose)):
        yield purpose


def now() -> datetime:
    return datetime.now(UTC)


def in_use(made) -> None:
    keywords = {"actor": ACTOR, "purpose": NAME, "now": now()}
    found = hand_in(chain_pem=made.chain_pem, key_pem=made.key_pem, **keywords)
    look(certificate_id=found, **keywords)
    switch(certificate_id=found, **keywords)


def seen(probe: Probe, at: datetime | None = None):
    return asyncio.run(probe.run(ProbeContext(now=at or now(), deadline_s=5)))


def refused_by_peer() -> None:
    Certificate.objects.update(checks=[{"code": "peer.refused", "values": {"alert": "unknown ca"}}])


class TestProbes:
    def test_is_about_what_the_purpose_names_and_the_days_about_certificates(self, purpose):
        whole, *days = certificate_probes(purpose)

        assert (whole.target, whole.variant) == ("coverage>insurers", "")
        assert {probe.target for probe in days} == {COMPONENT}
        assert len({probe.variant for probe in days}) == 4

    def test_a_missing_one_is_red(self, purpose):
        found = seen(certificate_probes(purpose)[0])

        assert (found.verdict, found.code) == (Verdict.RED, "certificates.missing")

    def test_nothing_is_missing_where_nobody_is_asked(self, authority):
        assert seen(certificate_probes(a_purpose(authority))[0]).verdict is Verdict.GREEN

    def test_a_right_one_is_green_and_tells_how_long_it_lasts(self, purpose, authority):
        in_use(authority.issue(days=400))

        found = seen(certificate_probes(purpose)[0])

        assert found.verdict is Verdict.GREEN
        assert found.value == pytest.approx(400 * 86_400, abs=3_600)

    def test_is_red_once_the_peer_refused_it(self, purpose, authority):
        in_use(authority.issue())
        refused_by_peer()

        found = seen(certificate_probes(purpose)[0])

        assert (found.verdict, found.code) == (Verdict.RED, "certificates.peer.refused")
        assert found.values == {"alert": "unknown ca"}

    def test_does_not_guess_while_the_peer_is_away(self, purpose, authority):
        in_use(authority.issue())
        Certificate.objects.update(checks=[{"code": "peer.away", "values": {}}])

        assert seen(certificate_probes(purpose)[0]).verdict is Verdict.UNKNOWN

    def test_its_last_day_shows_without_another_look(self, purpose, authority):
        in_use(authority.issue(days=20))

        found = seen(certificate_probes(purpose)[0], now() + timedelta(days=21))

        assert (found.verdict, found.code) == (Verdict.RED, "certificates.valid.over")

    @pytest.mark.parametrize(
        ("days", "red"), [(61, []), (59, [60]), (29, [30, 60]), (6, [7, 14, 30, 60])]
    )
    def test_each_level_of_days_has_its_own_finding(self, purpose, authority, days, red):
        in_use(authority.issue(days=days + 0.5))

        found = [
            int(probe.name.rpartition(".")[2])
            for probe in certificate_probes(purpose)[1:]
            if seen(probe).verdict is Verdict.RED
        ]

        assert found == red

    def test_a_sweep_that_does_not_look_is_found(self, purpose, authority):
        in_use(authority.issue())

        assert seen(looked_at_probe()).verdict is Verdict.GREEN
        late = now() + timedelta(hours=3, minutes=1)
        assert seen(looked_at_probe(), late).code == "certificates.not_looked_at"


class TestReadiness:
    def test_names_what_is_missing(self, purpose):
        (reason,) = check_certificates(now())

        assert (reason.what, reason.template) == (NAME, "No certificate is in use.")

    def test_a_right_one_is_enough(self, purpose, authority):
        in_use(authority.issue())

        assert check_certificates(now()) == ()

    def test_a_peer_that_is_away_keeps_nobody_from_starting(self, purpose, authority):
        in_use(authority.issue())
        Certificate.objects.update(checks=[{"code": "peer.away", "values": {}}])

        assert check_certificates(now()) == ()

    def test_a_refusal_does(self, purpose, authority):
        in_use(authority.issue())
        refused_by_peer()

        (reason,) = check_certificates(now())
        assert reason.template.format(**reason.values) == "The other side refused it: unknown ca."

    def test_a_test_certificate_in_production_does(self, purpose, authority, elsewhere, settings):
        in_use(authority.issue())
        settings.ENVIRONMENT = "production"
        strict = a_purpose(authority, must_be_there=True, elsewhere={"production": elsewhere})
        with rewired(PURPOSES.filled(strict)):
            (reason,) = check_certificates(now())

        assert "TEST issuer" in reason.template

    def test_asks_nothing_of_what_may_be_missing(self, authority):
        with rewired(PURPOSES.filled(a_purpose(authority))):
            assert check_certificates(now()) == ()
