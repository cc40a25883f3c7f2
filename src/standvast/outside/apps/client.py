"""An app's side of OpenID Connect and of SMART App Launch: asks, proves itself, checks, reads."""

import base64
import hashlib
import secrets
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from standvast.outside.apps.keys import KEY_NAME

DEADLINE_S = 4.0
ON_THE_WAY_MAX = 500
ASSERTION_LIFE = timedelta(minutes=2)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SKEW_S = 30


class NotLetIn(Exception):
    """Nobody is signed in; the message is for them."""


@dataclass(frozen=True)
class Asking:
    """Somebody on the way: what only this app knows of their question."""

    verifier: str
    nonce: str
    config: Mapping[str, Any]
    redirect_uri: str


@dataclass(frozen=True)
class Got:
    """What came of it: claims of the identity, the token's answer, and what was read."""

    identity: Mapping[str, Any]
    answer: Mapping[str, Any]
    patient: Mapping[str, Any]
    practitioner: Mapping[str, Any]


class Client:
    """One app, as one installation of Standvast knows it."""

    def __init__(self, *, client_id: str, scope: str, issuer: str) -> None:
        self._client_id = client_id
        self._scope = scope
        self._issuer = issuer.rstrip("/")
        self._on_the_way: OrderedDict[str, Asking] = OrderedDict()

    async def begin(self, *, iss: str, launch: str, redirect_uri: str) -> tuple[str, str]:
        """Return the address at which Standvast is asked, and the state of this question.

        :raises NotLetIn: if it is another Standvast than we know, or it is away.
        """
        server = f"{self._issuer}/fhir" if launch else self._issuer
        if iss.rstrip("/") != server:
            raise NotLetIn("It was started by somebody that it does not know.")
        place = "smart-configuration" if launch else "openid-configuration"
        async with _browser() as http:
            config = await _json(http, f"{server}/.well-known/{place}")
        if config.get("issuer") != self._issuer:
            raise NotLetIn("Standvast calls itself by another name.")
        state, verifier, nonce = (secrets.token_urlsafe(48) for _ in range(3))
        self._on_the_way[state] = Asking(verifier, nonce, config, redirect_uri)
        while len(self._on_the_way) > ON_THE_WAY_MAX:
            self._on_the_way.popitem(last=False)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": self._scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        asked |= {"aud": server, "launch": launch} if launch else {}
        return f"{config['authorization_endpoint']}?{urlencode(asked)}", state

    async def finish(self, told: Mapping[str, str], key: EllipticCurvePrivateKey) -> Got:
        """Return who it is, and what may be read, for what Standvast sent them back with.

        :raises NotLetIn: if any of it is not as it should be.
        """
        asking = self._on_the_way.pop(told.get("state", ""), None)
        if asking is None or told.get("iss") != self._issuer:
            raise NotLetIn("Nobody was asked for this answer.")
        if "code" not in told:
            raise NotLetIn(f"Standvast said: {told.get('error', 'nothing')[:40]}.")
        fields = {
            "grant_type": "authorization_code",
            "code": told["code"],
            "redirect_uri": asking.redirect_uri,
            "code_verifier": asking.verifier,
            "client_assertion": self._assertion(asking.config["token_endpoint"], key),
            "client_assertion_type": ASSERTION_TYPE,
        }
        async with _browser() as http:
            answer = await _json(http, asking.config["token_endpoint"], fields)
            keys = await _json(http, asking.config["jwks_uri"])
            identity = self._identity(answer.get("id_token", ""), keys, asking.nonce)
            http.headers["Authorization"] = f"Bearer {answer['access_token']}"
            patient, practitioner = {}, {}
            if "patient" in answer:
                patient = await _json(http, f"{self._issuer}/fhir/Patient/{answer['patient']}")
            if str(identity.get("fhirUser", "")).startswith(f"{self._issuer}/fhir/"):
                practitioner = await _json(http, identity["fhirUser"])
        return Got(identity, answer, patient, practitioner)

    def _assertion(self, audience: str, key: EllipticCurvePrivateKey) -> str:
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": audience,
            "jti": str(uuid.uuid4()),
            "exp": int((datetime.now(UTC) + ASSERTION_LIFE).timestamp()),
        }
        return jwt.encode(claims, key, algorithm="ES384", headers={"kid": KEY_NAME})

    def _identity(self, token: str, keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        try:
            name = jwt.get_unverified_header(token).get("kid")
            key = next(jwt.PyJWK(one) for one in keys["keys"] if one.get("kid") == name)
            told: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._client_id,
                issuer=self._issuer,
                leeway=SKEW_S,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except (jwt.PyJWTError, StopIteration, KeyError) as error:
            raise NotLetIn(f"The identity is not taken: {type(error).__name__}.") from None
        if told.get("nonce") != nonce:
            raise NotLetIn("The identity is of another question.")
        return told


def _browser() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=DEADLINE_S, trust_env=False)


async def _json(
    http: httpx.AsyncClient, address: str, fields: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what stands at an address, or what is answered to a form.

    :raises NotLetIn: if nothing does.
    """
    try:
        answer = await (http.post(address, data=dict(fields)) if fields else http.get(address))
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotLetIn(f"Standvast does not answer: {type(error).__name__}.") from None
    if answer.status_code != httpx.codes.OK or not isinstance(told, dict):
        said = told.get("error", "") if isinstance(told, dict) else ""
        raise NotLetIn(f"Standvast refuses: {answer.status_code} {said}.")
    return told
