"""Whom a component serves, who of them is open now and who answers: rows for the desk.

No roster is known, so the contact of a shift is a function: whoever answers the organisation's
telephone, else its mail box.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from standvast.desk.incidents.api import ReachRow, Served
from standvast.registry.access import api as access
from standvast.registry.organisations import api as organisations
from standvast.registry.organisations.api import Country, Kind, OrganisationView, opening_at

FOR_EVERYBODY = frozenset({"sign-in", "pages", "database", "mail", "account-mail"})
"""Components that nobody can do without."""
USED_WITHIN = timedelta(days=30)
KNOWN_MAX = 10_000


def everybody(component: str, variants: Sequence[str], now: datetime) -> Served | None:
    """Return every organisation at work, for what all use; affected: somebody signed in lately."""
    del variants
    if component not in FOR_EVERYBODY:
        return None
    views = organisations.organisations_of_kinds(*Kind, limit=KNOWN_MAX)
    used = access.organisations_signed_in(since=now - USED_WITHIN, now=now)
    return Served(reach_rows(views, now, affected=used), is_everybody=True)


def reach_rows(
    views: Iterable[OrganisationView], now: datetime, *, affected: Collection[UUID]
) -> tuple[ReachRow, ...]:
    """Return a row per organisation at work; our own desk is told, and never called back."""
    return tuple(_row(view, now, affected) for view in views if view.is_active)


def _row(view: OrganisationView, now: datetime, affected: Collection[UUID]) -> ReachRow:
    opening = opening_at(view.kind, Country(view.country), now)
    return ReachRow(
        organisation_id=view.id,
        name=view.name,
        contact=view.telephone or view.email,
        language=view.language,
        open_from=opening.from_at,
        open_until=opening.until_at,
        affected=view.id in affected and view.kind is not Kind.PLATFORM,
    )
