"""Check everything: shape, types, words, tests, browser, drills. `--quick` under 3 minutes."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One check: what it is called, how it runs, and what to do when it fails."""

    name: str
    words: tuple[str, ...]
    help: str
    quick: bool = True


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
        ),
        Step(
            "slow",
            pytest_words("slow and not storm and not journey", extra),
            "Run the named test alone: .venv/bin/pytest PATH::NAME",
            quick=False,
        ),
        Step("storms", pytest_words("storm", extra), "A promise broke under fault.", quick=False),
        Step("journeys", pytest_words("journey", extra), "Look in var/pictures.", quick=False),
        Step(
            "tests",
            pytest_words(QUICK_MARKS, ("-n", "2", *extra)),
            "Run the named test alone: .venv/bin/pytest PATH::NAME",
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
        status = subprocess.run(step.words, cwd=ROOT, env=_environment(), check=False).returncode
        if status not in ((0, 5) if "pytest" in step.words else (0,)):
            print(f"\n{step.name} failed. {step.help}", flush=True)
            return 1
        print(f"== {step.name}: {time.monotonic() - at:.0f} s", flush=True)
    print(f"All is well, after {time.monotonic() - started:.0f} s.", flush=True)
    return 0


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
