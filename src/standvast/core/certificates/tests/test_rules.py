"""What is right about a certificate: each thing that can be wrong is told apart from the others."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from standvast.core.certificates.rules.preflight import (
    Environment,
    Use,
    Wanted,
    days_left,
    level_of,
    preflight,
)
from standvast.core.certificates.rules.reading import NotReadable, numbers_of, read_chain, read_key
from standvast.core.certificates.rules.slots import (
    LOOK_FRESH_S,
    MOVES,
    MoveNotAllowed,
    NotProven,
    Slot,
    check_move,
    check_proven,
    is_proven,
)
from standvast.core.certificates.rules.told import (
    TOLD,
    Check,
    Outcome,
    as_stored,
    from_stored,
)
from standvast.core.certificates.testing import CLIENT, NUMBER, SERVER, Authority, Made, wrong_ones

TEST = Environment.TEST
WRONG = [
    "key.differs",
    "issuer.stranger",
    "issuer.chain_broken",
    "use.not_client",
    "valid.over",
    "valid.not_yet",
    "subject.other",
    "strength.weak",
]


@pytest.fixture(scope="module")
def wrongs(authority, elsewhere):
    return wrong_ones(authority, elsewhere)


def wanted(authority, *, number=NUMBER, uses=(Use.CLIENT_AUTH,), here=TEST, **others):
    issuers = {TEST: [authority.certificate]}
    issuers |= {Environment(name): [one.certificate] for name, one in others.items()}
    return Wanted(here, issuers, number, frozenset(uses))


def codes(made: Made, what: Wanted, now=None) -> list[str]:
    chain, key = read_chain(made.chain_pem), read_key(made.key_pem, "")
    return [check.code for check in preflight(chain, key, what, now or datetime.now(UTC))]


def against(found: list[str]) -> list[str]:
    return [code for code in found if TOLD[code].outcome in (Outcome.FAILED, Outcome.NOT_KNOWN)]


class TestPreflight:
    def test_finds_nothing_against_a_right_one(self, authority):
        assert codes(authority.issue(), wanted(authority)) == [
            "key.fits",
            "issuer.right",
            "use.right",
            "valid.now",
            "days.enough",
            "subject.right",
            "strength.enough",
        ]

    @pytest.mark.parametrize("code", WRONG)
    def test_tells_each_wrong_one_by_its_own_reason_only(self, authority, wrongs, code):
        root = authority.above if code == "issuer.chain_broken" else authority

        assert against(codes(wrongs[code], wanted(root))) == [code]

    def test_the_wrong_ones_are_all_tried(self, wrongs):
        assert sorted(wrongs) == sorted(WRONG)

    def test_follows_the_chain_to_an_authority_above(self, authority):
        assert "issuer.right" in codes(authority.issue(), wanted(authority.above))

    def test_misses_a_chain_that_was_left_out(self, authority):
        made = authority.issue()

        found = codes(Made(made.certificate, made.key), wanted(authority.above))

        assert against(found) == ["issuer.stranger"]

    @pytest.mark.parametrize("where", ["production", "acceptance"])
    def test_names_a_test_issuer_as_such(self, authority, elsewhere, where):
        what = wanted(authority, here=Environment(where), **{where: elsewhere})

        assert against(codes(authority.issue(), what)) == ["issuer.test"]

    @pytest.mark.parametrize("where", ["production", "acceptance"])
    def test_names_an_issuer_of_another_environment(self, authority, elsewhere, where):
        found = codes(elsewhere.issue(), wanted(authority, **{where: elsewhere}))

        assert against(found) == [f"issuer.{where}"]

    def test_does_not_guess_an_issuer_that_nobody_set(self, authority):
        found = codes(authority.issue(), Wanted(TEST, {}, NUMBER))

        assert against(found) == ["issuer.not_set"]

    def test_a_certificate_that_may_not_issue_is_no_issuer(self, authority):
        middle = authority.issue()
        false = Authority("vals")
        false.key, false.name = middle.key, middle.certificate.subject
        made = false.issue()

        found = codes(Made(made.certificate, made.key, (middle.certificate,)), wanted(authority))

        assert against(found) == ["issuer.chain_broken"]

    def test_an_issuer_of_the_same_name_with_another_key_is_a_stranger(self, authority):
        namesake = Authority("Voorbeeld CA G2")

        assert against(codes(namesake.issue(), wanted(authority))) == ["issuer.stranger"]

    def test_wants_both_uses_where_it_also_serves(self, authority):
        both = wanted(authority, uses=(Use.CLIENT_AUTH, Use.SERVER_AUTH))

        assert against(codes(authority.issue(uses=(CLIENT,)), both)) == ["use.not_server"]
        assert against(codes(authority.issue(uses=(CLIENT, SERVER)), both)) == []

    def test_a_chain_lasts_as_long_as_its_shortest(self, authority):
        long = authority.issue(days=5_000)

        assert against(codes(long, wanted(authority), datetime.now(UTC) + timedelta(4_000))) == [
            "valid.over"
        ]

    @pytest.mark.parametrize(
        ("days", "code"),
        [
            (60.5, "days.enough"),
            (59.5, "days.60"),
            (29.5, "days.30"),
            (13.5, "days.14"),
            (6.5, "days.7"),
            (0.1, "days.7"),
        ],
    )
    def test_warns_by_levels(self, authority, days, code):
        now = authority.now

        assert code in codes(authority.issue(days=days), wanted(authority), now)

    def test_reads_a_uzi_name(self, authority):
        made = authority.issue(number="", uzi="2.16.528.1-1-900012345-S-90000380-00.000-01012345")

        assert numbers_of(made.certificate) == ("900012345", "90000380", "01012345")
        assert against(codes(made, wanted(authority, number="90000380"))) == []

    def test_keeps_the_zeros_of_a_number(self, authority):
        assert against(codes(authority.issue(), wanted(authority, number="1234"))) == [
            "subject.other"
        ]

    def test_does_not_guess_a_number_that_nobody_set(self, authority):
        assert against(codes(authority.issue(), wanted(authority, number=""))) == [
            "subject.not_set"
        ]

    def test_says_that_a_key_cannot_be_opened(self, authority):
        chain = read_chain(authority.issue().chain_pem)

        found = preflight(chain, None, wanted(authority), datetime.now(UTC))

        assert found[0].code == "key.cannot_open"

    def test_takes_a_key_of_2048_bits(self, authority):
        made = authority.issue(key=rsa.generate_private_key(65537, 2048))

        assert against(codes(made, wanted(authority))) == []


class TestReading:
    @pytest.mark.parametrize("text", ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n", "é" * 9])
    def test_refuses_what_is_no_certificate(self, text):
        with pytest.raises(NotReadable):
            read_chain(text)

    @given(st.text(max_size=300))
    def test_whatever_is_handed_in_is_refused_with_a_sentence(self, text):
        for read in (read_chain, lambda pem: read_key(pem, "")):
            with pytest.raises(NotReadable):
                read(text)

    def test_refuses_a_text_without_end(self):
        with pytest.raises(NotReadable, match="too long"):
            read_chain("x" * 40_000)
        with pytest.raises(NotReadable, match="too long"):
            read_key("x" * 40_000, "")

    def test_refuses_a_chain_without_end(self, authority):
        with pytest.raises(NotReadable, match="more than 6"):
            read_chain(authority.pem * 7)

    def test_opens_a_key_with_its_passphrase_only(self, authority):
        made = authority.issue()
        locked = made.key_pem_with("geheim")

        assert read_key(locked, "geheim").public_key() == made.key.public_key()
        for passphrase, words in (("", "has a passphrase"), ("fout", "does not open")):
            with pytest.raises(NotReadable, match=words):
                read_key(locked, passphrase)
        with pytest.raises(NotReadable, match="no passphrase"):
            read_key(made.key_pem, "geheim")


class TestLevels:
    @given(st.integers(-400, 4_000))
    def test_the_level_is_the_smallest_that_days_are_below(self, days):
        level = level_of(days)

        assert (level is None) == (days >= 60)
        assert level is None or days < level
        assert all(days >= smaller for smaller in (7, 14, 30) if level and smaller < level)

    def test_a_day_that_is_not_whole_does_not_count(self):
        now = datetime(2026, 3, 2, 9, tzinfo=UTC)

        assert days_left(now + timedelta(days=7, seconds=-1), now) == 6
        assert days_left(now - timedelta(seconds=1), now) == -1


class TestMoves:
    @given(st.sampled_from(Slot), st.sampled_from(Slot))
    def test_only_the_moves_of_the_table(self, here, there):
        if there in MOVES[here]:
            check_move(here, there)
        else:
            with pytest.raises(MoveNotAllowed):
                check_move(here, there)

    def test_nothing_comes_back_from_retired(self):
        assert not MOVES[Slot.RETIRED]


codes_of_checks = st.lists(st.sampled_from(sorted(TOLD)), max_size=8)


class TestProven:
    @given(codes_of_checks)
    def test_needs_a_handshake_and_nothing_against_it(self, found):
        checks = tuple(Check(code) for code in found)

        assert is_proven(checks) == ("peer.took" in found and not against(found))

    def test_a_handshake_that_could_not_be_made_proves_nothing(self):
        for code in ("peer.away", "peer.late", "peer.hung_up", "peer.not_set"):
            with pytest.raises(NotProven):
                check_proven((Check("key.fits"), Check(code)), looked_s_ago=1.0)

    def test_a_look_grows_old(self):
        took = (Check("peer.took"),)

        check_proven(took, looked_s_ago=LOOK_FRESH_S)
        for s_ago in (None, LOOK_FRESH_S + 1):
            with pytest.raises(NotProven, match="too long ago"):
                check_proven(took, looked_s_ago=s_ago)


class TestTold:
    def test_what_is_stored_comes_back(self, authority):
        chain = read_chain(authority.issue().chain_pem)
        checks = preflight(chain, None, wanted(authority), datetime.now(UTC))

        assert from_stored(as_stored(checks)) == checks

    def test_what_is_against_a_certificate_says_what_mends_it(self):
        lacking = [
            code
            for code, told in TOLD.items()
            if told.outcome is not Outcome.PASSED and not told.mend
        ]

        assert lacking == []
