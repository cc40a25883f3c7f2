"""Scopes, addresses, questions and keys: examples and properties."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import example, given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from standvast.registry.grants.rules.addresses import (
    AddressNotRight,
    check_address,
    is_registered,
    origin_of,
    with_answer,
)
from standvast.registry.grants.rules.asking import (
    JUST_NOW,
    CannotBeAsked,
    SentBack,
    asked_in,
    fits_challenge,
    is_too_long_ago,
    state_in,
    who_asks,
)
from standvast.registry.grants.rules.proving import KEYS_MAX, KeysNotRight, keys_in
from standvast.registry.grants.rules.scopes import (
    ACTS,
    PLAIN,
    covers,
    granted,
    is_about_care,
    is_offered,
    needs_patient,
    resource_of,
    words_of,
)
from standvast.registry.grants.testing import challenge_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SERVER = "https://here.example/fhir"
acts = st.sets(st.sampled_from("cruds"), min_size=1).map(
    lambda found: "".join(act for act in "cruds" if act in found)
)
kinds = st.sampled_from(["Patient", "Coverage", "Claim", "*"])
levels = st.sampled_from(["patient", "user", "system"])
resources = st.builds("{}/{}.{}".format, levels, kinds, acts)
scopes = st.lists(
    st.one_of(st.sampled_from(PLAIN), resources, st.text("ab /.*é", max_size=8)), max_size=6
)


class TestGranted:
    @pytest.mark.parametrize(
        ("asked", "allowed", "got"),
        [
            ("openid", "openid profile", "openid"),
            ("openid profile", "openid", "openid"),
            ("patient/Patient.rs", "patient/Patient.rs", "patient/Patient.rs"),
            ("patient/Patient.read", "patient/Patient.rs", "patient/Patient.read"),
            ("patient/*.read", "patient/Patient.rs", "patient/Patient.rs"),
            ("patient/*.cruds", "patient/Patient.rs", "patient/Patient.rs"),
            (
                "patient/*.*",
                "patient/Patient.rs patient/Coverage.r",
                "patient/Patient.rs patient/Coverage.r",
            ),
            ("patient/Patient.rs", "patient/*.r", "patient/Patient.r"),
            ("patient/Patient.rs", "patient/Patient.r patient/Patient.s", "patient/Patient.rs"),
            ("user/Patient.rs", "patient/Patient.rs", ""),
            ("patient/Patient.cud", "patient/Patient.rs", ""),
            ("patient/Patient.sr", "patient/Patient.rs", ""),
            ("patient/Patient.rs?x=1", "patient/Patient.rs", ""),
            ("patient/Patient.", "patient/Patient.rs", ""),
            ("system/Patient.rs", "user/Patient.rs", ""),
            ("openid openid", "openid", "openid"),
        ],
    )
    def test_is_the_overlap(self, asked, allowed, got):
        assert granted(words_of(asked), words_of(allowed)) == words_of(got)

    @given(asked=scopes, allowed=scopes)
    def test_is_never_more_than_either(self, asked, allowed):
        got = granted(asked, allowed)
        for scope in got:
            found = resource_of(scope)
            if found is None:
                assert scope in asked
                assert scope in allowed
                continue
            assert set(found.acts) <= set(ACTS)
            for act in found.acts:
                assert covers(asked, found.level, found.kind, act)
                assert covers(allowed, found.level, found.kind, act)

    @given(asked=scopes)
    @example(asked=["user/Patient.rs", "user/*.r"])
    def test_of_what_is_offered_all_is_given(self, asked):
        offered = [scope for scope in asked if is_offered(scope)]

        assert granted(offered, offered) == tuple(dict.fromkeys(offered))

    @given(asked=scopes, allowed=scopes)
    def test_twice_is_once(self, asked, allowed):
        got = granted(asked, allowed)

        assert granted(got, allowed) == got


def test_a_patient_is_needed_for_what_is_about_one():
    assert needs_patient(("launch",))
    assert needs_patient(("patient/Patient.rs",))
    assert not needs_patient(("openid", "user/Patient.rs"))
    assert is_about_care(("user/Patient.rs",))
    assert not is_about_care(PLAIN[:3])


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "https://app.example/callback",
            "https://app.example:8443/a?b=c",
            "http://127.0.0.1:3000/callback",
            "http://localhost/callback",
            "http://[::1]:3000/callback",
        ],
    )
    def test_that_can_be(self, address):
        assert check_address(address) == address

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "app.example/callback",
            "http://app.example/",
            "http://localhost.evil.example/",
            "https://",
            "https://app.example:port/",
            "https://[::1/",
            "https://user:secret@app.example/",
            "https://app.example/#x",
            "https://app.example/*",
            "https://app.example\\@evil.example/",
            "https://app.example/ä",
            "https://app.example/\n",
            "data:text/html,x",
            "https://app.example/" + "x" * 300,
        ],
    )
    def test_that_cannot(self, address):
        with pytest.raises(AddressNotRight):
            check_address(address)

    @given(st.text("htps:/.exam\x00 é", max_size=60))
    def test_only_the_same_letters_are_registered(self, text):
        registered = ["https://app.example/callback"]

        assert is_registered(text, registered) == (text == registered[0])

    def test_keep_their_own_query(self):
        there = with_answer("https://app.example/?a=1&b=", code="x&y", state="")

        assert there == "https://app.example/?a=1&b=&code=x%26y"
        assert origin_of(there) == "https://app.example"


def question(**said):
    base = {
        "response_type": "code",
        "client_id": "a",
        "redirect_uri": "https://app.example/",
        "scope": "openid",
        "code_challenge": challenge_of("v" * 43),
        "code_challenge_method": "S256",
    }
    return {name: [value] for name, value in (base | said).items()}


class TestAQuestion:
    @given(
        st.dictionaries(
            st.sampled_from(sorted(question())),
            st.lists(st.text("aS256 é\x00&", max_size=20), max_size=3),
        )
    )
    def test_whatever_is_said_is_read_or_refused(self, said):
        query = question() | said
        try:
            name, address = who_asks(query)
            asked = asked_in(query, server=SERVER)
        except (CannotBeAsked, SentBack):
            return
        assert (asked.client_id, asked.redirect_uri) == (name, address)

    def test_without_a_name_is_told_to_nobody_else(self):
        for wrong in ({"client_id": [""]}, {"client_id": ["a", "b"]}, {"redirect_uri": []}):
            with pytest.raises(CannotBeAsked):
                who_asks(question() | wrong)

    @pytest.mark.parametrize("length", [1_001, 5_000])
    def test_that_is_too_long_is_refused(self, length):
        with pytest.raises(SentBack):
            asked_in(question(state="x" * length), server=SERVER)
        assert state_in(question(state="x" * length)) == ""

    @pytest.mark.parametrize(
        ("said", "ago", "wanted"),
        [
            ({}, timedelta(days=1), False),
            ({"max_age": "3600"}, timedelta(minutes=59), False),
            ({"max_age": "3600"}, timedelta(minutes=61), True),
            ({"max_age": "0"}, timedelta(seconds=10), False),
            ({"max_age": "0"}, JUST_NOW * 2, True),
            ({"prompt": "login"}, timedelta(seconds=10), False),
            ({"prompt": "login"}, JUST_NOW * 2, True),
            ({"prompt": "login", "max_age": "3600"}, JUST_NOW * 2, True),
        ],
    )
    def test_may_want_a_fresh_sign_in(self, said, ago, wanted):
        asked = asked_in(question(**said), server=SERVER)

        assert is_too_long_ago(asked, signed_in_at=NOW - ago, now=NOW) is wanted


class TestAVerifier:
    @given(st.text("abcXYZ019-._~", min_size=43, max_size=128))
    def test_fits_its_own_challenge_only(self, verifier):
        assert fits_challenge(verifier, challenge_of(verifier))
        assert not fits_challenge(verifier, challenge_of(verifier + "x"))
        assert not fits_challenge(verifier[:42], challenge_of(verifier[:42]))
        assert not fits_challenge(verifier, verifier)


def jwk(pair, **more):
    turn = ECAlgorithm if isinstance(pair, ec.EllipticCurvePrivateKey) else RSAAlgorithm
    return {**turn.to_jwk(pair.public_key(), as_dict=True), "kid": "one", **more}


P384 = ec.generate_private_key(ec.SECP384R1())


class TestKeys:
    def handed_in(self, *keys):
        return keys_in(json.dumps({"keys": list(keys)}))

    def test_that_can_be(self):
        pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)

        assert len(self.handed_in(jwk(P384), jwk(pair, kid="two", alg="RS384", use="sig"))) == 2

    @pytest.mark.parametrize(
        "keys",
        [
            [],
            [jwk(P384)] * 2,
            [jwk(P384, kid=str(number)) for number in range(KEYS_MAX + 1)],
            [jwk(P384, kid="")],
            [jwk(P384, alg="ES256")],
            [jwk(P384, alg="none")],
            [jwk(P384, use="enc")],
            [jwk(P384, x="AAAA")],
            [jwk(P384, d="AAAA")],
            [jwk(ec.generate_private_key(ec.SECP256R1()))],
            [jwk(rsa.generate_private_key(public_exponent=65537, key_size=1024))],
            [{"kty": "oct", "k": "AAAA", "kid": "one"}],
            [{"kid": "one"}],
            ["no key"],
        ],
    )
    def test_that_cannot(self, keys):
        with pytest.raises(KeysNotRight):
            self.handed_in(*keys)

    @given(st.text('{}[]":keys1,é\x00', max_size=40))
    def test_whatever_else_is_pasted_is_refused(self, text):
        with pytest.raises(KeysNotRight):
            keys_in(text)

    def test_a_private_key_is_refused_by_name(self):
        private = {**ECAlgorithm.to_jwk(P384, as_dict=True), "kid": "one"}

        with pytest.raises(KeysNotRight, match="private"):
            self.handed_in(private)
