"""Verify the journal: `standvast journal verify` finds any change to what was written."""

import argparse

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the acts of `journal`."""
    parser.add_argument("act", choices=("verify",))


def run(chosen: argparse.Namespace) -> int:
    """Verify every organisation's chain; exit 1 when one is broken."""
    start_django()
    from standvast.core.journal.api import verify

    breaks = verify()
    for found in breaks:
        print(found)
    print("The journal is whole." if not breaks else f"{len(breaks)} breaks found.")
    return 1 if breaks else 0
