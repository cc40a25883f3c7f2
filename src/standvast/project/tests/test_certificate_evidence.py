"""The gate `certificate` shakes hands itself: what is wrong, missing or away is told."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from standvast.core.certificates.api import PURPOSES, Environment, Slot, hand_in, prove_all
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.testing import Authority, Made, a_peer, a_purpose, wrong_ones
from standvast.desk.incidents.testing import a_desk
from standvast.desk.releases.api import EVIDENCE, Plan, Result, check, plan_release, release_view
from standvast.kit.actor import house_actor
from standvast.kit.ids import uuid7
from standvast.kit.wiring import rewired, wired
from standvast.project.evidence.certificates import CERTIFICATES, certificates_shown
from standvast.project.installation import free_port

pytestmark = pytest.mark.django_db
ACTOR = house_actor(uuid7())
DIGEST = "a" * 64


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Voorbeeld CA G2", above=Authority("Voorbeeld wortel"))


@pytest.fixture(scope="module")
def elsewhere() -> Authority:
    return Authority("TEST CA")


@pytest.fixture(scope="module")
def peer(authority, elsewhere):
    with a_peer(authority, trusts=authority.above.pem + elsewhere.pem) as peer:
        yield peer


@contextmanager
def purposes(*these):
    with rewired(PURPOSES.filled(*these), EVIDENCE.filled(CERTIFICATES)), a_desk() as lead:
        yield lead


def put(made: Made, *, slot: Slot = Slot.CURRENT, purpose: str = "coverage") -> str:
    """Put a certificate into a slot whatever it is worth, as a hand at the database would."""
    now = datetime.now(UTC)
    id_ = hand_in(
        actor=ACTOR, purpose=purpose, chain_pem=made.chain_pem, key_pem=made.key_pem, now=now
    )
    Certificate.objects.filter(id=id_).update(slot=slot.value)
    return Certificate.objects.get(id=id_).fingerprint


def judged(lead):
    """Return what the gate says after a check, as a page or a pipeline gets it."""
    now = datetime.now(UTC)
    plan = Plan(version="5.85", digest=DIGEST, planned_at=now + timedelta(days=1))
    plan_release(plan=plan, actor=lead.actor, now=now)
    check(version="5.85", actor=lead.actor, now=now)
    gates = {one.gate: one for one in release_view("5.85", now).judgements}
    found = gates["certificate"]
    return found.result, found.template.format(**found.values), found.evidence


def test_the_gate_is_filled():
    assert [one.gate for one in wired(EVIDENCE) if one.gate == "certificate"] == ["certificate"]


class TestWhatIsRight:
    def test_opens_the_gate_and_names_its_fingerprint(self, authority, peer):
        with purposes(a_purpose(authority, peer=peer)) as lead:
            fingerprint = put(authority.issue())
            result, said, evidence = judged(lead)

        assert (result, said) == (Result.OK, "Shown of this digest.")
        assert evidence.environment == "test"
        assert evidence.figures["fingerprint"] == fingerprint
        assert evidence.figures["handshake"] is True
        assert evidence.figures["machine"]

    def test_a_fresh_handshake_is_kept_as_a_look(self, authority, peer):
        with purposes(a_purpose(authority, peer=peer)):
            put(authority.issue())
            now = datetime.now(UTC)
            certificates_shown(DIGEST, now)

        assert Certificate.objects.get().looked_at == now

    def test_an_installation_that_shows_nothing_to_anybody_says_nothing(self, authority):
        with purposes(a_purpose(authority, peer=None)):
            assert certificates_shown(DIGEST, datetime.now(UTC)) is None


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("key.differs", "The key does not fit the certificate."),
            ("issuer.stranger", "The chain of the certificate is not trusted."),
            ("use.not_client", "The certificate is not for client sign-in."),
            ("subject.other", "The certificate is of somebody else."),
            ("valid.not_yet", "The certificate is not valid yet."),
            ("strength.weak", "The certificate is too weak to be believed."),
            ("valid.over", "The certificate ends in 0 days; more than 30 are needed."),
        ],
    )
    def test_is_refused_with_its_sentence(self, authority, elsewhere, peer, kind, said):
        with purposes(a_purpose(authority, peer=peer)) as lead:
            put(wrong_ones(authority, elsewhere)[kind])
            found = judged(lead)

        assert found[:2] == (Result.FAILED, said)
        assert found[2].sentence.startswith("coverage, current: ")

    def test_a_certificate_of_the_test_issuer_names_that_issuer(
        self, authority, elsewhere, peer, settings
    ):
        settings.ENVIRONMENT = "production"
        both = {Environment.PRODUCTION: authority, Environment.TEST: elsewhere}
        with purposes(a_purpose(authority, peer=peer, elsewhere=both)) as lead:
            put(elsewhere.issue())
            result, said, evidence = judged(lead)

        assert result is Result.FAILED
        assert said == "The certificate is from a test issuer: TEST CA."
        assert evidence.environment == "production"

    def test_thirty_days_left_are_too_few(self, authority, peer):
        with purposes(a_purpose(authority, peer=peer)) as lead:
            put(authority.issue(days=30.5))
            result, said, _ = judged(lead)

        assert result is Result.FAILED
        assert said == "The certificate ends in 30 days; more than 30 are needed."

    def test_one_that_was_not_placed_is_named(self, authority, peer):
        with purposes(a_purpose(authority, peer=peer)) as lead:
            result, said, _ = judged(lead)

        assert (result, said) == (Result.FAILED, "No certificate is in use for coverage.")

    def test_a_peer_that_refuses_it(self, authority, elsewhere):
        with (
            a_peer(authority, trusts=elsewhere.pem) as peer,
            purposes(a_purpose(authority, peer=peer)) as lead,
        ):
            put(authority.issue())
            result, said, _ = judged(lead)

        assert (result, said) == (Result.FAILED, "The peer refused the handshake.")

    def test_the_next_one_counts_as_well(self, authority, elsewhere, peer):
        with purposes(a_purpose(authority, peer=peer)) as lead:
            put(authority.issue())
            put(wrong_ones(authority, elsewhere)["subject.other"], slot=Slot.NEXT)
            result, _, evidence = judged(lead)

        assert result is Result.FAILED
        assert evidence.sentence.startswith("coverage, next: ")
        assert len(evidence.figures["shown"]) == 2

    def test_the_worst_of_several_purposes_speaks(self, authority, elsewhere, peer):
        names = ("coverage", "forms")
        with purposes(*(a_purpose(authority, name=name, peer=peer) for name in names)) as lead:
            put(authority.issue())
            put(wrong_ones(authority, elsewhere)["key.differs"], purpose="forms")
            result, _, evidence = judged(lead)

        assert (result, evidence.figures["purpose"]) == (Result.FAILED, "forms")


class TestAPeerThatIsAway:
    def test_is_inconclusive_which_counts_as_refused(self, authority, peer):
        away = peer.__class__("localhost", free_port(), peer.authority)
        with purposes(a_purpose(authority, peer=away)) as lead:
            put(authority.issue())
            result, said, _ = judged(lead)

        assert result is Result.INCONCLUSIVE
        assert "The other side cannot be reached." in said

    def test_several_slow_peers_take_one_deadline_together(self, authority, peer):
        def slow(context, peer, deadline_s):
            import time

            time.sleep(3)
            return True

        names = [f"p{number}" for number in range(4)]
        wanted = [a_purpose(authority, name=name, peer=peer, harmless=slow) for name in names]
        with purposes(*wanted):
            for name in names:
                put(authority.issue(), purpose=name)
            started = datetime.now(UTC)
            proofs = prove_all(started, deadline_s=1.5)
            took_s = (datetime.now(UTC) - started).total_seconds()

        assert took_s < 2.5
        assert {proof.checks[-1].code for proof in proofs} == {"peer.late"}
