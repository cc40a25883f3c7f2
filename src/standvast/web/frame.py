"""What stands around a page: who is here, the rail, the notices. Filled by the floors above."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest

from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.wiring import Slot, wired
from standvast.kit.words import marked

FIRST = marked("Start")


@dataclass(frozen=True)
class Choice:
    """One organisation a person can work for."""

    id: uuid.UUID
    name: str
    role: str = ""


@dataclass(frozen=True)
class Who:
    """Who looks at the page, and for whom. `actor` is None until an organisation is chosen."""

    name: str
    actor: Actor | None = None
    organisation: str = ""
    organisation_language: str = ""
    choices: tuple[Choice, ...] = ()
    switch_url: str = ""
    """POST here with `organisation=<id>`, to work for another one."""
    person_links: tuple[tuple[str, str], ...] = ()
    """(marked title, address) of the person's own pages."""
    leave_url: str = ""
    """POST here to sign out."""


@dataclass(frozen=True)
class RailItem:
    """One service in the rail: shown to those who have `right` (empty: to all who signed in)."""

    title: str
    url_name: str
    right: str
    icon: str
    count: Callable[[Actor], int | None] = field(default=lambda _: None)
    """The one count that matters; None or 0 shows nothing. Must be cheap."""


@dataclass(frozen=True)
class NoticeView:
    """One sentence that touches this person now. `kind` is info, late, closed or harm."""

    kind: str
    text: str
    at: datetime | None = None
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Offer:
    """What a person who was refused may do about it: a button that hands in `fields`, or a link."""

    label: str
    """Marked."""
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    is_link: bool = False


@dataclass(frozen=True)
class Tile:
    """One card on the first page: what is so, and where to act."""

    title: str
    sentence: str
    url: str
    count: int | None = None
    icon: str = "square"
    kind: str = "info"


@dataclass(frozen=True)
class Bell:
    """What a person was told and has not read, at the top right."""

    unread_count: int
    url: str


WHO: Slot[Callable[[HttpRequest], Who | None]] = Slot("who")
"""One function of registry/access: who looks; None for a stranger."""

OFFERS: Slot[Callable[[HttpRequest, Refused], Sequence[Offer]]] = Slot("offers")
"""What a refusal page offers. May not need the database."""

MAY: Slot[Callable[[Actor, str], bool]] = Slot("may")
"""One function of registry/access: whether the actor has the right."""

RAIL: Slot[RailItem] = Slot("rail")
BELL: Slot[Callable[[Actor], Bell]] = Slot("bell")
"""One function of registry/tidings."""
NOTICES: Slot[Callable[[Actor, datetime], Sequence[NoticeView]]] = Slot("notices")
TILES: Slot[Callable[[Actor, datetime], Sequence[Tile]]] = Slot("tiles")
PUBLIC_NOTICES: Slot[Callable[[datetime], Sequence[NoticeView]]] = Slot("public_notices")
"""For pages of strangers, such as the sign-in page."""
LANGUAGE_CHOSEN: Slot[Callable[[HttpRequest, str], None]] = Slot("language_chosen")
"""Operations that keep the language a signed-in person chose."""
EVERYWHERE: Slot[str] = Slot("everywhere")
"""Static names of ES modules that every page of a signed-in person loads."""


@dataclass(frozen=True)
class RailLink:
    """A rail item as it is shown."""

    title: str
    url: str
    icon: str
    count: int | None
    is_here: bool


def who_is(request: HttpRequest) -> Who | None:
    """Return who looks at the page, asked once per request."""
    known = "_standvast_who"
    if not hasattr(request, known):
        found = next((ask(request) for ask in wired(WHO)), None)
        setattr(request, known, found)
    return getattr(request, known, None)


def may(actor: Actor, right: str) -> bool:
    """Whether the actor has a right; nobody does while no rule is wired."""
    return not right or any(ask(actor, right) for ask in wired(MAY))


def rail_of(request: HttpRequest, actor: Actor) -> list[RailLink]:
    """Return the rail for this actor; the longest address that starts this page's is here."""
    from django.urls import reverse

    items = [(item, reverse(item.url_name)) for item in wired(RAIL) if may(actor, item.right)]
    fitting = [url for _, url in items if request.path.startswith(url)]
    here = max(fitting, key=len, default=None)
    first = RailLink(FIRST, reverse("web:first"), "house", None, is_here=request.path == "/")
    return [
        first,
        *(
            RailLink(item.title, url, item.icon, item.count(actor), is_here=url == here)
            for item, url in items
        ),
    ]


def notices_for(actor: Actor | None, *, now: datetime) -> list[NoticeView]:
    """Return the notices that touch this actor; for a stranger the public ones."""
    if actor is None:
        return [view for ask in wired(PUBLIC_NOTICES) for view in ask(now)]
    return [view for ask in wired(NOTICES) for view in ask(actor, now)]


def tiles_for(actor: Actor, *, now: datetime) -> list[Tile]:
    """Return the tiles of the first page, in the order of the wiring."""
    return [tile for ask in wired(TILES) for tile in ask(actor, now)]


def offers_for(request: HttpRequest, refused: Refused) -> list[Offer]:
    """Return what the refused person may do about it."""
    return [offer for ask in wired(OFFERS) for offer in ask(request, refused)]
