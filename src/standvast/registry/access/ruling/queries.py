"""Reads: versions of the rules, and whether every process judges by the one enforced."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from standvast.core.health.api import alive, pulses
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.ruling.models import Ruleset
from standvast.registry.access.ruling.rules import STATE_TITLES, State

VERSIONS_MAX = 50
ON_ITS_WAY = timedelta(seconds=6)
"""Two seconds to be felt, two to the next pulse, and two for luck."""


class NoSuchVersion(NotFound):
    """There is no such version of the rules."""

    code = "access.no_such_version"


@dataclass(frozen=True)
class VersionRow:
    """One version of the rules, for a list."""

    number: int
    state: State
    state_title: str
    why: str
    text: str
    proposed_at: datetime
    proposed_by: str
    proposed_by_id: uuid.UUID | None
    approved_at: datetime | None
    approved_by: str
    enforced_at: datetime | None
    ended_at: datetime | None


def version_rows() -> tuple[VersionRow, ...]:
    """Return the newest versions; at most 50."""
    rows = Ruleset.objects.select_related("proposed_by", "approved_by").order_by("-number")
    return tuple(_row(one) for one in rows[:VERSIONS_MAX])


def version_row(number: int) -> VersionRow:
    """Return one version.

    :raises NoSuchVersion: if there is none.
    """
    row = Ruleset.objects.select_related("proposed_by", "approved_by").filter(number=number).first()
    if row is None:
        raise NoSuchVersion(marked("There is no such version of the rules."))
    return _row(row)


def enforced_text() -> str:
    """Return what is laid on top of the declared rules now; empty for nothing."""
    return Ruleset.objects.filter(state=State.ENFORCED).values_list("text", flat=True).first() or ""


def _row(one: Ruleset) -> VersionRow:
    return VersionRow(
        number=one.number,
        state=State(one.state),
        state_title=STATE_TITLES[State(one.state)],
        why=one.why,
        text=one.text,
        proposed_at=one.proposed_at,
        proposed_by=one.proposed_by.display_name if one.proposed_by else "",
        proposed_by_id=one.proposed_by_id,
        approved_at=one.approved_at,
        approved_by=one.approved_by.display_name if one.approved_by else "",
        enforced_at=one.enforced_at,
        ended_at=one.ended_at,
    )


def to_look_at_count() -> int:
    """Return how many versions are in the shadow: their report waits to be read."""
    return Ruleset.objects.filter(is_shadowed=True).count()


def behind_count(now: datetime) -> int:
    """Return how many living processes judge by other rules than those that are enforced.

    Rules that changed within the last few seconds are on their way.
    """
    states = Ruleset.objects.filter(Q(state=State.ENFORCED) | Q(ended_at__gt=now - ON_ITS_WAY))
    changed = [at for row in states for at in (row.enforced_at, row.ended_at) if at is not None]
    if any(at > now - ON_ITS_WAY for at in changed):
        return 0
    enforced = next((row.number for row in states if row.state == State.ENFORCED), 0)
    return sum(
        pulse.figures.get("rules", enforced) != enforced
        for pulse in alive(pulses(now, within_s=60), now)
        if pulse.kind == "serve"
    )
