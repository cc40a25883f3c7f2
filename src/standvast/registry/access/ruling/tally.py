"""What the shadow decides beside the live set: bounded work, counted in memory, kept now and then.

The live answer is never touched from here. What is not judged, because the second is full or the
table is, is counted as such; a fault of the candidate is caught and counted.
"""

import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from standvast.kit.actor import Actor
from standvast.registry.access.ruling.cedar import Decision, Ruleset
from standvast.registry.access.ruling.question import Layer, Record

log = logging.getLogger(__name__)

JUDGED_PER_S_MAX = 500
ROWS_MAX = 5_000


class Difference(NamedTuple):
    """Somebody who would lose or gain something, at one layer."""

    right: str
    layer: str
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    is_loss: bool


@dataclass
class Judged:
    """What a while of shadow brought, for one version."""

    number: int
    rows_max: int = field(default_factory=lambda: ROWS_MAX)
    by_layer: Counter[str] = field(default_factory=Counter)
    differences: Counter[Difference] = field(default_factory=Counter)
    not_judged_count: int = 0
    faults_count: int = 0

    def add(
        self, live: Decision, other: Decision, *, actor: Actor, right: str, layer: Layer
    ) -> None:
        """Count one pair of answers."""
        self.by_layer[layer.value] += 1
        self.faults_count += other.is_faulty
        if live.is_allowed != other.is_allowed:
            self.add_difference(actor, right, layer, is_loss=live.is_allowed)

    def add_difference(self, actor: Actor, right: str, layer: Layer, *, is_loss: bool) -> None:
        """Count that somebody would lose or gain something; past the bound, as not judged."""
        if actor.person_id is None:
            return
        row = Difference(right, layer.value, actor.person_id, actor.organisation_id, is_loss)
        if row not in self.differences and len(self.differences) >= self.rows_max:
            self.not_judged_count += 1
            return
        self.differences[row] += 1


class Tally:
    """Judges within a bound of a second, and counts; one for a process, shared by its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._second, self._asked_count = -1, 0
        self._judged: Judged | None = None

    def judge(
        self,
        candidate: Ruleset,
        live: Callable[[], Decision],
        *,
        actor: Actor,
        right: str,
        layer: Layer,
        record: Record,
        candidate_first: bool,
    ) -> Decision:
        """Ask both, in this order, and return what the live one says, whatever the other does."""
        if not self._has_room(candidate.number):
            return live()
        other = None
        said = None if candidate_first else live()
        try:
            other = candidate.decide(actor, right, layer=layer, record=record)
        except Exception:  # noqa: BLE001 - the candidate's faults never meet people: they are counted
            log.warning("access.candidate_failed number=%d right=%s", candidate.number, right)
        said = said or live()
        with self._lock:
            judged = self._of(candidate.number)
            if other is None:
                judged.faults_count += 1
                judged.not_judged_count += 1
            else:
                judged.add(said, other, actor=actor, right=right, layer=layer)
        return said

    def taken(self) -> Judged | None:
        """Return what was counted since the last time, and begin again."""
        with self._lock:
            judged, self._judged = self._judged, None
        return judged

    def _has_room(self, number: int) -> bool:
        second = int(self._clock())
        with self._lock:
            if second != self._second:
                self._second, self._asked_count = second, 0
            self._asked_count += 1
            if self._asked_count <= JUDGED_PER_S_MAX:
                return True
            self._of(number).not_judged_count += 1
            return False

    def _of(self, number: int) -> Judged:
        if self._judged is None or self._judged.number != number:
            self._judged = Judged(number)
        return self._judged
