"""A person lets an app in, or does not."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import Entry, entry_of, record_many
from standvast.kit.actor import Actor
from standvast.registry.access.api import purpose_of
from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.models import App, AppUse, Consent, Grant
from standvast.registry.grants.operations.launching import find_launch
from standvast.registry.grants.operations.registering import KIND
from standvast.registry.grants.rules.asking import SentBack
from standvast.registry.grants.rules.times import CODE_LIFE, FORGET_AFTER
from standvast.registry.patients.api import check_patient, check_sees
from standvast.registry.people.api import Person

PATIENT_KIND = "patients.patient"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is given: to whom, how much, about whom, and where the code goes."""

    app_id: uuid.UUID
    scopes: tuple[str, ...]
    patient_id: uuid.UUID | None
    launch: str
    redirect_uri: str
    challenge: str
    nonce: str
    signed_in_at: datetime


def sworn_by(password: str) -> str:
    """Return what changes whenever a person's password does. `password` is its hash."""
    return hashlib.sha256(password.encode()).hexdigest()


@transaction.atomic(durable=True)
def let_in(*, actor: Actor, decision: Decision, code: str, now: datetime) -> uuid.UUID:
    """Give an app a code that it can exchange once, within a minute; return the grant.

    What was said yes to is remembered, so that the same question is not asked again.

    :raises SentBack: if the app may not be used there, or the launch does not count.
    :raises RightMissing, PatientNotFound: if the patient is not the actor's to show.
    """
    assert actor.person_id is not None
    assert actor.helping_from is None, "whoever helps by phone gives nothing away"
    app = App.objects.select_for_update(no_key=True).get(id=decision.app_id)
    if not app.is_active or not is_used(app.id, actor.organisation_id):
        raise SentBack("access_denied", "This organisation does not use the app.")
    if decision.patient_id is not None:
        check_sees(actor)
        check_patient(actor.organisation_id, decision.patient_id)
    intent = _use_launch(actor, decision, now) if decision.launch else ""
    person = Person.objects.get(id=actor.person_id)
    grant = Grant.objects.create(
        app=app,
        person=person,
        organisation_id=actor.organisation_id,
        patient_id=decision.patient_id,
        scopes=" ".join(decision.scopes),
        code_digest=digest_of(code),
        code_expires_at=now + CODE_LIFE,
        redirect_uri=decision.redirect_uri,
        challenge=decision.challenge,
        nonce=decision.nonce,
        intent=intent,
        signed_in_at=decision.signed_in_at,
        sworn=sworn_by(person.password),
        given_at=now,
        forget_at=now + FORGET_AFTER,
    )
    Consent.objects.update_or_create(
        app=app,
        person=person,
        organisation_id=actor.organisation_id,
        defaults={"scopes": grant.scopes, "given_at": now},
    )
    record_many(_told(actor, app.id, "grants.given", now, decision.patient_id))
    return grant.id


@transaction.atomic(durable=True)
def refuse(*, actor: Actor, app_id: uuid.UUID, now: datetime) -> None:
    """Tell in the journal that a person did not let an app in. What they gave before stays."""
    record_many(_told(actor, app_id, "grants.refused", now, None, outcome=4))


def is_used(app_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    """Whether an organisation uses an app."""
    return AppUse.objects.filter(app_id=app_id, organisation_id=organisation_id).exists()


def _use_launch(actor: Actor, decision: Decision, now: datetime) -> str:
    """Use a launch up and return what it was to open."""
    launch = find_launch(actor=actor, app_id=decision.app_id, handle=decision.launch, now=now)
    if launch.patient_id != decision.patient_id:
        raise SentBack("invalid_request", "This launch is about another patient.")
    launch.used_at = now
    launch.save(update_fields=["used_at"])
    return launch.intent


def _told(
    actor: Actor,
    app_id: uuid.UUID,
    event: str,
    now: datetime,
    patient_id: uuid.UUID | None,
    *,
    outcome: int = 0,
) -> list[Entry]:
    """Return the lines of the journal: one about the app, one that the patient's list shows."""
    lines = [
        entry_of(
            actor,
            at=now,
            action="E",
            event=event,
            record_kind=KIND,
            record_id=app_id,
            outcome=outcome,
        )
    ]
    if patient_id is not None:
        lines.append(
            entry_of(
                actor,
                at=now,
                action="E",
                event="grants.patient_shown",
                record_kind=PATIENT_KIND,
                record_id=patient_id,
                detail={"app": str(app_id)},
                purpose=purpose_of(actor, "patients.see"),
            )
        )
    return lines
