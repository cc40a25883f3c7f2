"""Bring the tables up to date and seed a new installation. Safe to repeat."""

import argparse
import time

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `prepare`."""
    parser.add_argument("--practices", type=int, default=5_000)
    parser.add_argument("--opens-in", type=int, default=300, help="s until ordering opens")


def run(chosen: argparse.Namespace) -> int:
    """Compile the words, migrate, seed; one line per step."""
    from standvast.project import words

    if hasattr(words, "compile"):
        words.compile()
    start_django()
    from django.conf import settings
    from django.core.management import call_command

    started = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    print(f"* Tables are up to date ({time.monotonic() - started:.1f} s)", flush=True)
    if settings.DEMO:
        from standvast.project.seed import seed

        seed(
            practices_count=chosen.practices,
            opens_in_s=chosen.opens_in,
            say=lambda text: print(f"* {text}", flush=True),
        )
    return 0
