"""Chain care and claims for the tests of others. Fictitious, all of it."""

import uuid
from datetime import UTC, date, datetime

from django.utils import timezone

from standvast.care.insurance.models import Activity, Coverage, Line
from standvast.care.insurance.operations.enrolling import enrol, record_activity
from standvast.care.insurance.operations.preparing import prepare
from standvast.care.insurance.operations.tariffs import set_tariff
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.seeds import seed_tariffs
from standvast.kit.actor import Actor
from standvast.registry.patients.testing import a_patient

QUARTER = Quarter(2026, 1)
FIRST_ON = QUARTER.first_on
AFTERWARDS = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)


def an_enrolled_patient(
    actor: Actor,
    *,
    programme: str = "dm2",
    main: Main = Main.HERE,
    done: tuple[str, ...] = ("yearly",),
    done_on: date = date(2026, 2, 10),
    covered: Status = Status.INSURED,
    now: datetime = AFTERWARDS,
    **known: object,
) -> uuid.UUID:
    """Return a patient in a programme with what was done, and what is known of their insurance."""
    patient_id = a_patient(actor, now, **known).patient_id
    enrol(
        actor=actor,
        patient_id=patient_id,
        programme=programme,
        from_on=date(2025, 1, 1),
        main=main,
        now=now,
    )
    for code in done:
        record_activity(
            actor=actor,
            patient_id=patient_id,
            programme=programme,
            code=code,
            done_on=done_on,
            now=now,
        )
    cover(actor, patient_id, covered, now=now)
    return patient_id


def cover(actor: Actor, patient_id: uuid.UUID, status: Status, *, now: datetime) -> None:
    """Write down what the insurers are to have said."""
    Coverage.objects.update_or_create(
        organisation_id=actor.organisation_id,
        patient_id=patient_id,
        defaults={
            "status": status.value,
            "code": "" if status is Status.UNKNOWN else status.value,
            "answered_at": now,
            "answered_on": now.date(),
            "insurer": "9991",
            "insured_number": "VZ00001",
            "from_on": date(2020, 1, 1) if status is Status.INSURED else None,
        },
    )


def a_bundle(actor: Actor, *, programme: str = "dm2", now: datetime = AFTERWARDS) -> uuid.UUID:
    """Return the bundle of the first quarter of 2026, prepared with the tariffs of the demo."""
    seed_tariffs()
    return prepare(actor=actor, programme=programme, quarter=QUARTER, now=now)


def a_tariff(
    actor: Actor,
    *,
    programme: str = "cvrm",
    activity: str = "",
    from_on: date | None = None,
    cents: int = 3_100,
    now: datetime | None = None,
) -> uuid.UUID:
    """Return an amount that counts from next year on, or as is said."""
    at = now or timezone.now()
    return set_tariff(
        actor=actor,
        programme=programme,
        activity=activity,
        from_on=from_on or date(at.year + 1, 1, 1),
        cents=cents,
        now=at,
    )


def lines_about(bundle_id: uuid.UUID, patient_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the lines of a bundle about one patient."""
    rows = Line.objects.filter(bundle_id=bundle_id, patient_id=patient_id).order_by("version")
    return list(rows.values_list("id", flat=True))


def something_done(actor: Actor) -> uuid.UUID:
    """Return something that was done for a patient of the actor's organisation."""
    patient_id = an_enrolled_patient(actor)
    return Activity.objects.get(patient_id=patient_id).id
