"""What an app is told of a person: only what was said yes to."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from standvast.registry.grants.operations.exchanging import Issued
from standvast.registry.grants.places import issuer, practitioner
from standvast.registry.grants.rules.times import IDENTITY_LIFE
from standvast.registry.grants.signing import half_digest, signed
from standvast.registry.people.api import person_by_id


def identity_of(person_id: uuid.UUID, scopes: Collection[str]) -> dict[str, Any]:
    """Return who somebody is. `sub` is theirs for all apps, and says nothing by itself."""
    told: dict[str, Any] = {"sub": str(person_id)}
    if "profile" in scopes:
        person = person_by_id(person_id)
        told |= {"name": person.display_name, "locale": person.language}
    if "fhirUser" in scopes:
        told["fhirUser"] = practitioner(person_id)
    return told


def identity(made: Issued, *, client_id: str, now: datetime) -> str:
    """Return the identity token beside an access token."""
    told = identity_of(made.person_id, made.scopes) | {
        "iss": issuer(),
        "aud": client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + IDENTITY_LIFE).timestamp()),
        "auth_time": int(made.signed_in_at.timestamp()),
        "at_hash": half_digest(made.access),
    }
    if made.nonce:
        told["nonce"] = made.nonce
    return signed(told, now=now)
