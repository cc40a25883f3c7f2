"""Run drills from the command line: start, prepare, play, judge, record, take back, stop."""

import argparse
import signal
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import uvloop

from standvast.drills.frame.drill import Drill, Inside, Measured, Scale, Stage
from standvast.drills.frame.faults import FaultProxy, ProxyWillNotStart
from standvast.drills.frame.guard import PointsElsewhere, check_all_here
from standvast.drills.frame.inside import InsideFailed, run_inside
from standvast.drills.frame.lines import Line, judged, twin_line, twin_verdict
from standvast.drills.frame.results import Say, all_passed, show_lines, write_json
from standvast.project.installation import DoesNotCome, Installation, PortTaken, free_port

_preparing = Lock()
NOT_PLAYED = (DoesNotCome, InsideFailed, PointsElsewhere, PortTaken, ProxyWillNotStart)
RECORD = "standvast.drills.frame.record:record_run"
REPORT = "standvast.drills.frame.record:report_of_run"


def drills() -> Mapping[str, Drill]:
    """Return every drill by name, in the order in which `all` runs them."""
    from standvast.drills.opening_night.drill import OPENING_NIGHT
    from standvast.drills.release.drill import RELEASE

    return {drill.name: drill for drill in (RELEASE, OPENING_NIGHT)}


def run_command(chosen: argparse.Namespace, *, start_django: Callable[[], None]) -> int:
    """Run `standvast drill`: exit 0 only when every line passed, 2 for a drill nobody knows."""
    del start_django  # each installation has settings of its own, in processes of its own
    known = drills()
    names = list(known) if chosen.name == "all" else [chosen.name]
    if unknown := [name for name in names if name not in known]:
        print(f"There is no drill {unknown[0]}. There are: {', '.join(known)}, all.")  # noqa: T201
        return 2
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return _run_each([known[name] for name in names], chosen)
    finally:
        signal.signal(signal.SIGTERM, before)


def _run_each(chosen_drills: Sequence[Drill], chosen: argparse.Namespace) -> int:
    passed = True
    for drill in chosen_drills:
        try:
            lines = run_drill(drill, _wishes(chosen), say=_say)
        except NOT_PLAYED as error:
            _say(f"The drill {drill.name} could not be played: {error}")
            return 1
        passed = all_passed(lines) and passed
        if chosen.json is not None:
            path = chosen.json
            if len(chosen_drills) > 1:
                path = _beside(path, drill.name)
            write_json(path, name=drill.name, at=datetime.now(UTC), lines=lines)
    return 0 if passed else 1


def _stop(number: int, frame: object) -> None:
    """End as Ctrl-C does, so that whatever was started is stopped."""
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command line is its page


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}-{name}{path.suffix or '.json'}")


@dataclass(frozen=True)
class Wishes:
    """What was asked on the command line."""

    people_count: int | None
    is_small: bool
    with_drill: bool
    with_twin: bool
    keep: bool


def _wishes(chosen: argparse.Namespace) -> Wishes:
    return Wishes(
        people_count=chosen.scale,
        is_small=chosen.small,
        with_drill=not chosen.twin,
        with_twin=not chosen.no_twin,
        keep=chosen.keep,
    )


def scale_of(drill: Drill, wishes: Wishes) -> Scale:
    """Return the scale: a number of people at or below the small one also gets its pace."""
    count = wishes.people_count
    if count is None:
        return drill.small if wishes.is_small else drill.full
    basis = drill.small if wishes.is_small or count <= drill.small.people_count else drill.full
    return replace(basis, people_count=count)


