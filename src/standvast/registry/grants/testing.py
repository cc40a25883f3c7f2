"""Grants for the tests of others: an app with its keys, and a walk from its question to tokens."""

import base64
import hashlib
import html
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from django.test import Client

from standvast.kit.actor import Actor
from standvast.registry.grants.digests import new_secret
from standvast.registry.grants.operations.registering import AppData, begin_use, register_app
from standvast.registry.grants.places import fhir_server, issuer, place
from standvast.registry.grants.rules.proving import ASSERTION_TYPE, Proof

CALLBACK = "https://app.example/callback"
SCOPES = "openid fhirUser profile launch launch/patient offline_access patient/Patient.rs"
VERIFIER = "v" * 64
KEY_NAME = "its-key"


def challenge_of(verifier: str) -> str:
    """Return what an app shows of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def jwk_of(key: EllipticCurvePrivateKey, name: str = KEY_NAME) -> dict[str, Any]:
    """Return the public half of a key, as suppliers publish it."""
    public = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": name, "use": "sig", "alg": "ES384"}


@dataclass(frozen=True)
class TestApp:
    """An app, with what only it knows."""

    __test__ = False

    app_id: uuid.UUID
    client_id: str
    proof: Proof
    secret: str = ""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP384R1()))

    def question(self, **other: str | None) -> str:
        """Return the address of a question; `other` replaces parts, None leaves them out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "its-state",
            "nonce": "its-nonce",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "aud": fhir_server(),
            **other,
        }
        return "/oauth/authorize/?" + urlencode({k: v for k, v in asked.items() if v is not None})

    def assertion(self, *, now: datetime | None = None, **other: Any) -> str:
        """Return what the app signs about itself; `other` replaces claims."""
        at = now or datetime.now(UTC)
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": place("token"),
            "jti": str(uuid.uuid4()),
            "exp": int((at + timedelta(minutes=4)).timestamp()),
            **other,
        }
        return jwt.encode(claims, self.key, algorithm="ES384", headers={"kid": KEY_NAME})

    def ask(self, client: Client, name: str, /, **fields: str) -> Any:
        """Hand in a form at `token`, `introspect` or `revoke`, proving who the app is."""
        headers = {}
        match self.proof:
            case Proof.NONE:
                fields = {"client_id": self.client_id, **fields}
            case Proof.SECRET:
                pair = f"{self.client_id}:{self.secret}".encode()
                headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
            case Proof.KEY:
                fields = {
                    "client_assertion": self.assertion(),
                    "client_assertion_type": ASSERTION_TYPE,
                    **fields,
                }
        return client.post(f"/oauth/{name}/", fields, headers=headers)

    def tokens(self, client: Client, code: str, **other: str) -> Any:
        """Exchange a code."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **other,
        }
        return self.ask(client, "token", **fields)


def an_app(actor: Actor, *, now: datetime, proof: Proof = Proof.NONE, **told: Any) -> TestApp:
    """Register an app that the actor's organisation uses."""
    secret, key = new_secret(), generate_private_key(SECP384R1())
    keys = msgspec.json.encode({"keys": [jwk_of(key)]}).decode() if proof is Proof.KEY else ""
    data = AppData(
        **{
            "title": "Voorbeeld-app",
            "supplier": "Voorbeeld BV",
            "telephone": "000-1234567",
            "proof": proof,
            "redirects": [CALLBACK],
            "scopes": SCOPES,
            "launch_url": "https://app.example/launch",
            "keys": keys,
            **told,
        }
    )
    client_id = f"app-{uuid.uuid4()}"
    app_id = register_app(actor=actor, data=data, client_id=client_id, secret=secret, now=now)
    begin_use(actor=actor, app_id=app_id, organisation_id=actor.organisation_id, now=now)
    return TestApp(app_id, client_id, proof, secret if proof is Proof.SECRET else "", key)


def led_to(answer: Any) -> str:
    """Return where a page sends the person on to by itself; empty if it stays."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.content.decode())
    return html.unescape(found[1]) if found else ""


def told_back(answer: Any) -> dict[str, str]:
    """Return what an app is told at its own address."""
    there = led_to(answer)
    assert there, answer.content.decode()[-1500:]
    return {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}


def code_from(client: Client, app: TestApp, **asked: str | None) -> str:
    """Let an app in and return its code."""
    answer = client.post(app.question(**asked), {"decision": "yes"})
    told = told_back(answer)
    assert told.get("iss") == issuer(), told
    return told["code"]
