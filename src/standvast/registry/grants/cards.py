"""The card on a patient's page from which apps are started."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot, wired
from standvast.registry.grants.queries.apps import AppView, apps_started_from
from standvast.registry.patients.api import PatientCard

STARTED_ELSEWHERE: Slot[Callable[[uuid.UUID], Collection[str]]] = Slot("grants.started_elsewhere")
"""(organisation) -> the names (client_id) of apps that another card on the page starts."""


@dataclass(frozen=True, slots=True)
class AppsCard:
    """The apps that the organisation starts from here, and about whom."""

    patient_id: uuid.UUID
    apps: tuple[AppView, ...]


def card_for(actor: Actor, patient_id: uuid.UUID, now: datetime) -> PatientCard | None:
    """Return the card for the patient's page; None where no app is started from it."""
    del now
    known = apps_started_from(actor.organisation_id)
    if not known:
        return None
    elsewhere: set[str] = set()
    for found in wired(STARTED_ELSEWHERE):
        elsewhere.update(found(actor.organisation_id))
    apps = tuple(app for app in known if app.client_id not in elsewhere)
    return PatientCard("grants/_apps.html", AppsCard(patient_id, apps)) if apps else None
