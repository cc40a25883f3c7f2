"""Whoever claims for a practice is reminded, once a quarter, of what is still to be claimed."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from standvast.care.insurance.letters import TIDING, reminder_letter
from standvast.care.insurance.models import Reminder
from standvast.care.insurance.queries.reminders import outstanding_of, to_look_at
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.rules.reminders import (
    AT_ONCE_MAX,
    Outstanding,
    people_of,
    quarter_to_remind_of,
)
from standvast.core.delivery.api import (
    AddressWrong,
    Message,
    Urgency,
    enqueue_many,
    mail_message,
)
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor, house_actor
from standvast.registry.access.api import Role, holders_of_role, may, memberships_of
from standvast.registry.organisations.api import OrganisationView, organisation_view
from standvast.registry.people.api import Person, person_by_id
from standvast.registry.tidings.api import tell


def remind(now: datetime) -> None:
    """Remind practices of the quarter that is over; some at a time, each looked at once a day."""
    local = timezone.localtime(now)
    quarter = quarter_to_remind_of(local)
    if quarter is None or not settings.CLAIMS_URL:
        return
    for organisation_id in to_look_at(quarter, today=local.date(), limit=AT_ONCE_MAX):
        remind_one(organisation_id=organisation_id, quarter=quarter, now=now)


@transaction.atomic(durable=True)
def remind_one(*, organisation_id: uuid.UUID, quarter: Quarter, now: datetime) -> int:
    """Tell whoever claims for a practice what is still to be claimed; return how many were told.

    Once: a practice that was told is not told again, and the key of a mail is quarter, practice and
    person. With nothing to claim, or nobody to tell, it is looked at again the next day.
    """
    today = timezone.localdate(now)
    row, is_new = Reminder.objects.select_for_update().get_or_create(
        organisation_id=organisation_id, quarter=str(quarter), defaults={"looked_on": today}
    )
    if row.told_at is not None or (row.looked_on >= today and not is_new):
        return 0
    row.looked_on = today
    outstanding = outstanding_of(organisation_id, quarter)
    view = organisation_view(organisation_id)
    people = _people(organisation_id, now) if outstanding and view.is_active else []
    if people:
        enqueue_many(_mails(view, people, quarter, outstanding), now=now)
        tell(
            person_ids=[person.id for person in people],
            organisation_id=organisation_id,
            key=f"insurance.reminder.{quarter}.{organisation_id}",
            template=TIDING,
            values={
                "number": quarter.number,
                "year": quarter.year,
                "count": people_of(outstanding),
            },
            path=reverse("insurance:claims"),
            now=now,
        )
        row.told_at, row.people_count = now, len(people)
    row.save()
    if people:
        _write_down(row, now)
    return len(people)


def reminder_key(*, quarter: Quarter, organisation_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """Return what names a reminder on the lane of mail."""
    return f"claims-reminder.{quarter}.{organisation_id}.{person_id}"


def _people(organisation_id: uuid.UUID, now: datetime) -> list[Person]:
    """Return who may claim there now, by role or by what was given to them."""
    ids = holders_of_role(organisation_id, tuple(Role), now=now)
    people = [person_by_id(one) for one in sorted(ids)]
    return [one for one in people if one.is_active and _may_claim(one.id, organisation_id)]


def _may_claim(person_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    return any(
        may(
            Actor(
                person_id,
                organisation_id,
                there.role.value,
                organisation_kind=there.organisation_kind.value,
                held=there.held,
            ),
            "insurance.claim",
        )
        for there in memberships_of(person_id)
        if there.organisation_id == organisation_id
    )


def _mails(
    view: OrganisationView,
    people: Sequence[Person],
    quarter: Quarter,
    outstanding: Sequence[Outstanding],
) -> list[Message]:
    """Return a mail for each who has an address; the others find it under their bell."""
    found = []
    for person in people:
        letter = reminder_letter(
            to=person.email,
            language=person.language,
            organisation_name=view.name,
            quarter=quarter,
            outstanding=outstanding,
        )
        try:
            found.append(
                mail_message(
                    key=reminder_key(quarter=quarter, organisation_id=view.id, person_id=person.id),
                    to=letter.to,
                    language=letter.language,
                    subject=letter.subject,
                    text=letter.text,
                    html=letter.html,
                    urgency=Urgency.BULK,
                )
            )
        except AddressWrong:
            continue
    return found


def _write_down(row: Reminder, now: datetime) -> None:
    record(
        entry_of(
            house_actor(row.organisation_id),
            at=now,
            action="E",
            event="insurance.reminded",
            record_kind="insurance.reminder",
            record_id=row.id,
            detail={"quarter": row.quarter, "people": row.people_count},
        )
    )
