"""Somebody looks at a dashboard: read and written down in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from standvast.care.dashboards.queries import Counted, Own, cells_of, check_own, counted
from standvast.care.dashboards.rules.cells import Cell, Window
from standvast.care.dashboards.rules.tables import Asked, Board, board_of
from standvast.core.journal.api import Entry, entry_of, record_many
from standvast.kit.actor import Actor

KIND = "dashboards.counts"


@dataclass(frozen=True)
class Look:
    """What is shown: the tables, how old the count is, and whose it is."""

    board: Board
    counted: Counted
    own: tuple[Own, ...]


@transaction.atomic(durable=True)
def look(*, actor: Actor, asked: Asked, window: Window, now: datetime) -> Look:
    """Return the tables for what was asked; the look is written down at each practice.

    :raises NotYours: if one of the organisations is not their own.
    """
    return _looked(actor, asked, window, "dashboards.seen", now)


@transaction.atomic(durable=True)
def export(*, actor: Actor, asked: Asked, window: Window, now: datetime) -> Look:
    """Return the same tables to be taken away as a file; that is written down as such.

    :raises NotYours: if one of the organisations is not their own.
    """
    return _looked(actor, asked, window, "dashboards.exported", now)


def _looked(actor: Actor, asked: Asked, window: Window, event: str, now: datetime) -> Look:
    own = check_own(actor, asked.organisation_ids)
    cells: Sequence[Cell] = cells_of(asked.organisation_ids, window)
    found = Look(
        board=board_of(cells, window, asked), counted=counted(asked.organisation_ids), own=own
    )
    record_many([_entry(one, asked, event, now) for one in own])
    return found


def _entry(own: Own, asked: Asked, event: str, now: datetime) -> Entry:
    return entry_of(
        own.actor,
        at=now,
        action="R",
        event=event,
        record_kind=KIND,
        record_id=own.actor.organisation_id,
        detail={
            "from": _month(asked.period.first_on),
            "until": _month(asked.period.until_on),
            "programme": asked.programme,
            "activity": "/".join(asked.path),
        },
    )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
