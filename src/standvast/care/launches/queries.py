"""Reads: which system asks who somebody is."""

import uuid
from dataclasses import dataclass

from standvast.care.launches.models import Link


@dataclass(frozen=True, slots=True)
class Asked:
    """Which system wants to know who its user is, at which organisation."""

    system_title: str
    organisation_name: str


def asked_by(link_id: uuid.UUID) -> Asked | None:
    """Return who asks; None if there is no such user."""
    link = Link.objects.select_related("system", "organisation").filter(id=link_id).first()
    return None if link is None else Asked(link.system.title, link.organisation.name)
