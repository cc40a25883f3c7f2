"""The live track: practices work, changes are tried, neighbours break, the desk is asked."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from standvast.drills.frame.drill import Measured, Stage
from standvast.drills.frame.history import History
from standvast.drills.frame.timeline import Act, acts, perform, read_experiment, run_timeline
from standvast.drills.release import measure, truth
from standvast.drills.release.people import Day, Practice
from standvast.outside.api import public_pem, signing_key
from standvast.project.installation import OUR_NUMBER

PACKAGE = "standvast.drills.release"
SEED = 20260512
PAUSE_S = 6.0
FOUND_S_MAX = 90.0
"""How long the live track waits for what broke to be found: past the line's bound, so it shows."""
STEADY_S_MAX = 90.0
TOLD_S_MAX = 60.0
SHADOW_S = 8.0
"""How long people go on working while the strict rule is in the shadow."""
AFTER_S = 5.0
CHECKED_S = 120.0
CLAIMED_S = 60.0
MAILED_S = 60.0
RED = ("launches", "reset")


async def live(stage: Stage) -> Measured:
    """Play the days of the release in a few minutes, and return what came of them."""
    folder = Path(stage.installation.folder)
    key = signing_key(folder / "drill-records")
    await asyncio.to_thread(stage.installation.start_processes)
    told = await asyncio.to_thread(
        stage.inside,
        f"{PACKAGE}.prepare:prepare",
        people_count=stage.scale.people_count,
        public_key=public_pem(key),
    )
    day = Day(
        url=stage.installation.url,
        issuer=told["issuer"],
        audience=told["audience"],
        key=key,
        pause_s=PAUSE_S / stage.scale.pace,
        history=History(),
        session_cookie=told["session_cookie"],
        csrf_cookie=told["csrf_cookie"],
        quarter=told["quarter"],
    )
    practices = _practices(day, told["practices"])
    stage.say(f"  {len(practices)} practices are at work")
    began_at = time.time()
    working = [asyncio.ensure_future(practice.spend_the_day()) for practice in practices]
    try:
        tried = await _changes(stage)
        broken = await _neighbours(stage, practices)
    finally:
        day.is_over = True
        await asyncio.gather(*working)
    stage.say("  the day is over; what was created is checked and claimed")
    seen = await _aftermath(stage, day, practices, tried, broken)
    return Measured(
        values=measure.values(seen),
        notes=measure.notes(seen),
        began_at=datetime.fromtimestamp(began_at, UTC),
        ended_at=datetime.now(UTC),
    )


def _practices(day: Day, told: Sequence[Mapping[str, Any]]) -> list[Practice]:
    chance = random.Random(SEED)
    return [
        Practice(number=number, day=day, chance=random.Random(chance.getrandbits(64)), **one)
        for number, one in enumerate(told)
    ]


@dataclass(frozen=True)
class Tried:
    """What became of the four changes, by letter, and when the strict rule decided."""

    changes: Mapping[str, Mapping[str, Any]]
    enforced: Sequence[tuple[float, float]]


async def _changes(stage: Stage) -> Tried:
    """Try each change in turn, as its maker would, while everybody works."""

    async def tried(name: str, **given: Any) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await asyncio.to_thread(
            stage.inside, f"{PACKAGE}.changes:{name}", **given
        )
        if "said" in answer:
            stage.say(f"  {name.replace('_', ' ')}: {answer['said']}")
        return answer

    rule = await tried("strict_rule_in_shadow")
    shadow_until = asyncio.get_running_loop().time() + SHADOW_S / stage.scale.pace
    changes = {
        "a": await tried("script_with_a_fault"),
        "b": await tried("late_change"),
        "c": await tried(
            "wrong_certificate",
            authority_folder=str(stage.installation.authority_folder),
            number=OUR_NUMBER,
        ),
    }
    await asyncio.sleep(max(0.0, shadow_until - asyncio.get_running_loop().time()))
    changes["d"] = await tried("strict_rule_enforced", **rule)
    enforced = [(changes["d"]["since"], time.time())] if changes["d"]["reached"] else []
    if not stage.is_twin:
        glass = await tried("glass_broken_by_two")
        assert glass["is_seen"], "who broke the glass is not in sight"
        await asyncio.sleep(SHADOW_S / stage.scale.pace)
    return Tried(changes, enforced)


