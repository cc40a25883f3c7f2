"""Agreements for the tests of others."""

import uuid
from datetime import datetime

from standvast.kit.actor import house_actor
from standvast.registry.agreements.operations import publish_version
from standvast.registry.agreements.rules import parts_of
from standvast.registry.agreements.seeds import a_document
from standvast.registry.organisations.api import Kind, house_id


def an_agreement(
    now: datetime, *, slug: str = "deelname", kinds: tuple[Kind, ...] = (Kind.PRACTICE,)
) -> uuid.UUID:
    """Publish the next version of an agreement with two parts; return its id."""
    return publish_version(
        actor=house_actor(house_id()),
        slug=slug,
        kinds=kinds,
        titles={"nl": "Deelname", "fr": "Participation", "en": "Taking part"},
        parts=parts_of(["Bestellen | Commander | Ordering", "Uitnodigen"]),
        document=a_document(f"{slug} {now.isoformat()}"),
        now=now,
    )
