"""What a module declares when others ask it for a certificate: the slot PURPOSES."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from standvast.core.certificates.rules.preflight import Environment, Use
from standvast.kit.errors import NotFound
from standvast.kit.wiring import Slot, wired
from standvast.kit.words import marked

COMPONENT = "certificates"
"""The component to which a purpose belongs that names no other."""


@dataclass(frozen=True)
class Peer:
    """Who is shown the certificate, and the authority (PEM) by which we know who that is.

    Without an authority the system's own are believed.
    """

    host: str
    port: int = 443
    authority: str = ""


Harmless = Callable[[ssl.SSLContext, Peer, float], bool | None]
"""(context, peer, deadline_s) -> whether the peer answered as it should; None: could not tell."""


@dataclass(frozen=True)
class Purpose:
    """What a certificate is for. Everything that differs by installation is read when needed."""

    name: str
    title: str
    """Marked, as are `owner` and `stops`."""
    owner: str
    """Who sees to it that there is a next one in time."""
    stops: str
    """What stops for people when it fails."""
    peer: Callable[[], Peer | None]
    issuers: Callable[[], Mapping[Environment, str]]
    """The authorities (PEM) that issue it, per environment."""
    number: Callable[[], str]
    """The number its subject must carry, as it is written there."""
    uses: frozenset[Use] = field(default=frozenset({Use.CLIENT_AUTH}))
    target: str = COMPONENT
    """The component or edge that is red when it fails."""
    must_be_there: bool = False
    """No process takes traffic before it is there and right."""
    harmless: Harmless | None = None
    """One call that changes nothing; without it the peer's first line of answer is judged."""


PURPOSES: Slot[Purpose] = Slot("certificates.purposes")


class PurposeUnknown(NotFound):
    """Nothing in this installation uses such a certificate."""

    code = "certificates.purpose_unknown"


def purpose_named(name: str) -> Purpose:
    """Return a purpose of the wiring.

    :raises PurposeUnknown: if there is none of this name.
    """
    for purpose in wired(PURPOSES):
        if purpose.name == name:
            return purpose
    raise PurposeUnknown(marked("Nothing here uses such a certificate."))


def environment() -> Environment:
    """Return what this installation is."""
    return Environment(settings.ENVIRONMENT)


def peer_at(address: str, authority: str) -> Peer | None:
    """Return the peer at an https address; none when that is not what is set."""
    try:
        parts = urlsplit(address)
        port = parts.port or 443
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname:
        return None
    return Peer(parts.hostname, port, authority)