def run_drill(drill: Drill, wishes: Wishes, *, say: Say) -> tuple[Line, ...]:
    """Run the drill and its twin; return all lines, the twin's verdict last.

    The twin runs at the small scale: it shows a fault of the design, which needs no crowd. At
    that scale both run side by side; what the twin says is shown when it is done.
    """
    scale = scale_of(drill, wishes)
    twin_scale = scale if scale.people_count <= drill.small.people_count else drill.small
    its_words: list[str] = []

    def main() -> tuple[Line, ...]:
        if not wishes.with_drill:
            return ()
        say(f"Drill {drill.name}: {scale.people_count} people")
        return _played(drill, scale, twin="", keep=wishes.keep, say=say)

    def twin(say: Say) -> tuple[Line, ...]:
        if not wishes.with_twin:
            return ()
        say(f"Its twin ({drill.twin}): {twin_scale.people_count} people")
        return _played(drill, twin_scale, twin=drill.twin, keep=False, say=say)

    beside = wishes.with_drill and wishes.with_twin and twin_scale == scale and not wishes.keep
    if beside:
        with ThreadPoolExecutor(max_workers=1) as pool:
            playing = pool.submit(twin, its_words.append)
            lines = main()
            its_lines = playing.result()
        for text in its_words:
            say(text)
    else:
        lines, its_lines = main(), twin(say)
    if wishes.with_twin:
        verdict = twin_verdict(its_lines, must_fail=drill.twin_must_fail)
        lines += (twin_line(verdict, must_fail=drill.twin_must_fail),)
        show_lines(lines[-1:], say=say, notes={"twin": _off(verdict)})
    return lines


def _off(verdict: Any) -> str:
    parts = [f"{name} passed, but must fail" for name in sorted(verdict.passed_wrongly)]
    parts += [f"{name} failed too" for name in sorted(verdict.failed_elsewhere)]
    return "; ".join(parts)


def _played(drill: Drill, scale: Scale, *, twin: str, keep: bool, say: Say) -> tuple[Line, ...]:
    """Play one run on an installation of its own and judge it."""
    began = time.monotonic()
    criteria = drill.live_criteria() if twin else tuple(drill.criteria)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="standvast-drill-")))
        folder.chmod(0o755)
        installation = Installation(
            folder, plan=drill.plan(scale, twin), say=lambda t: say("  " + t)
        )
        stack.callback(installation.stop)
        check_all_here({**installation.environment(), "STANDVAST_DRILL": "1"})
        proxy = stack.enter_context(FaultProxy(free_port()))
        drill.paths(proxy, installation)
        check_all_here(installation.environment())
        installation.start_database()
        with _preparing:  # it compiles the catalogues of the one source tree
            installation.prepare()
        inside = _inside(installation)
        # The desk track plays in the past, on a desk without incidents of its own: it goes first.
        tracked = inside(drill.desk) if not twin else {"values": {}, "notes": {}}
        measured = _live(drill, installation, proxy, scale, twin=twin, say=say)
        values, notes = {**measured.values, **tracked["values"]}, dict(measured.notes)
        notes |= tracked["notes"]
        if not twin:
            _report(drill, inside, values, notes)
        lines = judged(criteria, values)
        show_lines(lines, say=say, notes=notes)
        inside(
            RECORD,
            name=f"{drill.name} {twin}".strip(),
            scale=str(scale.people_count),
            passed=all_passed(lines),
            twin_verdict="not_run",
            at=(measured.began_at or datetime.now(UTC)).isoformat(),
            lines=[line.shown() for line in lines],
            journal=notes,
        )
        say(f"  took {time.monotonic() - began:.0f} s")
        if keep:
            _keep(installation, say)
    return lines


def _inside(installation: Installation) -> Inside:
    def inside(function: str, **arguments: Any) -> Any:
        return run_inside(installation.environment(), function, **arguments)

    return inside


def _live(
    drill: Drill,
    installation: Installation,
    proxy: FaultProxy,
    scale: Scale,
    *,
    twin: str,
    say: Say,
) -> Measured:
    """Play the live track; whatever happens, the faults are taken back."""
    stage = Stage(
        installation=installation,
        proxy=proxy,
        scale=scale,
        is_twin=bool(twin),
        say=say,
        inside=_inside(installation),
    )
    try:
        return uvloop.run(drill.live(stage))
    finally:
        proxy.reset()


def _report(
    drill: Drill, inside: Inside, values: dict[str, float | None], notes: dict[str, str]
) -> None:
    """Let the desk report on what the live track broke; its faults join those of the case."""
    found = inside(REPORT, package=drill.package, proof=drill.name)
    values["report"] = (values.get("report") or 0) + found["faults"]
    if found["said"]:
        notes["report"] = "; ".join([notes.get("report", ""), *found["said"]]).strip("; ")


def _keep(installation: Installation, say: Say) -> None:
    say(f"  It goes on running at {installation.url} until Ctrl-C.")
    say(f"  The simulated world is at {installation.outside_url}.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("  Stopping.")
