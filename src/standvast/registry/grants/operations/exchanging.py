"""A code becomes tokens, and a refresh token the next ones. Each counts once.

What is shown a second time was copied by somebody: the whole grant ends, with all that came of it,
and stays ended. So the answer is a value and not an exception: the end has to be committed.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.holding import scopes_now, standing
from standvast.registry.grants.models import Grant, Token
from standvast.registry.grants.operations.ending import end, tell_ended
from standvast.registry.grants.operations.registering import KIND
from standvast.registry.grants.rules.asking import fits_challenge
from standvast.registry.grants.rules.scopes import OFFLINE, granted, words_of
from standvast.registry.grants.rules.times import (
    ACCESS_LIFE,
    FORGET_AFTER,
    GRANT_LIFE,
    REFRESH_LIFE,
    REUSE_SEEN_FOR,
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the next tokens will be, made by the caller."""

    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens, and what an answer says beside them. `refresh` is empty where none is given."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    patient_id: uuid.UUID | None
    scopes: tuple[str, ...]
    access: str
    refresh: str
    nonce: str
    intent: str
    signed_in_at: datetime


@dataclass(frozen=True, slots=True)
class NotIssued:
    """Why not, as the protocol says it. The app is not told which part was wrong."""

    error: str = "invalid_grant"


@transaction.atomic(durable=True)
def exchange(
    *,
    app_id: uuid.UUID,
    code: str,
    redirect_uri: str,
    verifier: str,
    secrets: Secrets,
    now: datetime,
) -> Issued | NotIssued:
    """Give the tokens for a code, to the app that it was made for and that asked for it."""
    grant = Grant.objects.select_for_update().filter(code_digest=digest_of(code)).first()
    if grant is None or grant.app_id != app_id:
        return NotIssued()
    if grant.code_used_at is not None:
        _end_for_reuse(grant, "code_reused", now)
        return NotIssued()
    grant.code_used_at = now
    grant.save(update_fields=["code_used_at"])
    fits = redirect_uri == grant.redirect_uri and fits_challenge(verifier, grant.challenge)
    if not fits or now >= grant.code_expires_at or standing(grant) is None:
        return NotIssued()
    _tell(grant, "grants.exchanged", now)
    held = scopes_now(grant.scopes, grant)
    return _issue(grant, held, held, secrets, now)


@transaction.atomic(durable=True)
def refresh(
    *, app_id: uuid.UUID, token: str, asked: str, secrets: Secrets, now: datetime
) -> Issued | NotIssued:
    """Give the next tokens for a refresh token; `asked` may be fewer scopes, never more."""
    found = Token.objects.filter(digest=digest_of(token), kind="refresh").first()
    if found is None:
        return NotIssued()
    grant = Grant.objects.select_for_update().get(id=found.grant_id)
    found.refresh_from_db()
    if grant.app_id != app_id:
        return NotIssued()
    if found.used_at is not None:
        _end_for_reuse(grant, "refresh_reused", now)
        return NotIssued()
    if now >= found.expires_at or standing(grant) is None:
        return NotIssued()
    held = scopes_now(grant.scopes, grant)
    scopes = granted(words_of(asked), held) if asked else held
    if asked and len(scopes) < len(words_of(asked)):
        return NotIssued("invalid_scope")
    found.used_at, found.forget_at = now, now + REUSE_SEEN_FOR
    found.save(update_fields=["used_at", "forget_at"])
    _tell(grant, "grants.refreshed", now)
    return _issue(grant, held, scopes, secrets, now)


def _issue(
    grant: Grant, held: tuple[str, ...], scopes: tuple[str, ...], secrets: Secrets, now: datetime
) -> Issued:
    """Make the tokens: for `scopes` now, and for all that is `held` at a later time."""
    expires_at = now + ACCESS_LIFE
    made = [_token(grant, "access", secrets.access, " ".join(scopes), now, expires_at)]
    is_offline = OFFLINE in held
    if is_offline:
        expires_at = min(now + REFRESH_LIFE, grant.given_at + GRANT_LIFE)
        made.append(_token(grant, "refresh", secrets.refresh, " ".join(held), now, expires_at))
    Token.objects.bulk_create(made)
    grant.forget_at = max(grant.forget_at, expires_at + FORGET_AFTER)
    grant.save(update_fields=["forget_at"])
    return Issued(
        person_id=grant.person_id,
        organisation_id=grant.organisation_id,
        patient_id=grant.patient_id,
        scopes=scopes,
        access=secrets.access,
        refresh=secrets.refresh if is_offline else "",
        nonce=grant.nonce,
        intent=grant.intent,
        signed_in_at=grant.signed_in_at,
    )


def _token(
    grant: Grant, kind: str, secret: str, scopes: str, now: datetime, expires_at: datetime
) -> Token:
    return Token(
        grant=grant,
        kind=kind,
        digest=digest_of(secret),
        scopes=scopes,
        issued_at=now,
        expires_at=expires_at,
        forget_at=expires_at + FORGET_AFTER,
    )


def _end_for_reuse(grant: Grant, why: str, now: datetime) -> None:
    if grant.ended_at is None:
        end(grant, why=why, now=now)
        tell_ended(grant, now=now, outcome=8)


def _tell(grant: Grant, event: str, now: datetime) -> None:
    record(
        entry_of(
            Actor(grant.person_id, grant.organisation_id, "app"),
            at=now,
            action="E",
            event=event,
            record_kind=KIND,
            record_id=grant.app_id,
        )
    )
