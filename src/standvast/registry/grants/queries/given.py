"""Reads: what people gave."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.registry.grants.models import Consent
from standvast.registry.grants.rules.scopes import granted, words_of

ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class GivenRow:
    """An app that a person let in, for their own list. `scopes` are those of the last time."""

    app_id: uuid.UUID
    title: str
    supplier: str
    organisation: str
    scopes: tuple[str, ...]
    given_at: datetime


def is_agreed(
    *, app_id: uuid.UUID, person_id: uuid.UUID, organisation_id: uuid.UUID, scopes: tuple[str, ...]
) -> bool:
    """Whether the person said yes to all of this before."""
    found = Consent.objects.filter(
        app_id=app_id, person_id=person_id, organisation_id=organisation_id
    ).first()
    return found is not None and granted(scopes, words_of(found.scopes)) == scopes


def given_by(person_id: uuid.UUID) -> tuple[GivenRow, ...]:
    """Return which apps a person let in, and may take back; by name."""
    rows = Consent.objects.filter(person_id=person_id).select_related("app", "organisation")
    return tuple(
        GivenRow(
            app_id=row.app_id,
            title=row.app.title,
            supplier=row.app.supplier,
            organisation=row.organisation.name,
            scopes=words_of(row.scopes),
            given_at=row.given_at,
        )
        for row in rows.order_by("app__title", "id")[:ROWS_MAX]
    )
