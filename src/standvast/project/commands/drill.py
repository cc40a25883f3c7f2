"""Replay an outage against a running installation: `standvast drill release`."""

import argparse
from pathlib import Path

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `drill`."""
    parser.add_argument("name", help="release, opening-night, or all")
    parser.add_argument("--small", action="store_true", help="the scale of CI, with its twin")
    parser.add_argument("--scale", type=int, help="how many practices")
    parser.add_argument("--twin", action="store_true", help="only the red twin, which must fail")
    parser.add_argument("--no-twin", action="store_true", help="only the drill itself")
    parser.add_argument("--json", type=Path, help="write the lines there as well")
    parser.add_argument("--keep", action="store_true", help="leave the installation running")


def run(chosen: argparse.Namespace) -> int:
    """Exit 0 only when every line of the drill passed and its twin failed where named."""
    from standvast.drills.frame.run import run_command

    return run_command(chosen, start_django=start_django)
