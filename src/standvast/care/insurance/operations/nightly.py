"""A practice's coverage is asked anew: begun by the night or by somebody, gone on with in steps.

Each step is one transaction: some patients are looked at, whom it is time to ask about is asked,
and where it came to is written down. Whichever process takes the next step goes on from there.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from standvast.care.insurance.models import Check, Coverage, Message, Night
from standvast.care.insurance.operations.asking import FORGOTTEN_AFTER, LANE, CoverageNotSetUp
from standvast.care.insurance.queries.coverage import search_about
from standvast.care.insurance.rules import nightly
from standvast.care.insurance.rules.coverage import Path, Search, Status
from standvast.care.insurance.rules.nightly import Ended
from standvast.care.insurance.told import entry
from standvast.core.delivery.api import Message as Handed
from standvast.core.delivery.api import Urgency, enqueue_many, lane_view
from standvast.core.journal.api import entry_of, record, record_many
from standvast.database.api import named_sql
from standvast.kit.actor import Actor, house_actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.organisations.api import Kind, organisations_of_kinds
from standvast.registry.patients.api import PatientView, patients_after, patients_count

PACKAGE = "standvast.care.insurance"
STEPS_MAX = 20
"""Steps in one go of the watch."""

FORGOTTEN_MAX = 100


class NightUnderWay(Refused):
    """This practice's coverage is being asked already."""

    code = "insurance.night_under_way"


@transaction.atomic(durable=True)
def begin_night(*, actor: Actor, now: datetime) -> uuid.UUID:
    """Ask anew about every patient whose answer is older than the installation says.

    Whoever has no person is the night itself: it begins once a day.

    :raises CoverageNotSetUp: if this installation asks no insurers.
    :raises NightUnderWay: if it is being done, or the night did it today.
    """
    if not settings.COVERAGE_URL:
        raise CoverageNotSetUp(marked("No insurers are asked here: no service is set up."))
    try:
        with transaction.atomic():
            night = Night.objects.create(
                organisation_id=actor.organisation_id,
                person_id=actor.person_id,
                night_on=timezone.localdate(now),
                begun_at=now,
                stepped_at=now,
                answers_before=now - timedelta(days=settings.COVERAGE_ANEW_DAYS),
                patients_count=patients_count(actor.organisation_id),
            )
    except IntegrityError:
        raise NightUnderWay(
            marked("Your patients' insurance is being asked already. Look how far it is.")
        ) from None
    record(
        entry_of(
            actor,
            at=now,
            action="E",
            event="insurance.night_begun",
            record_kind="insurance.night",
            record_id=night.id,
            detail={"patients": night.patients_count},
        )
    )
    return night.id


def begin_nights(now: datetime) -> None:
    """Begin the night of practices that have not had theirs; some at a time."""
    if not settings.COVERAGE_URL or not nightly.is_night(timezone.localtime(now).time()):
        return
    begun = set(
        Night.objects.filter(night_on=timezone.localdate(now), person_id__isnull=True).values_list(
            "organisation_id", flat=True
        )
    ) | set(Night.objects.filter(ended_at__isnull=True).values_list("organisation_id", flat=True))
    waiting = [one.id for one in organisations_of_kinds(Kind.PRACTICE) if one.id not in begun]
    for organisation_id in waiting[: nightly.BEGUN_AT_ONCE_MAX]:
        try:
            begin_night(actor=house_actor(organisation_id), now=now)
        except NightUnderWay:
            continue


def go_on(now: datetime) -> None:
    """Take the next steps of all that are under way, in turns, while the lane has room."""
    if not settings.COVERAGE_URL:
        return
    room = nightly.AHEAD_MAX - lane_view(LANE, now).depth_count
    for _ in range(STEPS_MAX):
        night_id = (
            Night.objects.filter(ended_at__isnull=True)
            .order_by("stepped_at", "id")
            .values_list("id", flat=True)
            .first()
        )
        if night_id is None or room <= 0:
            return
        room -= step(night_id=night_id, now=now)


