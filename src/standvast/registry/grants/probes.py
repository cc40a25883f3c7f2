"""Looks at signing in to others with us: a synthetic person walks it, from question to taking back.

The walk goes through the same doors as everybody: sign-in page, question, code, tokens, identity,
and the end of all that. Its app proves itself with a key pair of its own.
"""

import base64
import hashlib
import html
import re
import secrets
import uuid
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
from django.conf import settings

from standvast.core.health.api import (
    ProbeContext,
    Shown,
    Step,
    StepFailed,
    Visitor,
    from_django,
    walk_probe,
)
from standvast.registry.grants.places import issuer, place
from standvast.registry.grants.queries.apps import PROBES_APP
from standvast.registry.grants.rules.proving import ASSERTION_TYPE
from standvast.registry.grants.synthetic import LOGIN_NAME, SCOPES, make_ready, redirect_of

WALK_EVERY_S = 20.0
"""Two looks tell within a minute; each is a sign-in that the journal keeps."""
SLOW_AFTER_S = 8.0
KEY_NAME = "probe"


class _Walker:
    """An app of our own and its person. Key and password live as long as the process."""

    def __init__(self) -> None:
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP384R1())
        self._password, self._kept = secrets.token_urlsafe(32), ""
        self._visitor = Visitor(lambda: str(settings.ADDRESS))

    def steps(self) -> tuple[Step, ...]:
        """Return the walk."""
        return (
            Step("ready", self._ready),
            Step("discover", self._discover),
            Step("ask", self._ask),
            Step("sign-in", self._sign_in),
            Step("code", self._code),
            Step("tokens", self._tokens),
            Step("identity", self._identity),
            Step("end", self._end),
            Step("leave", self._leave),
        )

    async def _ready(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        told = {**public, "kid": KEY_NAME}

        def ready(now: datetime) -> str:
            return make_ready(password=self._password, known=self._kept, public_key=told, now=now)

        self._kept = await from_django(ready)(context)
        await self._visitor.arrives()
        bag |= {"verifier": secrets.token_urlsafe(48), "state": secrets.token_urlsafe(16)}

    async def _discover(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context, bag
        told = _json(await self._visitor.get("/.well-known/openid-configuration"))
        if told.get("issuer") != issuer():
            raise StepFailed("another_issuer")

    async def _ask(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        digest = hashlib.sha256(bag["verifier"].encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": PROBES_APP,
            "redirect_uri": redirect_of(),
            "scope": SCOPES,
            "state": bag["state"],
            "nonce": bag["state"],
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        bag["question"] = f"/oauth/authorize/?{urlencode(asked)}"
        shown = await self._visitor.get(bag["question"])
        shown.check_led_on()
        bag["sign-in"] = shown.leads_to

    async def _sign_in(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        (await self._visitor.get(bag["sign-in"])).check_ok()
        token = self._visitor.cookie(settings.CSRF_COOKIE_NAME)
        fields = {"login": LOGIN_NAME, "password": self._password, "csrfmiddlewaretoken": token}
        shown = await self._visitor.post(bag["sign-in"], fields)
        shown.check_led_on()

    async def _code(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        shown = await self._visitor.get(bag["question"])
        shown.check_ok()
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', shown.text)
        if found is None:
            raise StepFailed("not_sent_back")
        there = html.unescape(found[1])
        told = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
        if not there.startswith(redirect_of()) or told.get("state") != bag["state"]:
            raise StepFailed("sent_elsewhere")
        if "code" not in told:
            raise StepFailed(told.get("error", "no_code")[:40])
        bag["code"] = told["code"]

    async def _tokens(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        made = await self._asks(
            "token",
            grant_type="authorization_code",
            code=bag["code"],
            redirect_uri=redirect_of(),
            code_verifier=bag["verifier"],
        )
        bag |= {"access": made.get("access_token", ""), "identity": made.get("id_token", "")}

    async def _identity(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        keys = _json(await self._visitor.get("/oauth/keys/")).get("keys", [])
        try:
            name = jwt.get_unverified_header(bag["identity"]).get("kid")
            key = next(jwt.PyJWK(one) for one in keys if one.get("kid") == name)
            told = jwt.decode(
                bag["identity"],
                key.key,
                algorithms=["RS256"],
                audience=PROBES_APP,
                issuer=issuer(),
                leeway=timedelta(seconds=30),
            )
        except (jwt.PyJWTError, StopIteration) as error:
            raise StepFailed(f"identity_{type(error).__name__}"[:40]) from None
        if told.get("nonce") != bag["state"]:
            raise StepFailed("another_nonce")

    async def _end(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        if not (await self._asks("introspect", token=bag["access"])).get("active"):
            raise StepFailed("opens_nothing")
        await self._asks("revoke", token=bag["access"])
        if (await self._asks("introspect", token=bag["access"])).get("active"):
            raise StepFailed("still_opens")

    async def _leave(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context, bag
        token = self._visitor.cookie(settings.CSRF_COOKIE_NAME)
        shown = await self._visitor.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
        shown.check_led_on()

    async def _asks(self, name: str, **fields: str) -> dict[str, Any]:
        """Hand in a form as the app, with a new proof."""
        proof = {"client_assertion": self._assertion(), "client_assertion_type": ASSERTION_TYPE}
        return _json(await self._visitor.post(f"/oauth/{name}/", {**fields, **proof}))

    def _assertion(self) -> str:
        claims = {
            "iss": PROBES_APP,
            "sub": PROBES_APP,
            "aud": place("token"),
            "jti": str(uuid.uuid4()),
            "exp": int((datetime.now(UTC) + timedelta(seconds=60)).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm="ES384", headers={"kid": KEY_NAME})


def _json(shown: Shown) -> dict[str, Any]:
    """Return what was answered.

    :raises StepFailed: with its status, if it is no answer.
    """
    shown.check_ok()
    try:
        return msgspec.json.decode(shown.text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise StepFailed("not_json") from None


PROBES_OF_GRANTS = (
    walk_probe(
        "grants.walk",
        "sign-on",
        steps=_Walker().steps(),
        slow_after_s=SLOW_AFTER_S,
        interval_s=WALK_EVERY_S,
    ),
)
