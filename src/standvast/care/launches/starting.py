"""Targets that are apps: each is registered at the desk, and lets people in by asking us."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from standvast.care.launches.handing import Handover, handover_to_app
from standvast.care.launches.rules.addresses import TargetNotRight
from standvast.care.launches.rules.targets import Draft, Kind, Source
from standvast.care.launches.synthetic import a_patient, somebody, values_of_nobody
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.grants.api import (
    app_named,
    launch_of,
    let_walk,
    new_secret,
    place,
    sign_in_of,
)

ASKS = {Kind.SMART: "launch", Kind.OPENID: "openid"}
"""The scope without which such an app gets nothing of it."""


def check_registered(draft: Draft) -> None:
    """Pass if the desk registered this app, and to be started so.

    :raises AppNotFound: if it knows no such app, or closed it.
    :raises TargetNotRight: if the app is started elsewhere, or may not ask for what it needs.
    """
    app = app_named(draft.app)
    if draft.kind is Kind.SMART and draft.address != app.launch_url:
        raise TargetNotRight(
            marked("The app is registered to be started at {address}: write that, or change it."),
            address=app.launch_url or "–",
        )
    if ASKS[draft.kind] not in app.scopes:
        raise TargetNotRight(
            marked("The app may not ask for {scope} yet: change that first, under Apps."),
            scope=ASKS[draft.kind],
        )


def started(
    draft: Draft,
    *,
    actor: Actor,
    patient_id: uuid.UUID | None,
    values: Mapping[Source, str],
    now: datetime,
) -> Handover:
    """Return where the browser goes to start an app, in the caller's transaction.

    What stands in the address says nothing by itself: who we are, and for a patient a random text
    that counts for a minute, once, for this person, organisation, patient and app.

    :raises AppNotFound: if the actor's organisation uses it no more.
    :raises StartedElsewhere: if it was registered anew since, to be started where nobody tried.
    """
    if draft.kind is Kind.SMART:
        assert patient_id is not None, "asked for before"
        address = launch_of(
            actor=actor,
            client_id=draft.app,
            address=draft.address,
            patient_id=patient_id,
            handle=new_secret(),
            intent=draft.task,
            now=now,
        )
    else:
        address = sign_in_of(
            actor=actor, client_id=draft.app, address=draft.address, opens=draft.opens
        )
    return handover_to_app(draft, values, address=address, asks_at=place("authorise"))


def let_walker_in(draft: Draft, now: datetime) -> Actor:
    """Let whoever walks be let in to this app without being asked; return them.

    :raises AppNotFound: if it is closed.
    """
    actor = somebody(now)
    assert actor.person_id is not None
    let_walk(client_id=draft.app, person_id=actor.person_id, now=now)
    return actor


def started_for_nobody(draft: Draft, *, now: datetime) -> Handover:
    """Return the same for whoever walks, about a patient that nobody sees.

    :raises AppNotFound: if it is closed.
    """
    actor = let_walker_in(draft, now)
    patient_id = a_patient(now) if draft.needs_patient else None
    values = values_of_nobody(task=draft.task)
    with transaction.atomic():
        return started(draft, actor=actor, patient_id=patient_id, values=values, now=now)
