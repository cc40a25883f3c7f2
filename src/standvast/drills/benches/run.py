"""`standvast bench opening-night`: all parts in one run, as lines with targets."""

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from standvast.drills.frame.lines import Line, holds
from standvast.drills.frame.results import all_passed, compare, show_lines, write_json
from standvast.project.installation import Installation, Plan

CROWD = int(os.environ.get("BENCH_CROWD", "40000"))
CONNECTIONS = (16, 64, 256)
PARTS = ("orders", "polls", "deliveries")


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
    if chosen.name != "opening-night":
        say(f"There is no bench {chosen.name}. There are: opening-night, compare.")
        return 2
    parts = tuple(chosen.part.split(",")) if chosen.part else PARTS
    with tempfile.TemporaryDirectory(prefix="standvast-bench-") as folder:
        Path(folder).chmod(0o755)
        sheet = _run(Path(folder), parts=parts, seconds=chosen.seconds, keep=chosen.keep)
    if chosen.json:
        write_json(
            chosen.json, name="bench opening-night", at=datetime.now(tz=UTC), lines=sheet.lines
        )
    return 0 if all_passed(sheet.lines) else 1


def _run(folder: Path, *, parts: tuple[str, ...], seconds: float, keep: bool) -> Sheet:
    plan = Plan(
        practices=10, serve_count=1, courier_count=0, watch_count=0, with_outside=False, drill=True
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
        }
        for part in parts:
            say(f"{part}:")
            by_part[part](installation, sheet, seconds)
        if keep:
            say(f"Left running at {installation.url}. Enter stops it.")
            input()
    return sheet


def _orders(installation: Installation, sheet: Sheet, seconds: float) -> None:
    """Measure (a) and (b), interleaved, and their ratios."""
    from standvast.drills.benches import orders, polls
    from standvast.drills.benches.crowd import fresh_ground, gather

    people = gather(CROWD)
    wrong = 0
    for is_hot in (False, True):
        kind = "hot" if is_hot else "spread"
        alone = 0.0
        for clients in (16, 64):
            ground = fresh_ground(f"bench-a-{kind}-{clients}")
            rate = orders.one_by_one(
                installation, ground, is_hot=is_hot, clients=clients, seconds=seconds
            )
            sheet.add(f"a_{kind}_{clients}", rate, "orders/s in pgbench, one by one", "> 0")
            alone = max(alone, rate)
        bare = orders.bare(installation, ground, is_hot=is_hot, clients=16, seconds=seconds)
        sheet.add(f"a_{kind}_bare", bare, "orders/s in pgbench, bare rows, for reference", "> 0")
        for connections in CONNECTIONS:
            measured = orders.over_http(
                installation,
                people,
                f"bench-b-{kind}-{connections}",
                is_hot=is_hot,
                connections=connections,
                seconds=seconds,
            )
            fired = measured.fired
            wrong += measured.oversold_count + max(0, fired.ok_count - measured.stored_count)
            unit = f"orders/s over HTTP ({fired.generator}), {connections} connections"
            sheet.add(f"b_{kind}_{connections}", fired.per_s, unit, "> 0")
            sheet.add(
                f"ratio_{kind}_{connections}",
                fired.per_s / alone,
                "b/a",
                _ratio_target(kind, connections),
            )
            target = "< 100" if connections == 64 else "> 0"
            sheet.add(f"p50_{kind}_{connections}", fired.p50_ms, "ms", "> 0")
            sheet.add(f"p99_{kind}_{connections}", fired.p99_ms, "ms", target)
            sheet.add(f"failed_{kind}_{connections}", fired.other_count, "requests", "= 0")
    both = orders.in_two_steps(
        installation, people, "bench-b-two-steps", connections=64, seconds=seconds
    )
    wrong += both.oversold_count + max(0, both.fired.ok_count - both.stored_count)
    unit = f"orders/s held, then confirmed ({both.fired.generator}), 64 connections, for reference"
    sheet.add("b_two_steps_64", both.fired.per_s, unit, "> 0")
    sheet.add("p99_two_steps_64", both.fired.p99_ms, "ms for both", "> 0")
    sheet.add("oversold", wrong, "days or orders that do not add up", "= 0")
    pid = installation.processes.of("serve")[0].pid
    assert pid is not None
    sheet.add("memory", polls.memory_mb(pid), "MiB at most in serve", "< 1500")


def _ratio_target(kind: str, connections: int) -> str:
    wanted = {("spread", 64): ">= 1.5", ("hot", 64): ">= 3", ("hot", 256): ">= 5"}
    return wanted.get((kind, connections), "> 0")


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
