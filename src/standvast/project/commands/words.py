"""Message catalogues: `update` extracts, `check` demands complete ones, `compile` readies them."""

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the acts of `words`."""
    parser.add_argument("act", choices=("update", "check", "compile"))


def run(chosen: argparse.Namespace) -> int:
    """Do one act on all catalogues."""
    from standvast.project import words

    if chosen.act == "update":
        words.update()
        return 0
    if chosen.act == "compile":
        words.compile()
        return 0
    faults = words.check()
    for fault in faults:
        print(fault)
    return 1 if faults else 0
