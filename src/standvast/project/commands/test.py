"""Check everything: shape, types, words, tests, browser, drills. `--quick` under 3 minutes."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from standvast.project.retest import Cases, Run, read_cases, write

ROOT = Path(__file__).resolve().parents[4]
BIN = Path(sys.executable).parent
STOP_S = 15.0


@dataclass(frozen=True)
class Step:
    """One check: what it is called, how it runs, and what to do when it fails."""

    name: str
    words: tuple[str, ...]
    help: str
    quick: bool = True
    limit_s: float = 300.0
    """It is ended past this, with all that it started: what hangs is a failure, not a wait."""


QUICK_MARKS = "not storm and not journey and not slow"


def steps(extra: tuple[str, ...]) -> tuple[Step, ...]:
    """Return all checks in the order in which a failure is cheapest to find."""
    python = sys.executable
    return (
        Step("format", (tool("ruff"), "format", "--check", "."), "Run: .venv/bin/ruff format ."),
        Step("lint", (tool("ruff"), "check", "."), "Run: .venv/bin/ruff check --fix ."),
        Step(
            "imports",
            (tool("lint-imports"),),
            "A floor reaches up or sideways: ARCHITECTURE.md, Floors.",
        ),
        Step("types", (tool("mypy"),), "Give the types that it asks for; no bare `ignore`."),
        Step(
            "migrations",
            (python, "-m", "django", "makemigrations", "--check", "--dry-run"),
            "Run makemigrations for the module it names, with a name that says why.",
        ),
        Step(
            "words", (python, "-m", "standvast", "words", "check"), "See docs/how-to/translate.md"
        ),
        Step(
            "tests",
            pytest_words(QUICK_MARKS, ("-n", "2", *extra)),
            "Run the named test alone: .venv/bin/pytest PATH::NAME",
            limit_s=1500.0,
        ),
        Step(
            "drills",
            (python, "-m", "standvast", "drill", "all", "--small"),
            "Read which line failed; ./standvast drill NAME --keep leaves it running to look at.",
            quick=False,
            limit_s=900.0,
        ),
        Step(
            "slow",
            pytest_words("slow and not storm and not journey", extra),
            "Run the named test alone: .venv/bin/pytest PATH::NAME",
            quick=False,
            limit_s=600.0,
        ),
        Step("storms", pytest_words("storm", extra), "A promise broke under fault.", quick=False),
        Step(
            "journeys",
            pytest_words("journey", extra),
            "Look in var/pictures.",
            quick=False,
            limit_s=1500.0,
        ),
    )


def pytest_words(marks: str, extra: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that run the tests with these marks; none found is not a failure."""
    return (sys.executable, "-m", "pytest", "-q", "-m", marks, *extra)


def tool(name: str) -> str:
    """Return a tool of this environment."""
    return str(BIN / name)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `test`."""
    parser.add_argument("--quick", action="store_true", help="without browser, storms and drills")
    parser.add_argument("--only", help="one step: format, lint, imports, types, ...")
    parser.add_argument("rest", nargs="*", help="further words for pytest")


def run(chosen: argparse.Namespace) -> int:
    """Run the steps; stop at the first that fails and say what to do.

    A run of everything is evidence for a release, whatever becomes of it.
    """
    if chosen.quick or chosen.only or chosen.rest:
        return 1 if _run_steps(chosen, None).badly else 0
    began_at, digest = datetime.now(UTC), _digest()
    folder = Path(os.environ.get("STANDVAST_VAR", ROOT / "var"))
    folder.mkdir(parents=True, exist_ok=True)
    ran = _run_steps(chosen, folder)
    required = [step.name for step in steps(())]
    shown = write(
        folder, Run(digest, _digest(), began_at, required, ran.well, ran.badly, ran.cases)
    )
    print(f"Evidence for a release: {shown}", flush=True)
    return 1 if ran.badly else 0


@dataclass
class Ran:
    """How the steps ended, and what their tests did."""

    well: list[str] = field(default_factory=list)
    badly: list[str] = field(default_factory=list)
    cases: Cases = field(default_factory=Cases)


def _run_steps(chosen: argparse.Namespace, folder: Path | None) -> Ran:
    """Run what was asked for; with a folder, every test is told there."""
    started, ran = time.monotonic(), Ran()
    for step in steps(tuple(chosen.rest)):
        if (chosen.quick and not step.quick) or chosen.only not in (None, step.name):
            continue
        at = time.monotonic()
        print(f"== {step.name}", flush=True)
        is_pytest = "pytest" in step.words
        told = folder / f"retest-{step.name}.xml" if folder and is_pytest else None
        if told:
            told.unlink(missing_ok=True)
        more = (f"--junitxml={told}",) if told else ()
        status = _status_of(replace(step, words=(*step.words, *more)))
        if told:
            ran.cases |= read_cases(told)
        if status not in ((0, 5) if is_pytest else (0,)):
            print(f"\n{step.name} failed. {step.help}", flush=True)
            ran.badly.append(step.name)
            return ran
        ran.well.append(step.name)
        print(f"== {step.name}: {time.monotonic() - at:.0f} s", flush=True)
    print(f"All is well, after {time.monotonic() - started:.0f} s.", flush=True)
    return ran


def _digest() -> str:
    """Return the digest of this tree, as a release records it."""
    words = [sys.executable, "-m", "standvast", "release", "digest"]
    done = subprocess.run(words, env=_environment(), capture_output=True, check=True, cwd=ROOT)
    return done.stdout.decode().strip()


def _status_of(step: Step) -> int:
    """Return the exit status of a step; what it started ends with it, and with us."""
    with subprocess.Popen(
        step.words, cwd=ROOT, env=_environment(), process_group=0, stdin=subprocess.DEVNULL
    ) as process:
        try:
            return process.wait(step.limit_s)
        except subprocess.TimeoutExpired:
            print(f"\n{step.name} did not end within {step.limit_s:.0f} s.", flush=True)
            return 1
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a step and what it left running: asked first, so that servers stop cleanly."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
        os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """Enough for tools that load the settings without ever connecting."""
    return {
        **os.environ,
        "STANDVAST_HOME": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "standvast.project.settings",
        "DATABASE_URL": "postgresql:///",
        "STANDVAST_SECRET_KEY": "only-for-checks",
        "STANDVAST_SEALING_KEYS": "check:dGVzdCBrZXkgb2YgMzIgYnl0ZXMsIG5vIG1vcmUhISE=",
        "STANDVAST_POOL_MAX": "0",
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
    }
