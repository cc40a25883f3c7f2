"""The simulated world: neighbours whose speed and failures can be set. Demo and drills only."""

import argparse
from pathlib import Path

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `outside`."""
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--coverage-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where it keeps its keys")
    parser.add_argument("--standvast", required=True, help="where its clicks lead")
    parser.add_argument("--practice", required=True, help="AGB number of who clicks")


def run(chosen: argparse.Namespace) -> int:
    """Simulate until stopped."""
    start_django()
    from standvast.project.background import run_outside

    return run_outside(
        smtp_port=chosen.smtp_port,
        http_port=chosen.http_port,
        coverage_port=chosen.coverage_port,
        folder=chosen.folder,
        where=(chosen.standvast, chosen.practice),
    )
