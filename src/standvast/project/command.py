"""The `standvast` command: one word per process or act, each in its own file of `commands`."""

import argparse
import os
import sys
from importlib import import_module
from types import ModuleType

WORDS = (
    "up",
    "reset",
    "test",
    "drill",
    "bench",
    "serve",
    "courier",
    "watch",
    "outside",
    "prepare",
    "journal",
    "desk",
    "release",
    "words",
    "vendor",
    "doctor",
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 failed, 2 asked wrongly."""
    if not __debug__:
        print("Do not run Standvast with python -O: its assertions guard people's data.")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standvast.project.settings")
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="standvast", description="Primary care services that carry on through an outage."
    )
    words = parser.add_subparsers(dest="word", metavar="COMMAND", required=True)
    # Only the file of the command that was asked for is loaded; all of them for --help.
    asked = [word for word in WORDS if word in given[:1]] or list(WORDS)
    for word in WORDS:
        if word in asked:
            command = _load(word)
            part = words.add_parser(word, help=(command.__doc__ or "").splitlines()[0])
            command.arguments(part)
            part.set_defaults(run=command.run)
    chosen = parser.parse_args(given)
    try:
        return int(chosen.run(chosen))
    except KeyboardInterrupt:
        return 130


def _load(word: str) -> ModuleType:
    return import_module(f"standvast.project.commands.{word}")


def start_django() -> None:
    """Load the settings and the apps; every command that touches data calls this first."""
    import django

    django.setup()
