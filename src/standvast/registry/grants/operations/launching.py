"""A click begins a launch: for a patient a handle for the app, which says nothing itself."""

import uuid
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.models import App, Launch
from standvast.registry.grants.operations.registering import KIND, AppNotFound
from standvast.registry.grants.places import fhir_server, issuer
from standvast.registry.grants.rules.addresses import with_answer
from standvast.registry.grants.rules.asking import SentBack
from standvast.registry.grants.rules.times import LAUNCH_LIFE, OPENED_LIFE
from standvast.registry.patients.api import check_patient, check_sees


class StartedElsewhere(Refused):
    """The app is registered to be started at another address than was tried."""

    code = "grants.started_elsewhere"


@transaction.atomic(durable=True)
def begin_launch(
    *, actor: Actor, app_id: uuid.UUID, patient_id: uuid.UUID, handle: str, now: datetime
) -> str:
    """Keep who clicked, about whom, under a handle; return where the app is started.

    The handle counts for a minute and once, for this person, this organisation and this app.

    :raises RightMissing: if the actor may not see patients.
    :raises PatientNotFound: if the actor's organisation has no such patient.
    :raises AppNotFound: if it uses no such app, or one that is not started from here.
    """
    app = _used(actor, App.objects.filter(id=app_id).exclude(launch_url=""))
    _keep(actor, app, patient_id, handle, "", now)
    record(
        entry_of(
            actor,
            at=now,
            action="E",
            event="grants.launched",
            record_kind=KIND,
            record_id=app.id,
            detail={"patient": str(patient_id)},
        )
    )
    return app.launch_url


def launch_of(
    *,
    actor: Actor,
    client_id: str,
    address: str,
    patient_id: uuid.UUID,
    handle: str,
    intent: str,
    now: datetime,
) -> str:
    """Return the whole address at which an app is started about a patient (SMART App Launch).

    In the transaction of whoever starts it, who writes it down. `address` is where it was tried;
    `intent` is told to the app with its tokens.

    :raises RightMissing, PatientNotFound, AppNotFound: as `begin_launch` does.
    :raises StartedElsewhere: if the app was registered anew since, to be started elsewhere.
    """
    assert connection.in_atomic_block
    app = _used(actor, App.objects.filter(client_id=client_id))
    if app.launch_url != address:
        raise StartedElsewhere(
            marked("{app} is started elsewhere now, where nobody tried it. The desk has to look."),
            app=app.title,
        )
    _keep(actor, app, patient_id, handle, intent, now)
    return with_answer(app.launch_url, iss=fhir_server(), launch=handle)


def sign_in_of(*, actor: Actor, client_id: str, address: str, opens: str) -> str:
    """Return the whole address at which an app is told to sign somebody in with us, and why.

    As OpenID Connect has it (initiating login from a third party): without a hint of who it is.

    :raises AppNotFound: if the actor's organisation uses no such app.
    """
    _used(actor, App.objects.filter(client_id=client_id))
    return with_answer(address, iss=issuer(), target_link_uri=opens)


def _used(actor: Actor, apps: QuerySet[App]) -> App:
    used = apps.filter(is_active=True, uses__organisation_id=actor.organisation_id).first()
    if used is None or actor.person_id is None:
        raise AppNotFound(marked("Your organisation does not use this app."))
    return used


def _keep(
    actor: Actor, app: App, patient_id: uuid.UUID, handle: str, intent: str, now: datetime
) -> None:
    assert actor.person_id is not None, "looked at before"
    check_sees(actor)
    check_patient(actor.organisation_id, patient_id)
    Launch.objects.create(
        app=app,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        patient_id=patient_id,
        digest=digest_of(handle),
        intent=intent,
        expires_at=now + LAUNCH_LIFE,
    )


@transaction.atomic(durable=True)
def open_launch(*, actor: Actor, app_id: uuid.UUID, handle: str, now: datetime) -> uuid.UUID:
    """Return whom a launch is about; from then on its person has some minutes to answer.

    :raises SentBack: if it is not this person's launch of this app, or its time has passed.
    """
    launch = find_launch(actor=actor, app_id=app_id, handle=handle, now=now)
    if launch.opened_at is None:
        launch.opened_at = now
        launch.save(update_fields=["opened_at"])
    return launch.patient_id


def find_launch(*, actor: Actor, app_id: uuid.UUID, handle: str, now: datetime) -> Launch:
    """Return a launch that still counts, locked; inside the caller's transaction.

    :raises SentBack: if it does not.
    """
    assert actor.person_id is not None
    launch = (
        Launch.objects.select_for_update()
        .filter(
            digest=digest_of(handle),
            app_id=app_id,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            used_at=None,
        )
        .first()
    )
    if launch is None or now >= _counts_until(launch):
        raise SentBack("invalid_request", "This launch was used, is too old, or is not yours.")
    return launch


def _counts_until(launch: Launch) -> datetime:
    return launch.opened_at + OPENED_LIFE if launch.opened_at else launch.expires_at
