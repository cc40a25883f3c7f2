"""An app that is not the app: every way to seem it."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from standvast.registry.grants.models import Grant, Tally
from standvast.registry.grants.operations.counting import WINDOW, WRONG_MAX
from standvast.registry.grants.places import issuer, place
from standvast.registry.grants.rules.proving import ASSERTION_TYPE, Proof
from standvast.registry.grants.testing import (
    KEY_NAME,
    TestApp,
    an_app,
    code_from,
    jwk_of,
)

pytestmark = pytest.mark.django_db
EXCHANGE = {"grant_type": "authorization_code"}


def shown(client, assertion, *, kind=ASSERTION_TYPE, **more):
    fields = {"client_assertion": assertion, "client_assertion_type": kind, **EXCHANGE, **more}
    return client.post("/oauth/token/", fields)


def basic(client, name, secret, **more):
    pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return client.post(
        "/oauth/token/", EXCHANGE, headers={"Authorization": f"Basic {pair}"}, **more
    )


def b64(content):
    raw = json.dumps(content).encode() if isinstance(content, dict) else content
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def keyed(doctor, now):
    return an_app(doctor.actor, now=now, proof=Proof.KEY)


@pytest.fixture
def secretive(doctor, now):
    return an_app(doctor.actor, now=now, proof=Proof.SECRET)


class TestWhatIsHandedIn:
    @pytest.mark.parametrize("name", ["token", "introspect", "revoke"])
    def test_that_is_more_than_is_read_is_refused_as_apps_expect(self, elsewhere, name):
        answer = elsewhere.post(f"/oauth/{name}/", {f"a{number}": "x" for number in range(1_001)})

        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


class TestASignedProof:
    def test_is_taken_for_either_name_of_ours(self, keyed, elsewhere):
        for audience in (place("token"), issuer(), [issuer()]):
            answer = shown(elsewhere, keyed.assertion(aud=audience))
            assert answer.json()["error"] == "invalid_grant", "proven; there is just no code"

    def test_counts_once(self, keyed, elsewhere):
        assertion = keyed.assertion()

        assert shown(elsewhere, assertion).json()["error"] == "invalid_grant"
        assert shown(elsewhere, assertion).json()["error"] == "invalid_client"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aud": "https://other.example/token"},
            {"aud": [issuer(), "https://other.example"]},
            {"aud": []},
            {"nbf": 10**10},
            {"iss": "another"},
            {"sub": "another"},
            {"jti": "short"},
            {"jti": None},
            {"exp": 0},
            {"exp": "soon"},
            {"exp": 10**30},
        ],
    )
    def test_says_what_it_has_to(self, keyed, elsewhere, wrong):
        assert shown(elsewhere, keyed.assertion(**wrong)).status_code == 401

    @pytest.mark.parametrize("hours", [-1, 1])
    def test_is_of_this_moment(self, keyed, elsewhere, now, hours):
        at = now + timedelta(hours=hours)

        assert shown(elsewhere, keyed.assertion(now=at)).status_code == 401

    def test_without_a_signature_is_none(self, keyed, elsewhere):
        head, body, _ = keyed.assertion().split(".")
        for algorithm in ("none", "None", "NONE"):
            made = f"{b64({'alg': algorithm, 'typ': 'JWT', 'kid': KEY_NAME})}.{body}."
            assert shown(elsewhere, made).status_code == 401
        assert shown(elsewhere, f"{head}.{body}.").status_code == 401

    def test_signed_with_the_public_key_as_if_it_were_a_secret_is_none(self, keyed, elsewhere):
        _, body, _ = keyed.assertion().split(".")
        pem = keyed.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for secret in (pem, pem.strip(), json.dumps(jwk_of(keyed.key)).encode()):
            head = b64({"alg": "HS384", "typ": "JWT", "kid": KEY_NAME})
            mac = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha384).digest()
            assert shown(elsewhere, f"{head}.{body}.{b64(mac)}").status_code == 401

    def test_that_brings_its_own_key_is_none(self, keyed, elsewhere):
        thief = generate_private_key(SECP384R1())
        _, body, _ = keyed.assertion().split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        for more in (
            {"kid": KEY_NAME},
            {"kid": KEY_NAME, "jwk": jwk_of(thief)},
            {"kid": KEY_NAME, "jku": "https://evil.example/keys"},
            {"kid": "other", "jwk": jwk_of(thief, "other")},
            {},
        ):
            made = jwt.encode(claims, thief, algorithm="ES384", headers=more)
            assert shown(elsewhere, made).status_code == 401

    def test_of_another_app_is_none(self, keyed, doctor, elsewhere, now):
        other = an_app(doctor.actor, now=now, proof=Proof.KEY)

        made = other.assertion(iss=keyed.client_id, sub=keyed.client_id)
        assert shown(elsewhere, made).status_code == 401
        assert shown(elsewhere, other.assertion(), client_id=keyed.client_id).status_code == 401

    @pytest.mark.parametrize("text", ["", ".", "a.b.c", "é.é.é", "x" * 20_000, "." * 9_000])
    def test_that_is_no_token_is_none(self, elsewhere, text):
        assert shown(elsewhere, text).status_code in (400, 401)

    def test_has_its_kind_beside_it(self, keyed, elsewhere):
        assert shown(elsewhere, keyed.assertion(), kind="").status_code == 401


class TestASecret:
    def test_is_the_one(self, secretive, elsewhere):
        assert basic(elsewhere, secretive.client_id, secretive.secret).status_code == 400
        for wrong in ("", "x", secretive.secret[:-1], secretive.secret + "x"):
            assert basic(elsewhere, secretive.client_id, wrong).status_code == 401

    def test_is_not_taken_among_the_fields(self, secretive, elsewhere):
        fields = {"client_id": secretive.client_id, "client_secret": secretive.secret, **EXCHANGE}

        assert elsewhere.post("/oauth/token/", fields).status_code == 401

    def test_is_not_taken_from_the_address(self, secretive, elsewhere):
        pair = f"client_id={secretive.client_id}&client_secret={secretive.secret}"

        assert elsewhere.post(f"/oauth/token/?{pair}", EXCHANGE).status_code == 400

    @pytest.mark.parametrize(
        "header", ["Basic", "Basic !", "Basic eA==", "Bearer x", "Basic " + "A" * 20_000]
    )
    def test_that_is_unreadable_is_none(self, elsewhere, header):
        answer = elsewhere.post("/oauth/token/", EXCHANGE, headers={"Authorization": header})

        assert answer.status_code == 401


class TestNoOtherWayThanTheRegisteredOne:
    def test_an_app_with_a_secret_shows_it(self, secretive, browser, elsewhere):
        code = code_from(browser, secretive)
        bare = TestApp(secretive.app_id, secretive.client_id, Proof.NONE)

        assert bare.tokens(elsewhere, code).json()["error"] == "invalid_client"
        assert Grant.objects.get().code_used_at is None
        assert secretive.tokens(elsewhere, code).status_code == 200

    def test_an_app_with_a_key_pair_signs(self, keyed, browser, elsewhere):
        code = code_from(browser, keyed)
        bare = TestApp(keyed.app_id, keyed.client_id, Proof.NONE)

        assert bare.tokens(elsewhere, code).status_code == 401
        assert basic(elsewhere, keyed.client_id, "").status_code == 401

    def test_an_app_that_has_nothing_shows_nothing(self, app, elsewhere):
        assert basic(elsewhere, app.client_id, "").status_code == 401

    def test_two_ways_at_once_are_none(self, secretive, keyed, elsewhere):
        pair = base64.b64encode(f"{secretive.client_id}:{secretive.secret}".encode()).decode()
        fields = {
            "client_assertion": keyed.assertion(),
            "client_assertion_type": ASSERTION_TYPE,
            **EXCHANGE,
        }

        answer = elsewhere.post("/oauth/token/", fields, headers={"Authorization": f"Basic {pair}"})

        assert answer.status_code == 401


class TestTriesAreBounded:
    def test_and_the_right_secret_waits_too(self, secretive, elsewhere):
        for _ in range(WRONG_MAX):
            assert basic(elsewhere, secretive.client_id, "wrong").status_code == 401

        answer = basic(elsewhere, secretive.client_id, secretive.secret)

        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= WINDOW.total_seconds()

    def test_and_nobody_is_held_up_by_another(self, secretive, elsewhere):
        for _ in range(WRONG_MAX):
            basic(elsewhere, secretive.client_id, "wrong")

        answer = basic(elsewhere, secretive.client_id, secretive.secret, REMOTE_ADDR="203.0.113.9")

        assert answer.status_code == 400, "proven"

    def test_for_each_window(self, secretive, elsewhere):
        for _ in range(WRONG_MAX):
            basic(elsewhere, secretive.client_id, "wrong")
        for row in Tally.objects.all():
            Tally.objects.filter(id=row.id).update(window_at=row.window_at - WINDOW)

        assert basic(elsewhere, secretive.client_id, secretive.secret).status_code == 400
