"""Answer people: the edge and the pages. As many as you like, on one port."""

import argparse

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `serve`."""
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)


def run(chosen: argparse.Namespace) -> int:
    """Serve until stopped."""
    start_django()
    from django.core.management import call_command

    call_command("check", databases=["default"], fail_level="ERROR")
    from standvast.project.serve import run as serve

    return serve(address=chosen.address, port=chosen.port)
