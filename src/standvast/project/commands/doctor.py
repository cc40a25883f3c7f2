"""Run every probe once and print what it saw."""

import argparse
import asyncio

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` takes no options."""


def run(chosen: argparse.Namespace) -> int:
    """Exit 1 when a probe is red or unknown."""
    start_django()
    from standvast.core.health.api import probe_all

    seen = asyncio.run(probe_all())
    for name, verdict, sentence in seen:
        print(f"{verdict:8} {name:40} {sentence}")
    return 0 if all(verdict == "green" for _, verdict, _ in seen) else 1
