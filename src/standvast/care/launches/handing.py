"""What a browser is given to hand over: an address and the fields of a form."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings

from standvast.care.launches.keys import name_of, public_pem
from standvast.care.launches.rules.targets import (
    BY_APP,
    LIFE,
    Draft,
    Kind,
    Source,
    nested,
    sites_of,
)

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class Handover:
    """One click on its way. `fields` go by form post; without any it is a plain address."""

    title: str
    address: str
    fields: tuple[tuple[str, str], ...]
    handed: Mapping[str, str]
    """The claims by their names there, as the other side will show them."""
    sites: tuple[str, ...]
    """Where a browser may end."""
    asks_at: str = ""
    """Our own door, where an app asks who it is; empty where the other side is no app."""


def handover_of(
    draft: Draft,
    values: Mapping[Source, str],
    *,
    key: EllipticCurvePrivateKey | None,
    now: datetime,
) -> Handover:
    """Return what is handed over now. A token is made anew each time, with a number of its own."""
    handed = {name: values.get(Source(source), "") for name, source in draft.claims.items()}
    handed = {name: value for name, value in handed.items() if value}
    match draft.kind:
        case Kind.SIGNED:
            assert key is not None, "held by a constraint"
            fields: tuple[tuple[str, str], ...] = (
                (draft.token_field, _token(draft, handed, key=key, now=now)),
            )
        case Kind.FORM:
            fields = tuple(handed.items())
        case Kind.LINK:
            fields = ()
        case _:
            raise AssertionError("an app is started, see starting.py")
    return Handover(draft.title, draft.address, fields, handed, sites_of(draft))


def handover_to_app(
    draft: Draft, values: Mapping[Source, str], *, address: str, asks_at: str
) -> Handover:
    """Return that somebody goes to an app at this address; it reads from us what it shows."""
    assert draft.kind in BY_APP
    handed = {name: values.get(Source(name), "") for name in draft.contract.echoes}
    return Handover(draft.title, address, (), handed, sites_of(draft), asks_at)


def _token(
    draft: Draft, handed: Mapping[str, str], *, key: EllipticCurvePrivateKey, now: datetime
) -> str:
    issued = int(now.timestamp())
    claims = {
        **nested(handed),
        "iss": str(settings.ADDRESS),
        "aud": draft.audience,
        "jti": str(uuid.uuid4()),
        "iat": issued,
        "exp": issued + int(LIFE.total_seconds()),
    }
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": name_of(public_pem(key))})
