"""An app shows that it is the app, in the way that was registered for it and no other."""

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

import jwt
from django.db import IntegrityError, transaction

from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.models import App, Assertion
from standvast.registry.grants.rules.asking import is_name
from standvast.registry.grants.rules.proving import ASSERTION_TYPE, NotProven, Proof, proven


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of its app. Empty texts were not said; `secret` is None then."""

    client_id: str
    secret: str | None = None
    assertion: str = ""
    assertion_type: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """An app that has shown who it is."""

    app_id: uuid.UUID
    client_id: str
    proof: Proof


def shown_by(header: str, fields: dict[str, str]) -> Shown:
    """Return what a request shows, from its Authorization header and its fields.

    :raises NotProven: if it is unreadable, or two names or two ways are shown at once.
    """
    named = fields.get("client_id", "")
    assertion = fields.get("client_assertion", "")
    if fields.get("client_secret"):
        raise NotProven  # a secret among the fields ends up in logs of theirs: not offered
    if not header:
        name = named or (_claimed(assertion) if assertion else "")
        return Shown(name, None, assertion, fields.get("client_assertion_type", ""))
    name, secret = _basic(header)
    if assertion or (named and named != name):
        raise NotProven
    return Shown(name, secret)


def _basic(header: str) -> tuple[str, str]:
    way, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise NotProven from None
    name, found, secret = text.partition(":")
    if way.lower() != "basic" or not found:
        raise NotProven
    return unquote_plus(name), unquote_plus(secret)


@transaction.atomic
def prove(
    *, shown: Shown, audiences: tuple[str, ...], now: datetime, keeps_secrets: bool = False
) -> Proven:
    """Return the app that a request is from.

    :raises NotProven: if it is not known, closed, shows too little, or shows it in another way
        than was registered; or if what it signed was used before.
    """
    if not is_name(shown.client_id):
        raise NotProven
    app = App.objects.filter(client_id=shown.client_id, is_active=True).first()
    if app is None:
        raise NotProven
    proof = Proof(app.proof)
    match proof:
        case Proof.NONE:
            if keeps_secrets or shown.secret is not None or shown.assertion:
                raise NotProven
        case Proof.SECRET:
            if shown.secret is None or not hmac.compare_digest(
                digest_of(shown.secret), app.secret_digest
            ):
                raise NotProven
        case Proof.KEY:
            _check_assertion(app, shown, audiences, now)
    return Proven(app.id, app.client_id, proof)


def _claimed(assertion: str) -> str:
    """Return who an assertion says it is of; not proven yet."""
    try:
        told = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise NotProven from None
    return str(told.get("sub", ""))[:60]


def _check_assertion(app: App, shown: Shown, audiences: tuple[str, ...], now: datetime) -> None:
    if shown.secret is not None or shown.assertion_type != ASSERTION_TYPE:
        raise NotProven
    digest, forget_at = proven(
        shown.assertion,
        client_id=app.client_id,
        keys=app.public_keys,
        audiences=audiences,
        now=now,
    )
    try:
        with transaction.atomic():
            Assertion.objects.create(app=app, digest=digest, forget_at=forget_at)
    except IntegrityError:
        raise NotProven from None
