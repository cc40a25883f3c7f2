"""The live track: open the night, let people come, break the mail, kill two processes, judge."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standvast.drills.frame.acts import own_acts
from standvast.drills.frame.checker import Sample
from standvast.drills.frame.drill import Measured, Stage
from standvast.drills.frame.history import Answer, History
from standvast.drills.frame.http import raise_file_limit
from standvast.drills.frame.timeline import Act, acts, read_experiment, run_timeline
from standvast.drills.opening_night import measure, truth
from standvast.drills.opening_night.people import Character, Night, Practice

PACKAGE = "standvast.drills.opening_night"
SEED = 20240603
SLOW_S = 30.0
LATE_S = 60.0
LANE_RATE_PER_S = 200.0
"""The lane gives 100 a second and a first burst of 100."""
SERVED_SHARE_MIN = 0.8
"""Fewer than this served, and the other lines would speak of a few."""
SAY_EVERY_S = 5.0


@dataclass(frozen=True)
class Pace:
    """The night's seconds at a scale."""

    lead_s: float
    hold_s: int
    think_s: float
    slow_s: float
    late_s: float
    stay_s: float
    """From the opening until nobody presses anything any more."""
    drain_s: float


def pace_of(stage: Stage) -> Pace:
    """Return the seconds for this stage's scale; a hold lasts at least its ten seconds."""
    pace, people = stage.scale.pace, stage.scale.people_count
    return Pace(
        lead_s=4.0 + people / 350,
        hold_s=max(10, round(30 / pace)),
        think_s=4.0 / pace,
        slow_s=max(8.0, SLOW_S / pace),
        late_s=LATE_S / pace / 3,
        stay_s=72 / pace + (40.0 if people <= 500 else 90.0),
        drain_s=30.0 if people <= 500 else 240.0,
    )


async def live(stage: Stage) -> Measured:
    """Play the night and return what came of it."""
    pace = pace_of(stage)
    raise_file_limit(2 * stage.scale.people_count + 500)
    await asyncio.to_thread(stage.installation.start_processes)
    told = await asyncio.to_thread(
        stage.inside,
        f"{PACKAGE}.prepare:prepare",
        people_count=stage.scale.people_count,
        lead_s=pace.lead_s,
        hold_s=pace.hold_s,
        seed=SEED,
    )
    night = _night(stage, pace, told)
    sampler = truth.Sampler(stage.installation.database_url, night.season)
    practices = _practices(night, told)
    stage.say(f"  {len(practices)} practices come; it opens in {pace.lead_s:.0f} s")
    watching = [
        asyncio.ensure_future(sampler.run()),
        asyncio.ensure_future(_say(stage, practices, night)),
    ]
    try:
        async with asyncio.TaskGroup() as group:
            breaking = group.create_task(_break_things(stage, night, pace))
            for practice in practices:
                group.create_task(practice.spend_the_night())
    finally:
        for task in watching:
            task.cancel()
    stage.say("  the night is over; waiting for the mails")
    after = await _aftermath(stage, night, pace, slow_at=breaking.result())
    return measured(
        practices,
        night.history,
        sampler.samples,
        after,
        late_s=pace.late_s,
        is_twin=stage.is_twin,
    )


@dataclass(frozen=True)
class Aftermath:
    """What was there when all had gone home."""

    orders: Sequence[measure.StoredOrder]
    days: Sequence[measure.StoredDay]
    arrived: Sequence[measure.ArrivedMail]
    owed_count: int
    finding: Mapping[str, Any] | None
    slow_at: float
    """When mail became slow, epoch seconds."""


async def _aftermath(stage: Stage, night: Night, pace: Pace, *, slow_at: float) -> Aftermath:
    async with truth.asking(stage.installation.database_url) as connection:
        began = time.monotonic()
        owed_count = await truth.until_drained(connection, within_s=pace.drain_s)
        stage.say(f"  {owed_count} mails still wait after {time.monotonic() - began:.0f} s")
        orders = await truth.orders(connection, night.season)
        days = await truth.days(connection, night.season)
    finding = await asyncio.to_thread(
        stage.inside, f"{PACKAGE}.prepare:mail_finding", since=slow_at, until=time.time()
    )
    return Aftermath(
        orders=orders,
        days=days,
        arrived=await truth.mails(stage.installation.outside_url),
        owed_count=owed_count,
        finding=finding,
        slow_at=slow_at,
    )


