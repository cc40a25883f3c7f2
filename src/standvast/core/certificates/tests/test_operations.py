"""Handing in, looking, switching, rolling back: never to what is not proven, and in one act."""

import ssl
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from standvast.core.certificates import contexts
from standvast.core.certificates.contexts import NoCertificate, ssl_context_of
from standvast.core.certificates.declared import PURPOSES, Peer, PurposeUnknown, peer_at
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.operations.handing import IsThereAlready, hand_in, withdraw
from standvast.core.certificates.operations.looking import look, look_at_all
from standvast.core.certificates.operations.switching import roll_back, switch
from standvast.core.certificates.queries import needs_someone_count, purpose_view
from standvast.core.certificates.rules.reading import NotReadable
from standvast.core.certificates.rules.slots import ItIsOver, MoveNotAllowed, NotProven
from standvast.core.certificates.testing import Authority, Made, a_peer, a_purpose, wrong_ones
from standvast.core.journal.models import JournalEntry
from standvast.kit.actor import house_actor
from standvast.kit.ids import uuid7
from standvast.kit.wiring import rewired

pytestmark = pytest.mark.django_db
ACTOR = house_actor(uuid7())
NAME = "coverage"


@pytest.fixture(scope="module")
def peer(authority):
    with a_peer(authority, trusts=authority.above.pem) as peer:
        yield peer


@pytest.fixture(autouse=True)
def wired_purpose(authority, peer):
    with with_purpose(a_purpose(authority, peer=peer)):
        yield


@contextmanager
def with_purpose(purpose):
    contexts._kept.clear()
    with rewired(PURPOSES.filled(purpose)):
        yield


def now() -> datetime:
    return datetime.now(UTC)


def handed(made: Made, **more) -> uuid.UUID:
    return hand_in(
        actor=ACTOR,
        purpose=NAME,
        chain_pem=made.chain_pem,
        key_pem=made.key_pem,
        now=now(),
        **more,
    )


def looked(made: Made) -> uuid.UUID:
    found = handed(made)
    look(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())
    return found


def switched(made: Made) -> uuid.UUID:
    found = looked(made)
    switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())
    return found


def slots() -> dict[str, uuid.UUID]:
    return dict(Certificate.objects.exclude(slot="retired").values_list("slot", "id"))


