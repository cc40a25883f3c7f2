"""`standvast bench NAME`: all parts of a bench in one run, as lines with targets."""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from standvast.drills.frame.lines import Line, holds
from standvast.drills.frame.results import all_passed, compare, show_lines, write_json
from standvast.project.installation import Installation, Plan

if TYPE_CHECKING:
    from standvast.drills.benches.load import Fired
    from standvast.drills.benches.orders import Measured

CROWD = int(os.environ.get("BENCH_CROWD", "40000"))
CONNECTIONS = (16, 64, 256)
CLIENTS = (16, 64)
TURNS = 3
RATIOS = {"spread_64": ">= 1.5", "hot_64": ">= 3", "hot_256": ">= 5"}
SERVE_COUNT = 2
"""As `up` has it."""
PARTS = {
    "opening-night": ("orders", "polls", "deliveries"),
    "practice": ("search", "claims", "access", "pages", "coverage"),
}
WITH_INSURERS = "coverage"
"""The part that needs the simulated insurers, couriers and the watch."""


class Sheet:
    """The lines of a run, printed as they come."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def add(self, name: str, value: float | None, unit: str, target: str) -> None:
        """Add and show one line."""
        line = Line(name, value, unit, target, holds(value, target))
        self.lines.append(line)
        show_lines([line], say=say)


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)  # noqa: T201 - what this command is for


def run_command(chosen: argparse.Namespace) -> int:
    """Run what was asked for; 0 only when every target was met."""
    if chosen.name == "compare":
        if len(chosen.files) != 2:
            say("Name two results: standvast bench compare OLD NEW")
            return 2
        return compare(chosen.files[0], chosen.files[1], say=say)
    if chosen.name not in PARTS:
        say(f"There is no bench {chosen.name}. There are: {', '.join(PARTS)}, compare.")
        return 2
    parts = tuple(chosen.part.split(",")) if chosen.part else PARTS[chosen.name]
    if unknown := [part for part in parts if part not in PARTS[chosen.name]]:
        say(f"{chosen.name} has no part {unknown[0]}. It has: {', '.join(PARTS[chosen.name])}.")
        return 2
    with tempfile.TemporaryDirectory(prefix="standvast-bench-") as folder:
        Path(folder).chmod(0o755)
        sheet = _run(Path(folder), parts=parts, seconds=chosen.seconds, keep=chosen.keep)
    if chosen.json:
        write_json(
            chosen.json, name=f"bench {chosen.name}", at=datetime.now(tz=UTC), lines=sheet.lines
        )
    return 0 if all_passed(sheet.lines) else 1


def _run(folder: Path, *, parts: tuple[str, ...], seconds: float, keep: bool) -> Sheet:
    with_insurers = WITH_INSURERS in parts
    plan = Plan(
        practices=10,
        serve_count=SERVE_COUNT,
        courier_count=2 if with_insurers else 0,
        watch_count=1 if with_insurers else 0,
        with_outside=with_insurers,
        drill=True,
    )
    sheet = Sheet()
    with Installation(folder / "var", plan=plan, say=say) as installation:
        installation.start()
        os.environ.update(installation.environment())
        import django

        django.setup()
        by_part: dict[str, Callable[[Installation, Sheet, float], None]] = {
            "orders": _orders,
            "polls": _polls,
            "deliveries": _deliveries,
            "search": _search,
            "pages": _pages,
            "claims": _claims,
            "access": _access,
            "coverage": _coverage,
        }
        for part in parts:
            say(f"{part}:")
            by_part[part](installation, sheet, seconds)
        if keep:
            say(f"Left running at {installation.url}. Enter stops it.")
            input()
    return sheet


def _orders(installation: Installation, sheet: Sheet, seconds: float) -> None:
    """Measure (a) and (b) in turns, and the ratios of what was measured side by side.

    On a shared machine one half of a minute is not like the next: a ratio is the median of
    several, each of two neighbours.
    """
    from standvast.drills.benches import orders, polls
    from standvast.drills.benches.crowd import fresh_ground, gather

    people = gather(CROWD)
    wrong = 0
    for is_hot in (False, True):
        kind = "hot" if is_hot else "spread"
        alone: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
        found: dict[int, list[tuple[float, orders.Measured]]] = {n: [] for n in CONNECTIONS}
        for turn in range(TURNS):
            name = f"{kind}-{turn}"
            for clients, rates in alone.items():
                ground = fresh_ground(f"bench-a-{name}-{clients}")
                rates.append(
                    orders.one_by_one(
                        installation, ground, is_hot=is_hot, clients=clients, seconds=seconds
                    )
                )
            best = max(rates[-1] for rates in alone.values())
            for connections, ratios in found.items():
                measured = orders.over_http(
                    installation,
                    people,
                    f"bench-b-{name}-{connections}",
                    is_hot=is_hot,
                    connections=connections,
                    seconds=seconds,
                )
                wrong += measured.wrong_count
                ratios.append((measured.fired.per_s / best, measured))
                say(f"  turn {turn + 1}: {kind}, {connections} connections: {ratios[-1][0]:.2f}")
        for clients, rates in alone.items():
            rate = statistics.median(rates)
            sheet.add(f"a_{kind}_{clients}", rate, "orders/s in pgbench, one by one", "> 0")
        ground = fresh_ground(f"bench-a-{kind}-bare")
        bare = orders.bare(installation, ground, is_hot=is_hot, clients=16, seconds=seconds)
        sheet.add(f"a_{kind}_bare", bare, "orders/s in pgbench, bare rows, for reference", "> 0")
        for connections, ratios in found.items():
            _add_found(sheet, f"{kind}_{connections}", ratios, connections=connections)
    both = orders.in_two_steps(
        installation, people, "bench-b-two-steps", connections=64, seconds=seconds
    )
    wrong += both.wrong_count
    unit = f"orders/s held, then confirmed ({both.fired.generator}), 64 connections, for reference"
    sheet.add("b_two_steps_64", both.fired.per_s, unit, "> 0")
    sheet.add("p99_two_steps_64", both.fired.p99_ms, "ms for both", "> 0")
    sheet.add("oversold", wrong, "days or orders that do not add up", "= 0")
    pids = [process.pid for process in installation.processes.of("serve")]
    memory = max(polls.memory_mb(pid) for pid in pids if pid is not None)
    sheet.add("memory", memory, "MiB at most in one serve", "< 1500")


def _add_found(
    sheet: Sheet, name: str, found: "list[tuple[float, Measured]]", *, connections: int
) -> None:
    """Add the lines of one way of ordering: medians of its turns, and every failure."""
    fired = [measured.fired for _, measured in found]

    def median(of: "Callable[[Fired], float]") -> float:
        return statistics.median(of(one) for one in fired)

    unit = f"orders/s over HTTP ({fired[0].generator}), {connections} connections"
    sheet.add(f"b_{name}", median(lambda one: one.per_s), unit, "> 0")
    ratio = statistics.median(ratio for ratio, _ in found)
    sheet.add(f"ratio_{name}", ratio, "b/a", RATIOS.get(name, "> 0"))
    sheet.add(f"p50_{name}", median(lambda one: one.p50_ms), "ms", "> 0")
    target = "< 100" if connections == 64 else "> 0"
    sheet.add(f"p99_{name}", median(lambda one: one.p99_ms), "ms", target)
    sheet.add(f"failed_{name}", sum(one.other_count for one in fired), "requests", "= 0")


def _polls(installation: Installation, sheet: Sheet, seconds: float) -> None:
    from standvast.drills.benches.crowd import gather
    from standvast.drills.benches.polls import polls_per_s
    from standvast.registry.access.api import Role
    from standvast.registry.access.testing import prepare_sessions

    people = prepare_sessions(2_000, role=Role.CARE_MANAGER) or gather(2_000)
    for waiting in (20_000, 100_000):
        rate, p99_ms = polls_per_s(installation, people, waiting=waiting, seconds=seconds)
        sheet.add(f"polls_{waiting}", rate, f"status answers/s, {waiting:,} waiting", ">= 5000")
        sheet.add(f"polls_p99_{waiting}", p99_ms, "ms", "> 0")


def _deliveries(installation: Installation, sheet: Sheet, seconds: float) -> None:
    from standvast.drills.benches import deliveries

    deliveries.measure(installation.database_url, add=sheet.add, seconds=seconds)


def _search(_installation: Installation, sheet: Sheet, _seconds: float) -> None:
    """Measure how fast somebody is found among a million patients of one practice."""
    import random

    from standvast.drills.benches import practice
    from standvast.registry.organisations.api import Kind, organisations_of_kinds

    draw = random.Random(4)
    families, givens = practice.names_of(draw)
    organisation_id = organisations_of_kinds(Kind.PRACTICE)[0].id
    practice.fill(organisation_id, families, givens)
    taken = practice.looks_ms(organisation_id, draw, families, givens)
    for kind, ms in taken.items():
        sheet.add(f"search_{kind}_p95", ms[int(len(ms) * 0.95)], "ms", "> 0")
    every = sorted(one for ms in taken.values() for one in ms)
    unit = f"ms, {len(every)} looks among {practice.PATIENTS_COUNT:,} patients of one practice"
    sheet.add("search_p95", every[int(len(every) * 0.95)], unit, "< 50")


def _pages(installation: Installation, sheet: Sheet, seconds: float) -> None:
    """Measure the pages of a practice's day, with whatever the parts before stored."""
    from standvast.drills.benches import pages
    from standvast.registry.organisations.api import Kind, organisations_of_kinds

    organisation_id = organisations_of_kinds(Kind.PRACTICE)[0].id
    taken = pages.pages_ms(installation.url, organisation_id)
    for name, ms in taken.items():
        sheet.add(f"page_{name}_p95", ms[int(len(ms) * 0.95)], "ms", "> 0")
    worst = max(ms[int(len(ms) * 0.95)] for ms in taken.values())
    sheet.add("pages_p95", worst, f"ms, the slowest of {len(taken)} pages", "< 100")


