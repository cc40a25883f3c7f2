"""Somebody reads patients as FHIR resources: read and written down in one transaction."""

import re
import uuid
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import record_many
from standvast.fhir.api import Asked, Caller, Found, Json, RequestNotRight, day_in, token_in
from standvast.kit.words import marked
from standvast.registry.patients.operations.looking import look_at
from standvast.registry.patients.queries import FIT_MAX, patient_views, patients_found
from standvast.registry.patients.resources import resource_of
from standvast.registry.patients.rows import check_sees, entry, looked_up
from standvast.registry.patients.rules import WORDS_MAX, Search, enough, folded
from standvast.registry.patients.systems import SYSTEMS
from standvast.registry.patients.views import PatientView

IDS_MAX = 50


def read_patient(*, caller: Caller, resource_id: uuid.UUID, now: datetime) -> Json:
    """Return a patient, and write down who looked.

    :raises PatientNotFound, OutOfContext: if the caller's organisation has no such patient, or the
        caller may not ask about this one.
    """
    caller.check_patient(resource_id)
    return resource_of(look_at(actor=caller.actor, patient_id=resource_id, now=now))


@transaction.atomic(durable=True)
def search_patients(*, caller: Caller, asked: Asked, now: datetime) -> Found:
    """Return a page of the patients that fit a search; each one shown is written down as seen.

    :raises SearchTooShort, RequestNotRight: if there is too little to search by, or it cannot be.
    :raises RightMissing: if a rule shows the caller no record.
    """
    actor, end = caller.actor, asked.skip + asked.count
    check_sees(actor)
    ids = _ids_of(caller, asked)
    views = patient_views(actor.organisation_id, ids[asked.skip : end])
    shown = [view for view in views if _has_number(view, asked.one("identifier"))]
    record_many(
        [
            looked_up(actor, len(shown), now),
            *(entry(actor, view.id, "R", "patients.seen", now) for view in shown),
        ]
    )
    return Found(tuple(map(resource_of, shown)), has_more=len(ids) > end)


def _ids_of(caller: Caller, asked: Asked) -> list[uuid.UUID]:
    """Return who fits, by name, up to one more than the page asked for holds."""
    organisation_id = caller.actor.organisation_id
    if named := asked.one("_id"):
        if len(asked.values) > 1:
            raise RequestNotRight(marked("Search by _id alone, or by the others without it."))
        ids = [_id(one) for one in named.split(",")[:IDS_MAX]]
    else:
        rows = patients_found(
            organisation_id,
            _search(asked),
            rows_max=min(FIT_MAX, asked.skip + asked.count + 1),
            only_id=caller.only_patient_id,
        )
        ids = [row.id for row in rows]
    if caller.only_patient_id is not None:
        ids = [one for one in ids if one == caller.only_patient_id]
    return ids


def _search(asked: Asked) -> Search:
    words = [word for name in asked.values.get("name", ()) for word in folded(name).split()]
    number = ""
    if identifier := asked.one("identifier"):
        number = re.sub(r"[\s./-]", "", token_in(identifier)[1])
    return enough(Search(tuple(words[:WORDS_MAX]), day_in(asked, "birthdate"), number))


def _has_number(view: PatientView, identifier: str) -> bool:
    """Whether one of a patient's numbers is of the system that was named, if one was."""
    system = token_in(identifier)[0] if identifier else ""
    number = re.sub(r"[\s./-]", "", token_in(identifier)[1]) if identifier else ""
    return not system or any(
        SYSTEMS[one] == system and value == number for one, value in view.numbers
    )


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        raise RequestNotRight(marked("An id here is a UUID.")) from None
