"""Start everything on this machine: PostgreSQL, processes, a demo country."""

import argparse
import os
import signal
import threading
import time
from pathlib import Path

from standvast.project.embedded import ServerWillNotStart
from standvast.project.installation import EVERYTHING, DoesNotCome, Installation, Plan, PortTaken

PRACTICES = 5_000
PASSWORD = "standvast-demo"  # noqa: S105 - of made-up people, printed for everybody
LOGINS = (
    ("vandam", "GP, Huisartsenpraktijk De Linde"),
    ("sanne.bakker@praktijk-delinde.example", "assistant, the same practice"),
    ("mieke", "programme office"),
    ("omar", "operator at the desk"),
    ("lies", "lead operator"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `up`."""
    parser.add_argument("--port", type=int, default=8000, help="where people go (8000)")
    parser.add_argument("--only", default=",".join(EVERYTHING), help="services, by comma")
    parser.add_argument("--practices", type=int, default=PRACTICES, help="size of the demo country")
    parser.add_argument("--opens-in", type=int, default=300, help="s until ordering opens (300)")
    parser.add_argument("--serve", type=int, default=2, help="serve processes (2)")


def run(chosen: argparse.Namespace) -> int:
    """Start, say where to go, wait for Ctrl-C or SIGTERM, stop."""
    started = time.monotonic()
    home = Path(os.environ.get("STANDVAST_VAR", _home() / "var"))
    database_url = os.environ.get("DATABASE_URL")
    installation = Installation(
        home,
        plan=Plan(
            practices=chosen.practices,
            opens_in_s=chosen.opens_in,
            serve_count=chosen.serve,
            services=tuple(part.strip() for part in chosen.only.split(",") if part.strip()),
        ),
        port=chosen.port,
        database_url=database_url,
        say=_say,
    )
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        installation.start()
    except PortTaken as error:
        _say(f"{error} Stop what listens there, or choose another: ./standvast up --port 8001")
        return 1
    except (DoesNotCome, ServerWillNotStart) as error:
        _say(str(error))
        installation.stop()
        return 1
    _say(_welcome(installation, time.monotonic() - started))
    stopping.wait()
    _say("Stopping")
    installation.stop()
    _say("Stopped.")
    return 0


def _home() -> Path:
    return Path(os.environ.get("STANDVAST_HOME", Path(__file__).resolve().parents[4]))


def _say(text: str) -> None:
    print(text, flush=True)


def _welcome(installation: Installation, took_s: float) -> str:
    people = "\n".join(f"    {name:<38} {role}" for name, role in LOGINS)
    return f"""
Standvast is up, after {took_s:.1f} s.

  {installation.url}     for everybody: sign in with one click, or with the password {PASSWORD}
{people}
  {installation.outside_url}    the simulated world: its mail to read, its neighbours to slow down

Everything here is fictitious. Ctrl-C stops it.
"""
