"""Somebody reads a colleague as a FHIR resource: an app, mostly, whom it was let in by."""

import uuid
from datetime import datetime

from standvast.fhir.api import Caller, Json, Resource
from standvast.kit.words import marked
from standvast.registry.access.queries import ColleagueNotFound, memberships_of
from standvast.registry.access.resources import practitioner_of
from standvast.registry.access.rules import Right, Role
from standvast.registry.people.api import person_names

COLLEAGUES = Right("access.colleagues", frozenset(Role), marked("see who works here"))


def read_practitioner(*, caller: Caller, resource_id: uuid.UUID, now: datetime) -> Json:
    """Return somebody who works where the caller does; no care is in it, so no look is kept.

    Whoever may ask about one patient, or about themselves, sees nobody but themselves.

    :raises ColleagueNotFound: if nobody of that id works there now, or not for this caller to see.
    """
    del now
    actor = caller.actor
    is_narrow = caller.only_patient_id is not None or caller.is_for_self
    works_at = {held.organisation_id for held in memberships_of(resource_id)}
    if actor.organisation_id not in works_at or (is_narrow and resource_id != actor.person_id):
        raise ColleagueNotFound(marked("There is no such colleague in your organisation."))
    return practitioner_of(resource_id, person_names({resource_id})[resource_id])


PRACTITIONER_RESOURCE = Resource(
    "Practitioner",
    COLLEAGUES.name,
    "Who works in one's own organisation: the name. With the scope fhirUser, oneself.",
    read=read_practitioner,
    own_scope="fhirUser",
)