def _claims(_installation: Installation, sheet: Sheet, _seconds: float) -> None:
    """Measure how long a large practice waits for its quarter's claims to be looked through."""
    from standvast.drills.benches import practice
    from standvast.registry.organisations.api import Kind, organisations_of_kinds

    organisation_id = organisations_of_kinds(Kind.PRACTICE)[1].id
    prepared_s, taken = practice.validations_s(organisation_id)
    people = f"{practice.CLAIMED_COUNT:,} patients"
    sheet.add("claims_prepare", prepared_s, f"s for the lines of {people}", "< 5")
    sheet.add("claims_validate", max(taken), f"s at worst for the claims of {people}", "< 5")


def _access(_installation: Installation, sheet: Sheet, seconds: float) -> None:
    """Measure one decision in process: asked before, asked anew, and with a set in the shadow."""
    from standvast.drills.benches import decisions

    for name, measured in decisions.measured(seconds / 3).items():
        unit = f"decisions/s in process, one thread; {decisions.KINDS[name]}"
        sheet.add(f"access_decisions{name}", measured.per_s, unit, "> 1000")
        sheet.add(f"access_decisions{name}_p99", measured.p99_ms, "ms", "< 1")


def _coverage(installation: Installation, sheet: Sheet, _seconds: float) -> None:
    """Measure how near a practice's coverage, asked anew, comes to what the insurers take."""
    from standvast.drills.benches import coverage
    from standvast.registry.organisations.api import Kind, organisations_of_kinds

    organisation_id = organisations_of_kinds(Kind.PRACTICE)[-1].id
    coverage.fill(organisation_id)
    found = coverage.reached(installation.outside_url, organisation_id)
    unit = (
        f"of the {coverage.LIMIT_PER_S} messages/s that the insurers take,"
        f" {coverage.PATIENTS_COUNT:,} patients of one practice"
    )
    sheet.add("coverage_batch_per_s", found.per_s, "messages/s of 20 questions", "> 0")
    sheet.add("coverage_batch_too_fast", found.too_fast_count, "times told to slow down", ">= 0")
    sheet.add("coverage_batch", found.share, unit, ">= 0.9")
