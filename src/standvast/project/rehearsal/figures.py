"""What a rehearsal found, as the gates want it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from standvast.project.rehearsal.locks import Held

NAMED_MAX = 20


@dataclass(frozen=True)
class Forward:
    """Migrations and scripts ran on the copy, or broke there."""

    ran: Sequence[Mapping[str, Any]]
    fault: Mapping[str, Any] | None
    lint: Sequence[str]
    rows_percent: int
    took_s: float
    heaviest: Held
    lost_rows: int = 0
    """Rows that were there before and are not after."""


@dataclass(frozen=True)
class Back:
    """The code before at work on the tables after."""

    models: int
    new_faults: Sequence[str]
    written_rows: int
    lost: Sequence[str]
    before_digest: str


@dataclass(frozen=True)
class Bounds:
    """How long it may take, how long it may keep others waiting, and what it may delete."""

    took_s: float = 300.0
    lock_s: float = 2.0
    lost_rows: int = 0
    """How many rows it is meant to delete."""


@dataclass(frozen=True)
class Shown:
    """What is handed to a gate."""

    gate: str
    result: str
    figures: Mapping[str, object] = field(default_factory=dict)
    sentence: str = ""


def script_shown(found: Forward, bounds: Bounds) -> Shown:
    """Return the evidence for the gate `script`; its clauses hold the figures to their bounds."""
    figures: dict[str, object] = {
        "faults": 0 if found.fault is None else 1,
        "lint_faults": len(found.lint),
        "rows_percent": found.rows_percent,
        "took_s": round(found.took_s, 1),
        "took_s_max": bounds.took_s,
        "lock_s": round(found.heaviest.lock_s, 2),
        "lock_s_max": bounds.lock_s,
        "lost_rows": found.lost_rows,
        "lost_rows_max": bounds.lost_rows,
        "ran": [f"{one['name']} {one['took_s']} s" for one in found.ran][-NAMED_MAX:],
    }
    if found.heaviest.table:
        figures["lock"] = f"{found.heaviest.table} {found.heaviest.mode}"
    if found.fault is None:
        result = "failed" if found.lint else "ok"
        return Shown("script", result, figures, "; ".join(found.lint))
    figures |= {"script": found.fault["script"], "line": found.fault["line"]}
    said = f"{found.fault['script']}: line {found.fault['line']}: {found.fault['error']}"
    return Shown("script", "failed", figures, said)


def way_back_shown(found: Back, *, is_production: bool | None) -> Shown:
    """Return the evidence for the gate `way_back`.

    `is_production` says whether the tree before is what stands there; None: nobody knows.
    """
    figures: dict[str, object] = {
        "reverted": not found.new_faults,
        "lost_rows": len(found.lost),
        "written_rows": found.written_rows,
        "models": found.models,
        "before": found.before_digest,
    }
    if is_production is not None:
        figures["is_production"] = is_production
    faults = [*found.new_faults, *(f"{one} was lost" for one in found.lost)][:NAMED_MAX]
    if faults:
        return Shown("way_back", "failed", figures, "; ".join(faults))
    return Shown("way_back", "ok", figures)
