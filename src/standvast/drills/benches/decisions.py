"""What one decision of access costs in process, by itself: no page, no database.

In a file beside `practice.py`: that one needs a million patients, this one nobody.
"""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.registry.access.api import HERE, RIGHTS, ROLES_BY_KIND, Layer, RuleMemory

ADDED = """
@id("bench.posts")
@sentence("Posts register nobody")
forbid (principal, action == Action::"patients.edit", resource)
when { principal.kind == "post" };
"""
KINDS = {
    "": "what was asked before, as nearly all of it is",
    "_anew": "nothing remembered: Cedar asked each time",
    "_shadowed": "a set in the shadow beside it, each judged as far as its bound goes",
}
ACTORS_COUNT = 1_000
SAMPLE_EVERY = 7
"""Only some are timed one by one, or the clock would be what is measured."""


@dataclass(frozen=True)
class Measured:
    """How many in a second, and how long the slowest of a hundred takes."""

    per_s: float
    p99_ms: float


def measured(seconds: float) -> dict[str, Measured]:
    """Return the measurements by kind."""
    return {
        "": _timed(_decisions(RuleMemory()), seconds),
        "_anew": _timed(_decisions(RuleMemory(), anew=True), seconds),
        "_shadowed": _timed(_decisions(RuleMemory(), added=((1, ADDED, False),)), seconds),
    }


def _decisions(
    memory: RuleMemory, *, added: tuple[tuple[object, ...], ...] = (), anew: bool = False
) -> Iterator[Callable[[], object]]:
    """Yield what to ask, over and over: everybody in turn, each right in turn."""
    rights = wired(RIGHTS)
    memory.of(rights)
    memory.take(added)
    actors = list(itertools.islice(_actors(), ACTORS_COUNT))
    names = [right.name for right in rights]
    for number in itertools.count():
        actor = actors[number % len(actors)]
        right = names[number % len(names)]
        if anew:
            memory.live.forget()
        yield partial(memory.decide, actor, right, layer=Layer.ROUTE, record=HERE)


def _actors() -> Iterator[Actor]:
    for number in itertools.count(1):
        for kind, roles in ROLES_BY_KIND.items():
            for role in roles:
                yield Actor(
                    uuid.UUID(int=number),
                    uuid.UUID(int=number),
                    role.value,
                    organisation_kind=kind.value,
                )


def _timed(decisions: Iterator[Callable[[], object]], seconds: float) -> Measured:
    began = time.perf_counter()
    took, count = [], 0
    while time.perf_counter() - began < seconds:
        for _ in range(SAMPLE_EVERY - 1):
            next(decisions)()
        ask = next(decisions)
        before = time.perf_counter()
        ask()
        took.append((time.perf_counter() - before) * 1_000)
        count += SAMPLE_EVERY
    elapsed = time.perf_counter() - began
    took.sort()
    return Measured(count / elapsed, took[int(len(took) * 0.99)])