@dataclass(frozen=True)
class Broken:
    """What the desk saw and did while neighbours were broken."""

    at: float
    findings: Sequence[Mapping[str, Any]]
    attempts: Sequence[Mapping[str, Any]]
    tellings: Sequence[Mapping[str, Any]]


async def _neighbours(stage: Stage, practices: Sequence[Practice]) -> Broken:
    """Break one link, one supplier, the road to test; ask the desk; mend them again."""
    await _until_steady(stage)
    experiment = read_experiment(PACKAGE)
    names = {"toxiproxy_url": stage.proxy.url, "outside_url": stage.installation.outside_url}
    at = time.time()

    def done(act: Act, _: float) -> None:
        stage.say(f"  {time.time() - at:5.1f} s  {act.name.replace('-', ' ')}")

    async with asyncio.TaskGroup() as group:
        group.create_task(
            run_timeline(acts(experiment, pace=stage.scale.pace), names=names, own={}, done=done)
        )
        for practice in practices:
            group.create_task(practice.resets())
        looking = group.create_task(_until_found(stage, at))
    tellings = await _until_told(stage, at)
    attempts = await asyncio.to_thread(
        stage.inside, f"{PACKAGE}.witness:solve_while_red", components=list(RED)
    )
    for act in acts({"method": experiment["rollbacks"]}):
        await perform(act, names=names, own={})
    await asyncio.sleep(AFTER_S / stage.scale.pace)
    return Broken(at, looking.result(), attempts, tellings)


async def _until_steady(stage: Stage) -> None:
    """Break nothing that is red already: a machine at its limit may be slow by itself for a while.

    What is still red at the end of the time is said, and fails the line `found`.
    """
    deadline = asyncio.get_running_loop().time() + STEADY_S_MAX
    while red := await asyncio.to_thread(
        stage.inside, f"{PACKAGE}.witness:red_already", components=list(RED)
    ):
        if asyncio.get_running_loop().time() >= deadline:
            stage.say(f"  red before anything was broken: {', '.join(red)}")
            return


async def _until_found(stage: Stage, at: float) -> Sequence[Mapping[str, Any]]:
    """Return what was found once both faults were, or when the time is over."""
    deadline = asyncio.get_running_loop().time() + FOUND_S_MAX
    while True:
        found: Sequence[Mapping[str, Any]] = await asyncio.to_thread(
            stage.inside, f"{PACKAGE}.witness:findings", since=at, until=time.time()
        )
        if measure.found_s(found, at) is not None or asyncio.get_running_loop().time() >= deadline:
            return found


async def _until_told(stage: Stage, at: float) -> Sequence[Mapping[str, Any]]:
    """Return what the desk told of what it knows, once that is of every red component."""
    deadline = asyncio.get_running_loop().time() + TOLD_S_MAX
    while True:
        told: Sequence[Mapping[str, Any]] = await asyncio.to_thread(
            stage.inside, f"{PACKAGE}.witness:tellings", components=list(RED), since=at
        )
        known = {one["component"] for one in told if one["told_at"] or not one["major_at"]}
        if known.issuperset(RED) or asyncio.get_running_loop().time() >= deadline:
            return told


async def _aftermath(
    stage: Stage, day: Day, practices: Sequence[Practice], tried: Tried, broken: Broken
) -> measure.Seen:
    """Wait until everybody is checked, let each practice claim, and look what is there."""
    created = list(day.history.told("create"))
    ids = [patient for practice in practices for patient in practice.patients]
    async with truth.asking(stage.installation.database_url) as connection:
        await truth.until(connection, ids, lambda one: one.is_checked, within_s=CHECKED_S)
        await asyncio.gather(*(practice.claims() for practice in practices))
        stored = await truth.until(connection, ids, lambda one: one.is_claimed, within_s=CLAIMED_S)
    addresses = [practice.address for practice in practices]
    mailed = await truth.mailed(stage.installation.outside_url, addresses, within_s=MAILED_S)
    return measure.Seen(
        changes=tried.changes,
        broken_at=broken.at,
        findings=broken.findings,
        created=created,
        looked=list(day.history.told("look")),
        gone=list(day.history.told("go")),
        resets=list(day.history.told("reset")),
        written=[*day.history.told("write"), *day.history.told("claim")],
        mailed=frozenset(mailed),
        stored=stored,
        tellings=broken.tellings,
        attempts=broken.attempts,
        enforced=tried.enforced,
    )
