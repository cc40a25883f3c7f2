"""What a run of the gate shows of a build: evidence for the gate `retest`, as a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

FILE = "retest.json"
RAN = "retest-ran.json"
NAMED_MAX = 20


@dataclass(frozen=True)
class Cases:
    """Tests by what became of them."""

    passed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()

    def __or__(self, other: "Cases") -> "Cases":
        return Cases(
            self.passed | other.passed, self.failed | other.failed, self.skipped | other.skipped
        )


@dataclass(frozen=True)
class Run:
    """One run of the gate: which steps there are, which ended well, and what the tests did."""

    digest: str
    digest_after: str
    at: datetime
    """When it began: what ran before the build was recorded counts for nothing."""
    required: Sequence[str]
    ended_well: Sequence[str]
    ended_badly: Sequence[str]
    cases: Cases = field(default_factory=Cases)


def read_cases(path: Path) -> Cases:
    """Return the tests of a JUnit file that our own run just wrote; none if it wrote none."""
    if not path.exists():
        return Cases()
    found: dict[str, set[str]] = {"passed": set(), "failed": set(), "skipped": set()}
    for case in Xml.parse(path).getroot().iter("testcase"):  # noqa: S314 - our own file
        kinds = {child.tag for child in case}
        fate = "failed" if kinds & {"failure", "error"} else "passed"
        found["skipped" if "skipped" in kinds else fate].add(
            f"{case.get('classname')}::{case.get('name')}"
        )
    return Cases(**{fate: frozenset(names) for fate, names in found.items()})


def evidence_of(run: Run, ran_before: frozenset[str]) -> Mapping[str, Any]:
    """Return what the run shows. It is ok when every step ended well, on a tree that stood still.

    A test counts as newly skipped until it has run again.
    """
    missing = [step for step in run.required if step not in run.ended_well]
    left_out = [step for step in missing if step not in run.ended_badly]
    newly_skipped = sorted(run.cases.skipped & ran_before)
    result, sentence = "ok", ""
    if run.digest_after != run.digest:
        result, sentence = "inconclusive", "The tree changed while it was tested."
    elif run.ended_badly or run.cases.failed:
        result, sentence = "failed", "Failed: " + ", ".join(run.ended_badly)
    elif left_out:
        result, sentence = "inconclusive", "Not run: " + ", ".join(left_out)
    return {
        "gate": "retest",
        "digest": run.digest,
        "result": result,
        "at": run.at.isoformat(),
        "environment": "test",
        "sentence": sentence,
        "figures": {
            "passed": len(run.cases.passed),
            "failed": max(len(run.cases.failed), len(run.ended_badly)),
            "skipped": len(run.cases.skipped),
            "newly_skipped": len(newly_skipped),
            "newly": newly_skipped[:NAMED_MAX],
            "suites": list(run.ended_well),
            "suites_missing": len(missing),
        },
    }


def ran_after(cases: Cases, ran_before: frozenset[str]) -> frozenset[str]:
    """Return which tests are known to have run once, for the run that follows."""
    return cases.passed | cases.failed | (cases.skipped & ran_before)


def write(folder: Path, run: Run) -> Path:
    """Write the evidence and which tests ran; return where the evidence stands."""
    ran_path, path = folder / RAN, folder / FILE
    ran = frozenset(json.loads(ran_path.read_text("utf-8"))) if ran_path.exists() else frozenset()
    path.write_text(json.dumps(evidence_of(run, ran), indent=1), encoding="utf-8")
    if len(run.ended_well) == len(run.required):
        ran_path.write_text(json.dumps(sorted(ran_after(run.cases, ran))), encoding="utf-8")
    return path
