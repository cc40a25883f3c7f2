"""The desk from a shell, with platform and database dead: `standvast desk say "..."`."""

import argparse

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the acts of `desk`."""
    parser.add_argument("act", choices=("say",))
    parser.add_argument("text", help="what stands above everything on the status page; '' clears")


def run(chosen: argparse.Namespace) -> int:
    """Write by hand what stands above everything on the status page."""
    start_django()
    from standvast.desk.status.api import say_by_hand

    say_by_hand(chosen.text)
    print("It stands on the status page now.")
    return 0
