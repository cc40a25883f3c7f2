"""Rows for the demo: what programmes pay, who is in them, and what was done. Made up."""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from standvast.care.insurance.models import Activity, Enrolment, Tariff
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import DONE_IN
from standvast.care.insurance.rules.quarters import Quarter, quarter_of

SINCE = date(2024, 1, 1)
RAISED = date(2026, 1, 1)
TARIFFS: Mapping[tuple[str, str], tuple[int, int]] = {
    ("dm2", ""): (6_150, 6_395),
    ("copd", ""): (5_280, 5_440),
    ("cvrm", ""): (2_975, 3_060),
    ("dm2", "feet"): (3_120, 3_205),
    ("copd", "breath"): (4_410, 4_515),
}
"""Cents from SINCE and from RAISED, by programme and activity; "" is the quarter as a whole."""
ENROLLED: Mapping[str, int] = {"dm2": 34, "copd": 12, "cvrm": 18}
SEEN_DAYS = 520
"""How far back visitors were seen: a little more than a dashboard shows."""
VISITING: Mapping[str, float] = {"dm2": 0.5, "copd": 0.2, "cvrm": 0.6}
"""Which part of the other patients is in each programme, for another practice to claim."""
SEEN_EVERY_DAYS: Mapping[tuple[str, str], int] = {
    ("dm2", "yearly"): 365, ("dm2", "check"): 91, ("dm2", "feet"): 182, ("dm2", "talk"): 240,
    ("copd", "yearly"): 365, ("copd", "check"): 182, ("copd", "breath"): 330, ("copd", "talk"): 400,
    ("cvrm", "yearly"): 365, ("cvrm", "check"): 150, ("cvrm", "talk"): 300,
}  # fmt: skip
"""How many days pass between two of the same, about."""
QUARTERS_COUNT = 5
"""Quarters with activities, the one that runs among them."""


@transaction.atomic
def seed_care(
    organisation_id: uuid.UUID,
    patient_ids: Sequence[uuid.UUID],
    *,
    practitioner_id: uuid.UUID | None,
    now: datetime,
    seed: int = 2026,
) -> int:
    """Put some patients of a practice in programmes, with what was done; return how many.

    A few have no main practitioner, or two; a few were not seen last quarter. Again: nothing.
    """
    if Enrolment.objects.filter(organisation_id=organisation_id).exists():
        return 0
    seed_tariffs()
    draw, today = random.Random(seed), timezone.localdate(now)
    enrolments: list[Enrolment] = []
    activities: list[Activity] = []
    left = iter(patient_ids)
    for programme, count in ENROLLED.items():
        for number, patient_id in zip(range(count), left, strict=False):
            main = {3: Main.NONE, 7: Main.DOUBLE}.get(number, Main.HERE)
            is_here = main is Main.HERE
            enrolments.append(
                Enrolment(
                    organisation_id=organisation_id,
                    patient_id=patient_id,
                    programme=programme,
                    from_on=today - timedelta(days=draw.randint(500, 1_500)),
                    main=main.value,
                    practitioner_id=practitioner_id if is_here else None,
                )
            )
            activities.extend(
                Activity(
                    organisation_id=organisation_id,
                    patient_id=patient_id,
                    programme=programme,
                    code=code,
                    done_on=done_on,
                    person_id=practitioner_id,
                )
                for code, done_on in _done(draw, programme, number, today)
            )
    Enrolment.objects.bulk_create(enrolments)
    Activity.objects.bulk_create(activities)
    return len(enrolments)


def _done(
    draw: random.Random, programme: str, number: int, today: date
) -> Iterator[tuple[str, date]]:
    """Yield what was done for one patient in the last quarters: no code twice in a quarter."""
    quarter = quarter_of(today)
    for back in range(QUARTERS_COUNT):
        if not (back == 1 and number % 11 == 5):
            for code in draw.sample(DONE_IN[programme], draw.choice((1, 1, 2))):
                done_on = _day_in(draw, quarter)
                if done_on <= today:
                    yield code, done_on
        quarter = quarter.before


def _day_in(draw: random.Random, quarter: Quarter) -> date:
    days = (quarter.last_on - quarter.first_on).days
    return quarter.first_on + timedelta(days=draw.randint(0, days))


@transaction.atomic
def seed_visits(
    organisation_id: uuid.UUID,
    patient_ids: Sequence[uuid.UUID],
    *,
    now: datetime,
    seed: int = 2026,
) -> int:
    """Write down fifteen months of care for patients whom another practice claims; return how much.

    A dashboard counts it, a claim does not; whom `seed_care` took is left alone. Again: nothing.
    """
    elsewhere = Enrolment.objects.filter(organisation_id=organisation_id, main=Main.ELSEWHERE.value)
    if elsewhere.exists():
        return 0
    draw, today = random.Random(seed), timezone.localdate(now)
    since = today - timedelta(days=SEEN_DAYS)
    enrolments = [
        Enrolment(
            organisation_id=organisation_id,
            patient_id=patient_id,
            programme=programme,
            from_on=since + timedelta(days=draw.randrange(-900, 300)),
            main=Main.ELSEWHERE.value,
        )
        for patient_id in patient_ids[sum(ENROLLED.values()) :]
        for programme, part in VISITING.items()
        if draw.random() < part
    ]
    Enrolment.objects.bulk_create(enrolments)
    seen = [one for each in enrolments for one in _seen(draw, each, since, today)]
    return len(Activity.objects.bulk_create(seen, batch_size=2_000, ignore_conflicts=True))


def _seen(
    draw: random.Random, enrolment: Enrolment, since: date, today: date
) -> Iterator[Activity]:
    """Yield what was done for somebody since they are in a programme; on working days."""
    for (programme, code), every in SEEN_EVERY_DAYS.items():
        if programme != enrolment.programme:
            continue
        on = max(since, enrolment.from_on) + timedelta(days=draw.randrange(every))
        while on < today:
            yield Activity(
                organisation_id=enrolment.organisation_id,
                patient_id=enrolment.patient_id,
                programme=programme,
                code=code,
                done_on=on - timedelta(days=max(0, on.weekday() - 4)),
            )
            on += timedelta(days=round(every * draw.uniform(0.8, 1.25)))


def seed_tariffs() -> None:
    """Store what is paid; again changes nothing."""
    Tariff.objects.bulk_create(
        [
            Tariff(programme=programme, activity=activity, from_on=from_on, cents=cents)
            for (programme, activity), both in TARIFFS.items()
            for from_on, cents in zip((SINCE, RAISED), both, strict=True)
        ],
        ignore_conflicts=True,
    )
