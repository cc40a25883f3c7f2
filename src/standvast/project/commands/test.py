"""Check everything: shape, types, words, tests, browser, drills. `--quick` under 3 minutes."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

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
            "drills",
            (python, "-m", "standvast", "drill", "all", "--small"),
            "Read which line failed; ./standvast drill NAME --keep leaves it running to look at.",
            quick=False,
            limit_s=420.0,
        ),
        Step(
            "slow",
            pytest_words("slow and not storm and not journey", extra),
            "Run the named test alone: .venv/bin/pytest PATH::NAME",
            quick=False,
        ),
        Step("storms", pytest_words("storm", extra), "A promise broke under fault.", quick=False),
        Step(
            "journeys",
            pytest_words("journey", extra),
            "Look in var/pictures.",
            quick=False,
            limit_s=900.0,
        ),
        Step(
            "tests",
            pytest_words(QUICK_MARKS, ("-n", "2", *extra)),
            "Run the named test alone: .venv/bin/pytest PATH::NAME",
            limit_s=900.0,
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
    """Run the steps; stop at the first that fails and say what to do."""
    started = time.monotonic()
    wanted = [
        step
        for step in steps(tuple(chosen.rest))
        if (step.quick or not chosen.quick) and chosen.only in (None, step.name)
    ]
    for step in wanted:
        at = time.monotonic()
        print(f"== {step.name}", flush=True)
        status = _status_of(step)
        if status not in ((0, 5) if "pytest" in step.words else (0,)):
            print(f"\n{step.name} failed. {step.help}", flush=True)
            return 1
        print(f"== {step.name}: {time.monotonic() - at:.0f} s", flush=True)
    print(f"All is well, after {time.monotonic() - started:.0f} s.", flush=True)
    return 0


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
