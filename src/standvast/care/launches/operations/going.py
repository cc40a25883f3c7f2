"""Somebody clicks through to another system: what goes along is made, counted, written down."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from standvast.care.launches.handing import Handover, handover_of
from standvast.care.launches.keys import opened_key
from standvast.care.launches.models import Hour, Version
from standvast.care.launches.queries.targets import standings, target_for
from standvast.care.launches.rules.targets import BY_APP, Source
from standvast.care.launches.starting import started
from standvast.care.launches.synthetic import PRACTICE_ID
from standvast.care.launches.views import VersionView
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.organisations.api import organisation_view
from standvast.registry.patients.api import PatientView, System, check_sees, patient_view, tell
from standvast.registry.people.api import person_names

KIND = "launches.target"
GONE = "launches.gone"


class TargetBroken(Refused):
    """Its walks fail; people may still try."""

    code = "launches.target_broken"


class PatientNeeded(Refused):
    """It opens with a patient in hand."""

    code = "launches.patient_needed"


@transaction.atomic(durable=True)
def go(
    *, actor: Actor, slug: str, patient_id: uuid.UUID | None, anyway: bool, now: datetime
) -> Handover:
    """Return what the browser hands over; each click is a token of its own.

    :raises TargetNotFound: if the organisation has no such target.
    :raises PatientNotFound: if it has no such patient.
    :raises RightMissing: if the actor may not be shown that patient, or no record at all.
    :raises PatientNeeded: if the target opens with a patient, and none was given.
    :raises AppNotFound: if it is an app that the organisation uses no more.
    :raises TargetBroken: if its walks fail and nobody said to try anyway.
    """
    version = target_for(actor.organisation_id, slug)
    if patient_id:
        check_sees(actor)
    patient = patient_view(actor.organisation_id, patient_id) if patient_id else None
    if version.draft.needs_patient and patient is None:
        raise PatientNeeded(marked("Open a patient first: this system is about one."))
    if not anyway and slug in (found := standings(now)) and found[slug].is_broken:
        raise TargetBroken(marked("{system} does not work now."), system=version.draft.title)
    values = values_of(actor, patient, task=version.draft.task)
    if version.draft.kind in BY_APP:
        handed = started(version.draft, actor=actor, patient_id=patient_id, values=values, now=now)
    else:
        handed = _handover(version, values, now)
    if actor.organisation_id != PRACTICE_ID:
        _count(version.target_id, actor.organisation_id, now)
    _tell(actor, version, patient, now)
    return handed


def values_of(actor: Actor, patient: PatientView | None, *, task: str) -> Mapping[Source, str]:
    """Return what each claim would carry; empty where there is nothing."""
    organisation = organisation_view(actor.organisation_id)
    person_id = actor.person_id
    values = {
        Source.ORIGIN: str(settings.ADDRESS),
        Source.TASK: task,
        Source.USER: str(person_id or ""),
        Source.USER_NAME: person_names({person_id}).get(person_id, "") if person_id else "",
        Source.ROLE: actor.role,
        Source.ORGANISATION: organisation.code,
        Source.ORGANISATION_SYSTEM: organisation.code_system,
        Source.ORGANISATION_NAME: organisation.name,
    }
    return values if patient is None else values | _about(patient)


def _about(patient: PatientView) -> dict[Source, str]:
    numbers: dict[System, str] = {}
    for system, value in patient.numbers:
        numbers.setdefault(system, value)
    return {
        Source.PATIENT: str(patient.id),
        Source.FAMILY: patient.name.family,
        Source.PREFIX: patient.name.prefix,
        Source.GIVEN: patient.name.given,
        Source.BIRTH_DATE: patient.birth_on.isoformat(),
        Source.SEX: patient.sex.value,
        Source.BSN: numbers.get(System.BSN, ""),
        Source.INSZ: numbers.get(System.INSZ, ""),
    }


def _handover(version: VersionView, values: Mapping[Source, str], now: datetime) -> Handover:
    row = Version.objects.only("sealed_key", "key_id").get(id=version.id)
    key = opened_key(row.sealed_key, row.key_id, row.id) if row.sealed_key else None
    return handover_of(version.draft, values, key=key, now=now)


def _count(target_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    row, _ = Hour.objects.get_or_create(
        target_id=target_id, organisation_id=organisation_id, hour=hour
    )
    Hour.objects.filter(id=row.id).update(count=F("count") + 1)


def _tell(actor: Actor, version: VersionView, patient: PatientView | None, now: datetime) -> None:
    """Write the click down; with a patient it stands among the looks at them."""
    told: dict[str, str | int] = {"target": version.slug, "version": version.number}
    if patient is not None:
        tell(actor, patient.id, "E", GONE, now, **told)
        return
    record(
        entry_of(
            actor,
            at=now,
            action="E",
            event=GONE,
            record_kind=KIND,
            record_id=version.target_id,
            detail=told,
        )
    )