def forget_nights(now: datetime) -> None:
    """Throw away what is known of nights long past; the answers stay."""
    old = Night.objects.filter(begun_at__lt=now - nightly.KEPT_FOR).order_by("begun_at")
    Night.objects.filter(id__in=list(old.values_list("id", flat=True)[:FORGOTTEN_MAX])).delete()


@transaction.atomic(durable=True)
def step(*, night_id: uuid.UUID, now: datetime) -> int:
    """Look at the next patients of a night; return how many messages went out.

    Nothing happens if another process takes a step of it now, or it has ended.
    """
    night = (
        Night.objects.select_for_update(skip_locked=True)
        .filter(id=night_id, ended_at__isnull=True)
        .first()
    )
    if night is None:
        return 0
    night.stepped_at = now
    if nightly.is_over(
        begun_at=night.begun_at,
        now=now,
        local=timezone.localtime(now).time(),
        is_by_hand=night.person_id is not None,
    ):
        return _end(night, Ended.TIME, now)
    patients = patients_after(
        night.organisation_id, night.after_id, count_max=nightly.STEP_PATIENTS
    )
    if not patients:
        return _end(night, Ended.DONE, now)
    asked_count, messages_count = _ask_about(night, patients, now)
    night.after_id = patients[-1].id
    night.looked_at_count += len(patients)
    night.asked_count += asked_count
    night.save()
    return messages_count


def _end(night: Night, ended: Ended, now: datetime) -> int:
    night.ended, night.ended_at = ended.value, now
    night.save()
    return 0


def _ask_about(night: Night, patients: Sequence[PatientView], now: datetime) -> tuple[int, int]:
    """Ask about those whose time it is; return how many, and in how many messages."""
    organisation_id, today = night.organisation_id, timezone.localdate(now)
    by_id = {patient.id: patient for patient in patients}
    Coverage.objects.bulk_create(
        [Coverage(organisation_id=organisation_id, patient_id=one) for one in by_id],
        ignore_conflicts=True,
    )
    rows = Coverage.objects.select_for_update(no_key=True).filter(
        organisation_id=organisation_id, patient_id__in=by_id
    )
    asked: list[tuple[Coverage, Search]] = []
    silent: list[uuid.UUID] = []
    for row in rows.order_by("id"):
        if not _is_due(row, night, now):
            continue
        search = search_about(by_id[row.patient_id], on=today)
        if search.path is Path.NONE:
            silent.append(row.id)
        else:
            asked.append((row, search))
    Coverage.objects.filter(id__in=silent).update(
        status=Status.UNKNOWN.value, code="cannot_ask", check_under_way=None, asked_at=now
    )
    messages = [
        _message(night, group, today=today, now=now) for group in nightly.in_messages(asked)
    ]
    actor = house_actor(organisation_id)
    record_many([entry(actor, row.patient_id, "E", "insurance.asked", now) for row, _ in asked])
    enqueue_many(messages, now=now)
    return len(asked), len(messages)


def _is_due(row: Coverage, night: Night, now: datetime) -> bool:
    """Whether the answer is old, and no question is under way that will still be answered."""
    if row.check_under_way_id and row.asked_at and now - row.asked_at < FORGOTTEN_AFTER:
        return False
    return row.answered_at is None or row.answered_at < night.answers_before


def _message(
    night: Night, group: Sequence[tuple[Coverage, Search]], *, today: date, now: datetime
) -> Handed:
    """Write up to twenty questions; return what goes to the lane."""
    message = Message.objects.create(night=night, count=len(group))
    checks = [
        Check(
            organisation_id=night.organisation_id,
            patient_id=row.patient_id,
            message=message,
            on=today,
            path=search.path.value,
            asked_at=now,
        )
        for row, search in group
    ]
    Check.objects.bulk_create(checks)
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "mark_asked"),
            {
                "coverage_ids": [row.id for row, _ in group],
                "check_ids": [check.id for check in checks],
                "now": now,
            },
        )
    return Handed(
        lane=LANE,
        subject=str(message.id),
        key=str(message.id),
        payload={"check_ids": [str(check.id) for check in checks]},
        urgency=Urgency.BULK,
    )
