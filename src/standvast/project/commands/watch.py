"""Probe, sweep and page; two or more, one leads."""

import argparse

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """`watch` takes no options."""


def run(chosen: argparse.Namespace) -> int:
    """Work until stopped."""
    start_django()
    from standvast.project.background import run_watch

    return run_watch()
