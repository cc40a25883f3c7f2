"""Run every probe once and print what it saw, and what keeps a process from taking traffic."""

import argparse
import asyncio

from standvast.project.command import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` takes no options."""


def run(chosen: argparse.Namespace) -> int:
    """Look once with every probe; exit 1 when one is red, or when no process may take traffic.

    Unknown is said, and not green.
    """
    start_django()
    from standvast.core.health.api import READY, Observation, ProbeContext, Verdict, probes_now
    from standvast.database.api import database_now
    from standvast.kit.wiring import wired
    from standvast.web.api import sentence

    now = database_now()
    probes = probes_now()

    async def look() -> list[Observation]:
        return [
            await probe.run(ProbeContext(now=now, deadline_s=probe.deadline_s)) for probe in probes
        ]

    red = 0
    for probe, seen in zip(probes, asyncio.run(look()), strict=True):
        red += seen.verdict is Verdict.RED
        said = sentence(seen.template, seen.values) if seen.template else seen.code
        print(f"{seen.verdict.value:8} {probe.name:44} {seen.duration_ms:6} ms  {said}")
    against = [reason for ask in wired(READY) for reason in ask(now)]
    for reason in against:
        said = sentence(reason.template, reason.values)
        print(f"{'refuses':8} {reason.what:44} {'':9}  {said}")
    return 1 if red or against else 0
