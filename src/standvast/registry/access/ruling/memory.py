"""The sets of this process: the one enforced, and the one in the shadow.

Which ones those are comes with every reading of a session (`sql/holders.sql`), so that whoever asks
a page asks it under the rules of that moment; the edge, which remembers a session for a second,
also hears a wake and looks every second (`edge.py`). A text that cannot be parsed is never
enforced; should one stand in the table all the same, the set before it stays.
"""

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from standvast.database.api import named_sql
from standvast.kit.actor import Actor
from standvast.registry.access.rules import Right
from standvast.registry.access.ruling.cedar import Decision, Ruleset
from standvast.registry.access.ruling.declared import declared_text
from standvast.registry.access.ruling.question import Layer, Record, above_of
from standvast.registry.access.ruling.tally import Tally

log = logging.getLogger(__name__)

CHANNEL = "access_rules"
"""A wake on this channel says that other rules are enforced or in the shadow."""
PACKAGE = "standvast.registry.access"


class Numbers(NamedTuple):
    """Which version is enforced and which is in the shadow; 0 for none."""

    enforced: int = 0
    shadowed: int = 0


NONE = Numbers()


class Added(NamedTuple):
    """A version as it stands in the table."""

    number: int
    text: str
    is_enforced: bool


class Memory:
    """What one process knows of the rules. Assigned whole, so that threads see old or new."""

    def __init__(self, draw: Callable[[], float] = random.random) -> None:
        self._draw = draw
        self._rights: tuple[Right, ...] | None = None
        self._declared = ""
        self._live: Ruleset | None = None
        self._candidate: Ruleset | None = None
        self._added: tuple[Added, ...] = ()
        self.numbers = NONE
        self.tally = Tally()

    def of(self, rights: tuple[Right, ...]) -> "Memory":
        """Return this memory, made again if other rights are wired: at first use, and in tests."""
        if rights is not self._rights and rights != self._rights:
            self._declared = declared_text(rights)
            self._rights = rights
            self._parse(self._added)
        return self

    @property
    def live(self) -> Ruleset:
        """The set that is enforced."""
        assert self._live is not None, "ask `of` first"
        return self._live

    @property
    def declared(self) -> str:
        """What the modules declare, as text."""
        return self._declared

    def decide(self, actor: Actor, right: str, *, layer: Layer, record: Record) -> Decision:
        """Return the live answer; ask the candidate beside it, in random order."""
        above = above_of(actor, right)
        if above is not None:
            return Decision(is_allowed=True, rules=(above.value,))
        live, candidate = self.live, self._candidate
        if candidate is None:
            return live.decide(actor, right, layer=layer, record=record)
        return self.tally.judge(
            candidate,
            lambda: live.decide(actor, right, layer=layer, record=record),
            actor=actor,
            right=right,
            layer=layer,
            record=record,
            candidate_first=self._draw() < 0.5,
        )

    def notice(self, numbers: Numbers) -> bool:
        """Whether other rules stand in the table than in this process."""
        return numbers != self.numbers

    def take_if_other(self, rows: Iterable[Sequence[Any]]) -> None:
        """Work by these rows, if they are not what is in memory already."""
        added = tuple(Added(*row) for row in rows)
        if set(added) != set(self._added):
            self.take(added)

    def take(self, rows: Iterable[Sequence[Any]]) -> None:
        """Work by these rows of `sql/rulesets.sql` from now on."""
        added = tuple(Added(*row) for row in rows)
        if self._rights is not None:
            self._parse(added)
        self._added = added
        self.numbers = Numbers(
            next((one.number for one in added if one.is_enforced), 0),
            next((one.number for one in added if not one.is_enforced), 0),
        )

    def _parse(self, added: tuple[Added, ...]) -> None:
        live = next((one for one in added if one.is_enforced), Added(0, "", is_enforced=True))
        try:
            self._live = Ruleset(self._declared, live.text, number=live.number)
        except ValueError:
            log.error("access.rules_unreadable number=%d", live.number)
            self._live = self._live or Ruleset(self._declared)
        other = next((one for one in added if not one.is_enforced), None)
        try:
            self._candidate = (
                Ruleset(self._declared, other.text, number=other.number) if other else None
            )
        except ValueError:
            log.error("access.candidate_unreadable number=%d", other.number if other else 0)
            self._candidate = None


memory = Memory()


def read_again() -> None:
    """Read which rules there are, on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "rulesets"))
        memory.take(cursor.fetchall())


def notice(numbers: Numbers) -> None:
    """Read again if the numbers that came with a session are not those of this process."""
    if memory.notice(numbers):
        read_again()
