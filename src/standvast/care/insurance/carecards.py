"""The card about chain care on a patient's page: programmes, what was done, and what to record."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from standvast.care.insurance.forms import MAINS, ActivityForm, EnrolForm
from standvast.care.insurance.queries.care import activities_of, enrolments_of
from standvast.care.insurance.records import CARE
from standvast.care.insurance.rules.programmes import ACTIVITIES, PROGRAMMES
from standvast.care.insurance.views import ActivityRow, EnrolmentRow
from standvast.kit.actor import Actor
from standvast.registry.access.api import may_record
from standvast.registry.patients.api import PatientCard, one_person
from standvast.registry.people.api import person_names

SHOWN_COUNT = 20


@dataclass(frozen=True, slots=True)
class CareCard:
    """What the card shows. Texts are marked."""

    patient_id: uuid.UUID
    programmes: tuple[tuple[EnrolmentRow, str, str], ...]
    """Each with the programme's title and who is main practitioner."""
    done: tuple[tuple[ActivityRow, str, str], ...]
    """Each with what it is and who did it."""
    enrol: EnrolForm
    activity: ActivityForm | None
    """None while the patient is in no programme."""
    today: str


def care_card_for(actor: Actor, patient_id: uuid.UUID, now: datetime) -> PatientCard | None:
    """Return the card for the patient's page; None for who may not record chain care."""
    if not may_record(actor, "insurance.record", CARE):
        return None
    rows = one_person(actor.organisation_id, [patient_id]).get(patient_id, (patient_id,))
    enrolments = enrolments_of(actor.organisation_id, rows)
    done = activities_of(actor.organisation_id, rows, limit=SHOWN_COUNT)
    names = person_names({one.person_id for one in done if one.person_id})
    programmes = tuple(dict.fromkeys(one.programme for one in enrolments))
    today = timezone.localdate(now)
    card = CareCard(
        patient_id=patient_id,
        programmes=tuple((one, PROGRAMMES[one.programme], MAINS[one.main]) for one in enrolments),
        done=tuple(
            (
                one,
                ACTIVITIES[one.code],
                names.get(one.person_id, "") if one.person_id else one.partner,
            )
            for one in done
        ),
        enrol=EnrolForm(initial={"from_on": today}, auto_id="enrol_%s"),
        activity=ActivityForm(
            programmes=programmes, initial={"done_on": today}, auto_id="activity_%s"
        )
        if programmes
        else None,
        today=today.isoformat(),
    )
    return PatientCard("insurance/_care.html", card)


def _who(one: ActivityRow, names: Mapping[uuid.UUID, str]) -> str:
    return names.get(one.person_id, "") if one.person_id else one.partner