def shown_by(context: ssl.SSLContext, peer) -> bytes:
    """Return the issuer-independent proof: the context opens the peer's door."""
    import socket

    with (
        socket.create_connection((peer.host, peer.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=peer.host) as secured,
    ):
        secured.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
        return secured.recv(12)


class TestHandIn:
    def test_keeps_it_as_the_next_with_every_check(self, authority):
        found = handed(authority.issue())

        view = purpose_view(NAME, now())
        assert (view.next.id, view.current) == (found, None)
        assert [check.code for check in view.next.checks][:2] == ["key.fits", "issuer.right"]
        assert not view.next.is_proven

    def test_the_key_stands_nowhere_in_the_row(self, authority):
        made = authority.issue()
        handed(made)

        row = Certificate.objects.values().get()
        middle = made.key_pem.splitlines()[1].encode()
        assert all(middle not in str(value).encode() for value in row.values())
        assert middle not in bytes(row["sealed_key"])

    def test_a_key_moved_to_another_row_does_not_open(self, authority):
        first = handed(authority.issue())
        row = Certificate.objects.get(id=first)
        Certificate.objects.filter(id=first).update(purpose="elsewhere")
        other = handed(authority.issue())
        Certificate.objects.filter(id=other).update(sealed_key=row.sealed_key)

        assert "key.cannot_open" in [c.code for c in purpose_view(NAME, now()).next.checks]

    def test_replaces_the_next_and_forgets_its_key(self, authority):
        first, second = handed(authority.issue()), handed(authority.issue())

        assert slots() == {"next": second}
        old = Certificate.objects.get(id=first)
        assert (old.slot, bytes(old.sealed_key)) == ("retired", b"")

    def test_the_same_one_twice_is_refused(self, authority):
        made = authority.issue()
        handed(made)

        with pytest.raises(IsThereAlready):
            handed(made)

    def test_what_cannot_be_read_leaves_nothing(self, authority):
        made = authority.issue()
        for chain, key in (("x", made.key_pem), (made.chain_pem, "x")):
            with pytest.raises(NotReadable):
                hand_in(actor=ACTOR, purpose=NAME, chain_pem=chain, key_pem=key, now=now())

        assert not Certificate.objects.exists()

    def test_a_purpose_that_nobody_has_is_refused(self, authority):
        made = authority.issue()
        with pytest.raises(PurposeUnknown):
            hand_in(
                actor=ACTOR,
                purpose="nothing",
                chain_pem=made.chain_pem,
                key_pem=made.key_pem,
                now=now(),
            )

    def test_opens_a_key_with_a_passphrase(self, authority):
        made = authority.issue()
        hand_in(
            actor=ACTOR,
            purpose=NAME,
            chain_pem=made.chain_pem,
            key_pem=made.key_pem_with("geheim"),
            passphrase="geheim",
            now=now(),
        )

        assert purpose_view(NAME, now()).next.checks[0].code == "key.fits"

    def test_the_table_itself_holds_one_per_slot(self, authority):
        handed(authority.issue())
        row = Certificate.objects.get()
        row.id = uuid7()

        with pytest.raises(IntegrityError, match="certificates_one_per_slot"):
            row.save(force_insert=True)


class TestSwitch:
    def test_uses_it_and_keeps_the_one_before(self, authority):
        first, second = switched(authority.issue()), switched(authority.issue())

        assert slots() == {"previous": first, "current": second}

    def test_the_third_retires_the_first(self, authority):
        first = switched(authority.issue())
        second, third = switched(authority.issue()), switched(authority.issue())

        assert slots() == {"previous": second, "current": third}
        assert bytes(Certificate.objects.get(id=first).sealed_key) == b""

    def test_is_refused_without_a_look(self, authority):
        found = handed(authority.issue())

        with pytest.raises(NotProven):
            switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())
        assert slots() == {"next": found}

    def test_is_refused_for_each_wrong_one(self, authority, elsewhere):
        for made in wrong_ones(authority, elsewhere).values():
            found = looked(made)
            with pytest.raises(NotProven):
                switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())

        assert "current" not in slots()

    def test_is_refused_when_the_look_is_old(self, authority):
        found = looked(authority.issue())

        later = now() + timedelta(hours=1)
        with pytest.raises(NotProven, match="too long ago"):
            switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=later)

    def test_is_refused_when_the_peer_cannot_be_reached(self, authority, peer):
        found = looked(authority.issue())
        away = type(peer)("localhost", 1, peer.authority)
        with with_purpose(a_purpose(authority, peer=away)):
            look(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())
            with pytest.raises(NotProven):
                switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())

    def test_is_refused_when_the_settings_changed_since_the_look(self, authority, peer):
        found = looked(authority.issue())
        with (
            with_purpose(a_purpose(authority, peer=peer, number="99999999")),
            pytest.raises(NotProven),
        ):
            switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())

    def test_is_refused_when_a_colleague_handed_in_another(self, authority):
        shown = looked(authority.issue())
        looked(authority.issue())

        with pytest.raises(MoveNotAllowed):
            switch(actor=ACTOR, purpose=NAME, certificate_id=shown, now=now())

    def test_takes_effect_at_the_next_use(self, authority, peer):
        switched(authority.issue())
        before = ssl_context_of(NAME)
        assert ssl_context_of(NAME) is before

        switched(authority.issue())

        assert ssl_context_of(NAME) is not before
        assert shown_by(ssl_context_of(NAME), peer).startswith(b"HTTP/1.1 200")


class TestRollBack:
    def test_uses_the_previous_and_keeps_what_it_took_back(self, authority):
        first, second = switched(authority.issue()), switched(authority.issue())

        roll_back(actor=ACTOR, purpose=NAME, certificate_id=first, now=now())

        assert slots() == {"current": first, "next": second}

    def test_keeps_the_next_that_was_there(self, authority):
        first, second = switched(authority.issue()), switched(authority.issue())
        third = handed(authority.issue())

        roll_back(actor=ACTOR, purpose=NAME, certificate_id=first, now=now())

        assert slots() == {"current": first, "next": third}
        assert Certificate.objects.get(id=second).slot == "retired"

    def test_not_to_one_that_is_over(self, authority):
        first, _ = switched(authority.issue(days=20)), switched(authority.issue())

        later = now() + timedelta(days=21)
        with pytest.raises(ItIsOver):
            roll_back(actor=ACTOR, purpose=NAME, certificate_id=first, now=later)

    def test_not_to_one_that_was_never_in_use(self, authority):
        switched(authority.issue())
        waiting = looked(authority.issue())

        with pytest.raises(MoveNotAllowed):
            roll_back(actor=ACTOR, purpose=NAME, certificate_id=waiting, now=now())


