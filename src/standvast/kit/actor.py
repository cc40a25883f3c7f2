"""Who acts: passed to every operation that writes, so that the journal can say so."""

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """A person at work for an organisation, or the house itself.

    `organisation_id` is whose data is touched. When the programme office helps a practice by
    phone, `organisation_id` is the practice's and `helping_from` the office's.
    """

    person_id: uuid.UUID | None
    organisation_id: uuid.UUID
    role: str
    address: str = ""
    """Network address the request came from; empty for the house itself."""
    helping_from: uuid.UUID | None = None
    language: str = "nl"
    app: str = field(default="", compare=False)
    """Through which app of another they act, by its name; empty on our own pages."""
    organisation_kind: str = field(default="", compare=False)
    """What kind of organisation it is, as far as access rules ask; empty where nobody looked."""
    held: frozenset[str] = field(default=frozenset(), compare=False)
    """What the person holds there beside the role, as `registry/access` writes it."""


def house_actor(organisation_id: uuid.UUID, *, role: str = "house") -> Actor:
    """Return the actor for what Standvast does by itself: sweeps, draws, probes."""
    return Actor(person_id=None, organisation_id=organisation_id, role=role)
