"""Results on screen and as JSON, and two of them compared. Shared by drills and benches."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from standvast.drills.frame.lines import Line

Say = Callable[[str], None]
FDATASYNC_TRIES = 32


class ResultUnreadable(ValueError):
    """The file is no result of a drill or bench."""


def machine() -> dict[str, object]:
    """Return what the figures were measured on; one synced 8 KiB write is part of it."""
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "fdatasync_ms": round(_fdatasync_ms(), 3),
    }


def _fdatasync_ms() -> float:
    with tempfile.TemporaryFile() as file:
        taken = []
        for _ in range(FDATASYNC_TRIES):
            at = time.perf_counter()
            os.write(file.fileno(), b"x" * 8_192)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - at)
    return sorted(taken)[FDATASYNC_TRIES // 2] * 1_000


def write_json(path: Path, *, name: str, at: datetime, lines: Sequence[Line]) -> None:
    """Write a result whole: a reader never sees half of one."""
    content = {
        "name": name,
        "at": at.isoformat(),
        "machine": machine(),
        "lines": [line.shown() for line in lines],
    }
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


def show_lines(lines: Sequence[Line], *, say: Say, notes: Mapping[str, str] | None = None) -> None:
    """Print one line per criterion; notes stand behind the line they explain."""
    width = max((len(line.name) for line in lines), default=0)
    for line in lines:
        mark = "pass" if line.passed else "FAIL"
        value = "none" if line.value is None else _number(line.value)
        say(f"  {mark}  {line.name:<{width}}  {value:>10} {line.unit}  (target {line.target})")
        if note := (notes or {}).get(line.name):
            say(f"        {'':<{width}}  {note}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3f}"


def all_passed(lines: Sequence[Line]) -> bool:
    """Whether every line passed; no lines at all is no pass."""
    return bool(lines) and all(line.passed for line in lines)


@dataclass(frozen=True)
class Change:
    """One line in two results; None where a result lacks it."""

    name: str
    unit: str
    old: float | None
    new: float | None
    passed_before: bool | None
    passed_now: bool | None

    @property
    def ratio(self) -> float | None:
        """Return new by old, where both are and old is not nothing."""
        if self.old is None or self.new is None or self.old == 0:
            return None
        return self.new / self.old

    @property
    def is_worse(self) -> bool:
        """Whether it passed before and does not now, gone lines included."""
        return bool(self.passed_before) and not self.passed_now


def read_json(path: Path) -> dict[str, object]:
    """Return a result as it was written.

    :raises ResultUnreadable: naming the file.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        lines = found["lines"]
        complete = all(line.keys() >= {"name", "value", "unit", "passed"} for line in lines)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultUnreadable(f"{path} is no result: {error}") from None
    if not complete:
        raise ResultUnreadable(f"{path} is no result: a line lacks a field")
    result: dict[str, object] = found
    return result


def changes(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[Change, ...]:
    """Return the lines of both, in the new one's order, those that are gone last."""
    before, now = _by_name(old), _by_name(new)
    names = [*now, *(name for name in before if name not in now)]
    return tuple(_change(name, before.get(name), now.get(name)) for name in names)


def _by_name(result: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    lines = result["lines"]
    assert isinstance(lines, list)
    return {str(line["name"]): line for line in lines}


def _change(
    name: str, old: Mapping[str, object] | None, new: Mapping[str, object] | None
) -> Change:
    return Change(
        name=name,
        unit=str((new or old or {}).get("unit", "")),
        old=_value(old),
        new=_value(new),
        passed_before=None if old is None else bool(old["passed"]),
        passed_now=None if new is None else bool(new["passed"]),
    )


def _value(line: Mapping[str, object] | None) -> float | None:
    value = line["value"] if line else None
    return float(value) if isinstance(value, int | float) else None


def compare(old: Path, new: Path, *, say: Say = print) -> int:
    """Print two results side by side. Return 1 when a line that passed does not any more.

    :raises ResultUnreadable: if either file is no result.
    """
    before, now = read_json(old), read_json(new)
    found = changes(before, now)
    width = max((len(change.name) for change in found), default=0)
    say(f"{before.get('name')} {before.get('at')} -> {now.get('name')} {now.get('at')}")
    for change in found:
        mark = "WORSE" if change.is_worse else "     "
        ratio = "" if change.ratio is None else f"x {change.ratio:.2f}"
        values = f"{_side(change.old):>12} -> {_side(change.new):>12}"
        say(f"  {mark} {change.name:<{width}} {values} {change.unit} {ratio}".rstrip())
    return int(any(change.is_worse for change in found))


def _side(value: float | None) -> str:
    return "none" if value is None else _number(value)
