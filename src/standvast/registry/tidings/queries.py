"""Reads: what a person was told at one place of work."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from standvast.kit.actor import Actor
from standvast.registry.tidings.models import Tiding
from standvast.registry.tidings.rules import KEPT_MAX


@dataclass(frozen=True)
class TidingView:
    """One tiding, to be said in the language of whoever reads it."""

    id: uuid.UUID
    template: str
    values: Mapping[str, object]
    told_at: datetime
    is_read: bool


def tidings_for(actor: Actor) -> tuple[TidingView, ...]:
    """Return what the actor was told here, newest first; at most 100."""
    if actor.person_id is None:
        return ()
    rows = Tiding.objects.of(actor.person_id, actor.organisation_id)
    return tuple(
        TidingView(row.id, row.template, row.values, row.told_at, row.read_at is not None)
        for row in rows.order_by("-told_at", "-id")[:KEPT_MAX]
    )


def unread_count(actor: Actor) -> int:
    """Return how much of it is unread. Asked on every page: one index."""
    if actor.person_id is None:
        return 0
    return Tiding.objects.of(actor.person_id, actor.organisation_id).filter(read_at=None).count()
