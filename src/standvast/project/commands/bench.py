"""Measure: `standvast bench opening-night`, `practice`, and `standvast bench compare OLD NEW`."""

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench`."""
    parser.add_argument("name", help="opening-night, practice, or compare")
    parser.add_argument("files", nargs="*", type=Path, help="for compare: OLD NEW")
    parser.add_argument("--json", type=Path, help="write the lines there as well")
    parser.add_argument("--seconds", type=float, default=5.0, help="per measurement (5)")
    parser.add_argument(
        "--part", help="only these parts, by comma: orders, polls, deliveries; search, access"
    )
    parser.add_argument("--keep", action="store_true", help="leave the installation running")


def run(chosen: argparse.Namespace) -> int:
    """Exit 0 only when every target was met."""
    from standvast.drills.benches.run import run_command

    return run_command(chosen)
