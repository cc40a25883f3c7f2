"""What may be launched into: where, how people are handed over, and with which claims. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from standvast.care.launches.rules.addresses import (
    Networks,
    TargetNotRight,
    check_address,
    site_of,
)
from standvast.kit.errors import Refused
from standvast.kit.words import marked

LIFE = timedelta(seconds=60)
"""From issue to expiry: the page goes on by itself, and a copied token is soon worth nothing."""
WALKED_WITHIN = timedelta(minutes=15)
"""A new version goes live on a walk that is no older."""
CLAIMS_MAX = 30
PLACES_MAX = 8
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,3}")
_RESERVED = frozenset({"iss", "aud", "jti", "iat", "exp"})


class Kind(StrEnum):
    """How somebody is handed over."""

    SIGNED = "signed"
    """A signed token, in a field of a form."""
    FORM = "form"
    """The claims themselves, as fields of a form."""
    LINK = "link"
    """The address alone: it carries nobody."""
    SMART = "smart"
    """An app is started about a patient, and asks us who and whom: SMART App Launch."""
    OPENID = "openid"
    """An app is told to sign the person in with us: OpenID Connect, begun here."""


BY_APP = frozenset({Kind.SMART, Kind.OPENID})
"""The other side is an app that people let in; it asks for what it may know, and gets no claims."""
CARRYING = frozenset({Kind.SIGNED, Kind.FORM})


class Source(StrEnum):
    """What a claim may carry."""

    ORIGIN = "origin"
    TASK = "task"
    USER = "user"
    USER_NAME = "user-name"
    ROLE = "role"
    ORGANISATION = "organisation"
    ORGANISATION_SYSTEM = "organisation-system"
    ORGANISATION_NAME = "organisation-name"
    PATIENT = "patient"
    FAMILY = "patient-family"
    PREFIX = "patient-prefix"
    GIVEN = "patient-given"
    BIRTH_DATE = "patient-birth-date"
    SEX = "patient-sex"
    BSN = "patient-bsn"
    INSZ = "patient-insz"


OF_PATIENT = frozenset(source for source in Source if source.value.startswith("patient"))
Claims = Mapping[str, str]
"""Their name for it, with dots where it lies in another; and what it carries, a `Source`."""


class State(StrEnum):
    """Where one version of a target stands."""

    PROPOSED = "proposed"
    LIVE = "live"
    REPLACED = "replaced"
    """It was live once; it can be taken back to."""
    WITHDRAWN = "withdrawn"


class NotProven(Refused):
    """The version has not just passed its walk."""

    code = "launches.not_proven"


@dataclass(frozen=True, slots=True)
class Contract:
    """What the other side answers when all is well."""

    status: int = 200
    marker: str = ""
    """Words that stand on the page it shows."""
    echoes: Sequence[str] = ()
    """Claims whose values stand on the page, by their names there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All of one version of a target but its key."""

    title: str
    kind: Kind
    address: str
    purpose: str
    owner: str
    telephone: str
    instead: Mapping[str, str]
    """What to do while it is broken, by language; Dutch is always there."""
    audience: str = ""
    """Whom a token is for; the address, unless they say otherwise."""
    token_field: str = "token"  # noqa: S105 - the name of a field
    task: str = ""
    claims: Claims = field(default_factory=dict)
    contract: Contract = field(default_factory=Contract)
    leads_to: Sequence[str] = ()
    """Further sites that it sends people on to."""
    organisation_ids: Sequence[str] = ()
    """Who sees it; empty: everybody who sees patients."""
    app: str = ""
    """The name (client_id) under which the desk registered the app, where it is one."""
    opens: str = ""
    """What an app that signs in with us opens then, an address of its own; empty: its first."""

    @property
    def needs_patient(self) -> bool:
        """Whether it opens with a patient in hand."""
        carries = any(Source(source) in OF_PATIENT for source in self.claims.values())
        return carries or self.kind is Kind.SMART


def check_draft(draft: Draft, *, is_world_here: bool = False, networks: Networks = ()) -> None:
    """Pass if this can be launched into; `is_world_here`: the simulated world is on this machine.

    :raises TargetNotRight: saying what cannot be.
    """
    places = (draft.address, *draft.leads_to, *([draft.opens] if draft.opens else ()))
    for place in places:
        check_address(place, is_world_here=is_world_here, networks=networks)
    if not draft.instead.get("nl", "").strip():
        raise TargetNotRight(marked("Say in Dutch what people do while it is broken."))
    if len(draft.leads_to) > PLACES_MAX:
        raise TargetNotRight(marked("At most 8 further sites."))
    _check_claims(draft)
    _check_app(draft)
    if not (draft.contract.marker or draft.contract.echoes):
        raise TargetNotRight(
            marked("Say what stands on its page when all is well: a page to sign in is a page too.")
        )
    known = frozenset(Source) if draft.kind in BY_APP else draft.claims
    for name in draft.contract.echoes:
        if name not in known:
            raise TargetNotRight(marked("It does not get {name}, so it cannot show it."), name=name)


def _check_claims(draft: Draft) -> None:
    if draft.kind is Kind.LINK and draft.claims:
        raise TargetNotRight(marked("A plain link carries nothing: leave the claims empty."))
    if draft.kind in BY_APP and draft.claims:
        raise TargetNotRight(
            marked("An app asks us itself for what it may know: leave the claims empty.")
        )
    if draft.kind in CARRYING and not draft.claims:
        raise TargetNotRight(marked("Say which claims it gets."))


def _check_app(draft: Draft) -> None:
    if draft.kind not in BY_APP:
        if draft.app or draft.opens:
            raise TargetNotRight(
                marked("Only an app has a name for us (client_id), and a page that it opens.")
            )
        return
    if not draft.app:
        raise TargetNotRight(marked("Say under which name (client_id) the app is registered."))
    if draft.opens and (draft.kind is Kind.SMART or site_of(draft.opens) not in sites_of(draft)):
        raise TargetNotRight(
            marked("What it opens is an address on a site of its own, where it signs people in.")
        )


def claims_in_text(text: str) -> dict[str, str]:
    """Return the claims that a text names, one a line: `their.name = ours`.

    :raises TargetNotRight: naming the first line that cannot be.
    """
    found: dict[str, str] = {}
    for line in (one.strip() for one in text.splitlines()):
        if not line:
            continue
        name, _, source = (part.strip() for part in line.partition("="))
        wrong = not _NAME.fullmatch(name) or name in _RESERVED or name in found
        if wrong or source not in set(Source):
            raise TargetNotRight(
                marked("This line is no claim: {line}. Write: their.name = {known}."),
                line=line[:60],
                known=" | ".join(Source),
            )
        found[name] = source
    if len(found) > CLAIMS_MAX:
        raise TargetNotRight(marked("At most 30 claims."))
    whole = set(found)
    if any(name.startswith(f"{other}.") for name in whole for other in whole):
        raise TargetNotRight(marked("One claim cannot lie in another that carries something."))
    return found


def sites_of(draft: Draft) -> tuple[str, ...]:
    """Return every site on which a launch may end."""
    return tuple(dict.fromkeys(site_of(one) for one in (draft.address, *draft.leads_to)))


def nested(flat: Mapping[str, str]) -> dict[str, object]:
    """Return claims as a token carries them: `a.b` lies in `a`."""
    whole: dict[str, object] = {}
    for name, value in flat.items():
        *folders, last = name.split(".")
        place = whole
        for folder in folders:
            inner = place.setdefault(folder, {})
            assert isinstance(inner, dict), "checked when the claims were taken"
            place = inner
        place[last] = value
    return whole