def _night(stage: Stage, pace: Pace, told: Mapping[str, Any]) -> Night:
    return Night(
        url=stage.installation.url,
        season=told["season"],
        lobby=told["lobby"],
        opens_at=told["opens_at"],
        ends_at=told["opens_at"] + pace.stay_s,
        patience_s=pace.stay_s,
        think_s=pace.think_s,
        history=History(),
        session_cookie=told["session_cookie"],
        csrf_cookie=told["csrf_cookie"],
    )


def _practices(night: Night, told: Mapping[str, Any]) -> list[Practice]:
    chance = random.Random(SEED)
    return [
        Practice(
            number=number,
            night=night,
            sessions=[(session, csrf) for session, csrf in sessions],
            chance=random.Random(chance.getrandbits(64)),
            doses=doses,
            character=Character.drawn(chance),
        )
        for number, (sessions, doses) in enumerate(
            zip(told["sessions"], told["doses"], strict=False)
        )
    ]


async def _break_things(stage: Stage, night: Night, pace: Pace) -> float:
    """Run the timeline from the moment of opening; return when mail became slow."""
    await asyncio.sleep(max(0.0, night.opens_at - time.time()))
    began_at = time.time()

    def done(act: Act, _: float) -> None:
        stage.say(f"  {time.time() - began_at:5.1f} s  {act.name.replace('-', ' ')}")

    await run_timeline(
        acts(read_experiment(PACKAGE), pace=stage.scale.pace),
        names={
            "toxiproxy_url": stage.proxy.url,
            "outside_url": stage.installation.outside_url,
            "slow_s": pace.slow_s,
        },
        own=own_acts(stage.installation),
        done=done,
    )
    return began_at


async def _say(stage: Stage, practices: Sequence[Practice], night: Night) -> None:
    while True:
        await asyncio.sleep(SAY_EVERY_S)
        served = sum(practice.is_served for practice in practices)
        holding = sum(practice.held is not None for practice in practices)
        stage.say(
            f"  {time.time() - night.opens_at:5.1f} s  {holding} held, {served} done "
            f"of {len(practices)}"
        )


def measured(
    practices: Sequence[Practice],
    history: History,
    samples: Sequence[Sample],
    after: Aftermath,
    *,
    late_s: float,
    is_twin: bool = False,
) -> Measured:
    """Return every line's value with what explains it.

    Mails that were never late show that the fault did not bite; the twin's cannot be late, since
    its orders wait for them.
    """
    confirmations, holds = measure.stored(history, after.orders)
    mail = measure.mails(after.orders, after.arrived, late_s=late_s)
    served = sum(practice.is_served for practice in practices) / max(1, len(practices))
    unprinted = sum(told.answer is not Answer.OK for told in history.told("print"))
    is_whole = served >= SERVED_SHARE_MIN and not unprinted
    found = after.finding
    values: dict[str, float | None] = {
        "confirmed_p95": measure.confirmed_p95(history.told("confirm")) if is_whole else None,
        "oversold": measure.oversold(after.days) if after.days else None,
        "calendar_true": measure.stale_offers(history, samples),
        "stored": measure.wrongly_told(confirmations, holds),
        "holds_lost": measure.holds_lost(history.told("confirm")),
        "places": measure.places_broken(history),
        "mails": (
            mail.wrong_count(rate_per_s_max=LANE_RATE_PER_S) if mail.late_count or is_twin else None
        ),
        "found": None if found is None else found["opened_at"] - after.slow_at,
    }
    notes = measure.notes(
        history,
        mail,
        confirmations,
        {
            "places": measure.places_note(history),
            "calendar_true": f"{sum(1 for _ in history.shown('calendar'))} calendars read, "
            f"{len({s.thing for s in samples if s.is_full})} days were full at some time",
            "found": "nothing was found" if found is None else f"by {found['probe']}",
        },
    )
    notes["confirmed_p95"] += f"; {served:.0%} were served, {unprinted} could not print"
    if after.owed_count:
        notes["mails"] += f"; {after.owed_count} still waited when the drill ended"
    return Measured(
        values=values,
        notes=notes,
        began_at=datetime.fromtimestamp(after.slow_at, UTC),
        ended_at=datetime.now(UTC),
    )
