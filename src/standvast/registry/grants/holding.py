"""Whether what was given still holds, and who stands behind a token. Asked at each use.

Nothing is remembered between two uses: taking a grant back, leaving an organisation, a new
password, a closed app are felt by the very next request.
"""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.kit.actor import Actor
from standvast.registry.access.api import Holding, MembershipView, memberships_of
from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.models import AppUse, Grant, Token
from standvast.registry.grants.operations.deciding import sworn_by
from standvast.registry.grants.rules.scopes import granted, words_of

TOKEN_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who stands behind a token, and what it may be used for.

    `actor` is the person at work, with the role they have now and what they hold beside it: an app
    may do what its scopes *and* that give, whichever is less; broken glass is theirs alone. With
    `patient_id` it is for that patient only, as far as its `patient/` scopes go.
    """

    actor: Actor
    app_id: uuid.UUID
    client_id: str
    scopes: tuple[str, ...]
    patient_id: uuid.UUID | None
    issued_at: datetime
    expires_at: datetime


def membership_now(grant: Grant) -> MembershipView | None:
    """Return what its person is now where it was given; None if they left."""
    for held in memberships_of(grant.person_id):
        if held.organisation_id == grant.organisation_id:
            return held
    return None


def scopes_now(scopes: str, grant: Grant) -> tuple[str, ...]:
    """Return what of these its app may still have: what is registered for it can become less."""
    return granted(words_of(scopes), words_of(grant.app.scopes))


def standing(grant: Grant) -> MembershipView | None:
    """Return as what a grant's person is at work there; None if anything happened that ends it."""
    person, app = grant.person, grant.app
    holds = (
        grant.ended_at is None
        and app.is_active
        and person.is_active
        and hmac.compare_digest(grant.sworn, sworn_by(person.password))
        and AppUse.objects.filter(app=app, organisation_id=grant.organisation_id).exists()
    )
    return membership_now(grant) if holds else None


def bearer_of(token: str, *, address: str, now: datetime) -> Bearer | None:
    """Return who stands behind an access token; None if it opens nothing now."""
    if not 0 < len(token) <= TOKEN_CHARACTERS_MAX:
        return None
    found = (
        Token.objects.filter(digest=digest_of(token), kind="access", expires_at__gt=now)
        .select_related("grant__app", "grant__person")
        .first()
    )
    held = standing(found.grant) if found else None
    if found is None or held is None:
        return None
    return Bearer(
        actor=Actor(
            person_id=found.grant.person_id,
            organisation_id=found.grant.organisation_id,
            role=held.role.value,
            address=address,
            language=found.grant.person.language,
            app=found.grant.app.title,
            organisation_kind=held.organisation_kind.value,
            held=frozenset(one for one in held.held if not one.startswith(Holding.GLASS.value)),
        ),
        app_id=found.grant.app_id,
        client_id=found.grant.app.client_id,
        scopes=scopes_now(found.scopes, found.grant),
        patient_id=found.grant.patient_id,
        issued_at=found.issued_at,
        expires_at=found.expires_at,
    )
