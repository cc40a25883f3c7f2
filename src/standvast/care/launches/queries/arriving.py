"""Reads: which system asks who somebody is, and how launches go."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.care.launches.models import Link, System


@dataclass(frozen=True, slots=True)
class Asked:
    """Which system wants to know who its user is, at which organisation."""

    system_title: str
    organisation_name: str


def asked_by(link_id: uuid.UUID) -> Asked | None:
    """Return who asks; None if there is no such user."""
    link = Link.objects.select_related("system", "organisation").filter(id=link_id).first()
    return None if link is None else Asked(link.system.title, link.organisation.name)


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many launches of a system were refused in a row, and why the last one."""

    system: str
    count: int
    reason: str


def most_refused(*, since: datetime) -> Refusals | None:
    """Return the system with most refused in a row, of those refused lately, if there is one."""
    row = (
        System.objects.filter(is_active=True, refused_at__gte=since, refused_count__gt=0)
        .order_by("-refused_count")
        .first()
    )
    return None if row is None else Refusals(row.title, row.refused_count, row.refused_for)