class TestWithdraw:
    def test_nobody_shows_it_any_more(self, authority):
        found = switched(authority.issue())
        ssl_context_of(NAME)

        withdraw(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())

        with pytest.raises(NoCertificate):
            ssl_context_of(NAME)
        assert bytes(Certificate.objects.get(id=found).sealed_key) == b""
        assert needs_someone_count() == 1


class TestNeedsSomeone:
    def test_counts_what_is_missing_refused_or_over(self, authority):
        assert needs_someone_count() == 1
        switched(authority.issue())
        assert needs_someone_count() == 0

        Certificate.objects.update(valid_until=now())
        assert needs_someone_count() == 1
        Certificate.objects.update(
            valid_until=now() + timedelta(days=9),
            checks=[{"code": "peer.refused", "values": {"alert": "unknown ca"}}],
        )
        assert needs_someone_count() == 1

    def test_costs_one_question(self, authority, django_assert_num_queries):
        switched(authority.issue())
        with django_assert_num_queries(1):
            needs_someone_count()

    def test_is_refused_twice(self, authority):
        found = handed(authority.issue())
        withdraw(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())

        with pytest.raises(MoveNotAllowed):
            withdraw(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())


class TestContext:
    def test_there_is_none_before_a_switch(self, authority):
        looked(authority.issue())

        with pytest.raises(NoCertificate):
            ssl_context_of(NAME)

    def test_says_so_when_the_sealing_key_is_gone(self, authority, settings):
        switched(authority.issue())
        settings.SEALING_KEYS = ("other:" + "A" * 43 + "=",)

        with pytest.raises(NoCertificate):
            ssl_context_of(NAME)

    def test_no_variable_changes_whom_it_believes(self, authority, elsewhere, peer, monkeypatch):
        switched(authority.issue())
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, "/nowhere.pem")
        with with_purpose(a_purpose(authority, peer=type(peer)("localhost", 1, elsewhere.pem))):
            context = ssl_context_of(NAME)

        with pytest.raises(ssl.SSLCertVerificationError):
            shown_by(context, peer)


class TestLook:
    def test_every_hour_at_everything_that_stands(self, authority, peer):
        switched(authority.issue())
        handed(authority.issue())
        at = now()

        look_at_all(at)

        standing = Certificate.objects.exclude(slot="retired")
        assert {row.looked_at for row in standing} == {at}
        assert all("peer.took" in str(row.checks) for row in standing)

    def test_says_that_nobody_was_shown_it_when_no_peer_is_set(self, authority):
        with with_purpose(a_purpose(authority)):
            found = looked(authority.issue())
            view = purpose_view(NAME, now())

            assert view.next.peer.code == "peer.not_set"
            with pytest.raises(NotProven):
                switch(actor=ACTOR, purpose=NAME, certificate_id=found, now=now())

    @pytest.mark.parametrize("garbage", ["x", "é", "-----BEGIN CERTIFICATE-----\n"])
    def test_says_that_the_authority_in_the_settings_cannot_be_read(self, authority, garbage):
        peer = Peer("localhost", 1, garbage)
        with with_purpose(a_purpose(authority, peer=peer)):
            looked(authority.issue())

            assert purpose_view(NAME, now()).next.peer.code == "peer.no_authority"

    def test_tells_the_refusal_of_a_peer_that_trusts_another(self, authority):
        stranger = Authority("Een ander")
        with (
            a_peer(authority, trusts=stranger.pem) as strict,
            with_purpose(a_purpose(authority, peer=strict)),
        ):
            looked(authority.issue())

            assert purpose_view(NAME, now()).next.peer.code == "peer.refused"


@pytest.mark.parametrize(
    "address", ["", "http://insurer.example/", "https://", "https://x:port/", "https://[/", "x"]
)
def test_an_address_that_is_none_is_no_peer(address):
    assert peer_at(address, "") is None


def test_an_address_names_a_peer():
    assert peer_at("https://insurer.example:8443/ask", "ca") == Peer("insurer.example", 8443, "ca")
    assert peer_at("https://insurer.example/", "").port == 443


def test_every_act_is_in_the_journal(authority):
    first, second = switched(authority.issue()), switched(authority.issue())
    roll_back(actor=ACTOR, purpose=NAME, certificate_id=first, now=now())
    withdraw(actor=ACTOR, purpose=NAME, certificate_id=second, now=now())

    told = list(JournalEntry.objects.order_by("position").values_list("event", flat=True))
    one = ["certificates.handed_in", "certificates.looked_at", "certificates.switched_to"]
    assert told == [*one, *one, "certificates.rolled_back_to", "certificates.withdrawn"]
