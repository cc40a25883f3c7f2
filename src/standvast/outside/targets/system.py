"""One opened system: whom it lets in, and what it shows of them."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from standvast.outside.targets.behaviour import Answers, Behaviour
from standvast.outside.targets.keys import trusted

LIFE_S_MAX = 60
SKEW_S = 30
USED_MAX = 10_000
OPENED_MAX = 200
AFTER_ITS_UPDATE = "launch_jwt"
"""The field that it asks for once its field changed."""


class NotLetIn(Exception):
    """Whoever was handed over is not let in; the message is for them."""


@dataclass(frozen=True)
class Asks:
    """What one system asks for. `field` is empty where claims come unsigned, each in its own."""

    slug: str
    title: str
    title_nl: str
    heading: str
    """Stands on its page when all is well."""
    field: str = ""
    shows: Sequence[str] = ()
    """Claims without which it cannot open, shown on its page."""
    sends_on: bool = False
    """Whether it answers with an address of its own, as one that begins a session does."""

    @property
    def audience(self) -> str:
        """Whom a token is for."""
        return f"https://{self.slug}.example"


ALL = (
    Asks(
        "orders",
        "Lab orders",
        "laboratoriumaanvragen",
        "New order",
        field="token",
        shows=("context.family", "context.birth-date", "org-id.value", "user-id.value"),
    ),
    Asks(
        "diagnostics",
        "Regional diagnostics",
        "regionale diagnostiek",
        "Choose an examination",
        field="jwt",
        shows=("patient.family", "patient.born", "practice"),
        sends_on=True,
    ),
    Asks(
        "pharmacy-portal",
        "Pharmacy portal",
        "apotheekportaal",
        "Medication overview",
        shows=("patient_name", "patient_birth_date", "organisation"),
    ),
)


class TargetSystem:
    """One of them."""

    def __init__(self, asks: Asks, *, folder: Path) -> None:
        self.asks = asks
        self.folder = folder
        self.behaviour = Behaviour()
        self.sends_to = ""
        """Another site of theirs, where what a click opens stands; empty: this one."""
        self.let_in_count = 0
        self.refused_count = 0
        self._used: OrderedDict[str, None] = OrderedDict()
        self._opened: OrderedDict[str, Mapping[str, str]] = OrderedDict()
        self._other_key = generate_private_key(SECP256R1()).public_key()

    async def behave(self, behaviour: Behaviour) -> None:
        """Behave so from now on."""
        self.behaviour = behaviour

    def let_in(self, fields: Mapping[str, str], *, now: datetime) -> Mapping[str, str]:
        """Return what it shows of whoever is handed over.

        :raises NotLetIn: saying why.
        """
        try:
            shown = self._shown(fields, now)
        except NotLetIn:
            self.refused_count += 1
            raise
        self.let_in_count += 1
        return shown

    def begin(self, shown: Mapping[str, str]) -> str:
        """Keep what a page shows, and return the unguessable end of its address."""
        name = secrets.token_urlsafe(16)
        self._opened[name] = shown
        while len(self._opened) > OPENED_MAX:
            self._opened.popitem(last=False)
        return name

    def opened(self, name: str) -> Mapping[str, str] | None:
        """Return what such a page shows."""
        return self._opened.get(name)

    def _shown(self, fields: Mapping[str, str], now: datetime) -> Mapping[str, str]:
        told = self._told(fields, now)
        lacking = [name for name in self.asks.shows if not told.get(name)]
        if lacking:
            raise NotLetIn(f"{lacking[0]} is missing.")
        return {name: told[name] for name in self.asks.shows}

    def _told(self, fields: Mapping[str, str], now: datetime) -> Mapping[str, str]:
        is_changed = self.behaviour.answers is Answers.FIELD
        if not self.asks.field:
            return {f"{name}_2" if is_changed else name: value for name, value in fields.items()}
        field = AFTER_ITS_UPDATE if is_changed else self.asks.field
        if field not in fields:
            raise NotLetIn(f"The field {field} is missing.")
        return flat(self._claims(fields[field], now))

    def _claims(self, token: str, now: datetime) -> Mapping[str, object]:
        is_stranger = self.behaviour.answers is Answers.STRANGER
        key = self._other_key if is_stranger else trusted(self.folder, self.asks.slug)
        if key is None:
            raise NotLetIn("No key was handed in yet.")
        try:
            claims: Mapping[str, object] = jwt.decode(
                token,
                key,
                algorithms=["ES256"],
                audience=self.asks.audience,
                leeway=SKEW_S,
                options={"require": ["exp", "iat", "jti", "aud", "iss"]},
            )
        except jwt.InvalidTokenError as error:
            raise NotLetIn(f"The token is not taken: {type(error).__name__}.") from None
        self._use(claims, now)
        return claims

    def _use(self, claims: Mapping[str, object], now: datetime) -> None:
        issued, expires = claims["iat"], claims["exp"]
        assert isinstance(issued, int | float), "the library looked"
        assert isinstance(expires, int | float), "the library looked"
        if expires - issued > LIFE_S_MAX or now.timestamp() > expires + SKEW_S:
            raise NotLetIn("The token counts for too long.")
        number = str(claims["jti"])
        if number in self._used:
            raise NotLetIn("The token was used already.")
        self._used[number] = None
        while len(self._used) > USED_MAX:
            self._used.popitem(last=False)


def flat(claims: Mapping[str, object], before: str = "") -> dict[str, str]:
    """Return claims by their whole names: what lies in another has a dot."""
    found: dict[str, str] = {}
    for name, value in claims.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = str(value)
    return found
