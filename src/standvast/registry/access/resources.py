"""A colleague as a FHIR resource: who they are, and nothing that is theirs alone. Pure."""

import uuid

from standvast.fhir.api import Json


def practitioner_of(person_id: uuid.UUID, name: str) -> Json:
    """Return somebody who works here as a Practitioner."""
    return {
        "resourceType": "Practitioner",
        "id": str(person_id),
        "active": True,
        "name": [{"text": name}],
    }
