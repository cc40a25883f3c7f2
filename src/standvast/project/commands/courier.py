"""Drain the lanes: offer deliveries to their destinations. As many as you like, anywhere."""

import argparse

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """`courier` takes no options."""


def run(chosen: argparse.Namespace) -> int:
    """Work until stopped."""
    start_django()
    from standvast.project.background import run_courier

    return run_courier()
