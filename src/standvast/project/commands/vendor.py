"""Compare vendored browser code with its published packages: `standvast vendor check`."""

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the acts of `vendor`."""
    parser.add_argument("act", choices=("check", "update"))


def run(chosen: argparse.Namespace) -> int:
    """Check hashes (and the packages themselves where they can be had), or fetch anew."""
    from standvast.project import vendor

    return vendor.update() if chosen.act == "update" else vendor.check()
