"""Reads: the last count, and whose a person may see."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from standvast.care.dashboards.declared import SOURCES
from standvast.care.dashboards.models import Count, Counting
from standvast.care.dashboards.rules.cells import Cell, Measure, Window
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.api import Layer, may, memberships_of

RIGHT = "dashboards.see"
OWN_MAX = 20


class NotYours(NotFound):
    """The organisation is not one whose dashboard this person may see."""

    code = "dashboards.not_yours"


@dataclass(frozen=True, slots=True)
class Own:
    """An organisation whose dashboard a person may see, and who they are there."""

    actor: Actor
    name: str


def own_organisations(actor: Actor) -> tuple[Own, ...]:
    """Return where this person works in a role that sees dashboards, held longest first.

    Being linked to a practice some other way gives nothing: there are no such links.
    """
    if actor.person_id is None or actor.helping_from is not None:
        return ()
    found = [
        Own(
            replace(
                actor,
                organisation_id=one.organisation_id,
                role=one.role.value,
                organisation_kind=one.organisation_kind.value,
                held=one.held,
            ),
            one.organisation_name,
        )
        for one in memberships_of(actor.person_id)
    ]
    return tuple(own for own in found if may(own.actor, RIGHT, layer=Layer.ROUTE))[:OWN_MAX]


def check_own(actor: Actor, organisation_ids: Collection[uuid.UUID]) -> tuple[Own, ...]:
    """Return those of a person's own organisations that are meant.

    :raises NotYours: if one of them is not, or does not exist.
    """
    own = {one.actor.organisation_id: one for one in own_organisations(actor)}
    if not organisation_ids or not own.keys() >= set(organisation_ids):
        raise NotYours(marked("You do not see the dashboard of this practice."))
    return tuple(one for key, one in own.items() if key in organisation_ids)


@dataclass(frozen=True, slots=True)
class Counted:
    """How old the count is that a dashboard stands on: the oldest of its organisations."""

    at: datetime | None
    """None while one of them was never counted."""
    is_broken: bool


def counted(organisation_ids: Collection[uuid.UUID]) -> Counted:
    """Return how old what is known of these organisations is."""
    rows = list(Counting.objects.filter(organisation_id__in=organisation_ids))
    known = [row.counted_at for row in rows if row.counted_at is not None]
    return Counted(
        at=min(known) if len(known) == len(set(organisation_ids)) else None,
        is_broken=any(row.is_broken for row in rows),
    )


def cells_of(organisation_ids: Collection[uuid.UUID], window: Window) -> tuple[Cell, ...]:
    """Return the cells of these organisations that lie in the window, in one query."""
    rows = Count.objects.of_organisations(organisation_ids).filter(
        from_on__gte=window.first_on, until_on__lte=window.until_on
    )
    return tuple(
        Cell(
            organisation_id=row.organisation_id,
            measure=Measure(row.measure),
            programme=row.programme,
            path=tuple(row.path.split("/")) if row.path else (),
            from_on=row.from_on,
            until_on=row.until_on,
            count=row.count,
            people=row.people,
        )
        for row in rows
    )


def looked_since(since: datetime) -> frozenset[uuid.UUID]:
    """Return the organisations that somebody tried to count since an instant: who uses it."""
    rows = Counting.objects.filter(tried_at__gte=since)
    return frozenset(rows.values_list("organisation_id", flat=True))


@dataclass(frozen=True, slots=True)
class Codes:
    """What there is to filter by."""

    programmes: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    """Activities and the groups they are in."""


def codes_of(organisation_ids: Collection[uuid.UUID], window: Window) -> Codes:
    """Return the programmes and activities that were counted, whatever may be shown of them."""
    rows = (
        Count.objects.of_organisations(organisation_ids)
        .filter(from_on__gte=window.first_on, until_on__lte=window.until_on)
        .values_list("programme", "path")
        .distinct()
    )
    paths = [tuple(path.split("/")) for _, path in rows if path]
    return Codes(
        programmes=frozenset(programme for programme, _ in rows),
        paths=frozenset(path[:depth] for path in paths for depth in range(1, len(path) + 1)),
    )


def has_sources() -> bool:
    """Whether anybody here can count."""
    return bool(wired(SOURCES))


def title_of(code: str) -> str:
    """Return the marked title of a programme or an activity; the code itself without one."""
    return next((one.titles[code] for one in wired(SOURCES) if code in one.titles), code)
