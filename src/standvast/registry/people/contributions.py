"""What the floor above brings to people, and what people bring to the page kit."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from standvast.kit.wiring import Slot
from standvast.registry.people.models import Person

WORKPLACE: Slot[Callable[[uuid.UUID], uuid.UUID | None]] = Slot("workplace")
"""One function of registry/access: the organisation a person works for, for the journal."""


@dataclass(frozen=True)
class PersonaView:
    """Somebody of the demo whom a visitor may be with one click."""

    username: str
    name: str
    role: str
    organisation: str


PERSONAS: Slot[Callable[[], Sequence[PersonaView]]] = Slot("personas")
"""One function of registry/access; asked in demo mode only."""


@dataclass(frozen=True)
class Hindrance:
    """Why somebody may not get a new password now. Their page then says whom to call."""

    is_closed: bool
    """By the desk; otherwise it may work, and may not."""
    text: str = ""
    """What the desk says about it, in the language active now."""
    since: datetime | None = None


RESET_HINDRANCE: Slot[Callable[[datetime], Hindrance | None]] = Slot("reset_hindrance")
"""One function of the floors above: what stands in the way of a new password, if anything."""


def language_chosen(request: HttpRequest, language: str) -> None:
    """Keep the language of a person who is signed in; for the slot of the page kit."""
    from standvast.registry.people.operations import keep_language

    if isinstance(request.user, Person):
        keep_language(person_id=request.user.id, language=language)
