"""What the other side answered, held to what it promised. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from standvast.care.launches.rules.targets import Contract
from standvast.kit.words import marked

FAR = frozenset({"launches.unreached", "launches.late", "launches.far_fault"})
"""Codes that say: it is away, whatever we handed over."""
REASONS: Mapping[str, str] = {
    "launches.unreached": marked("It cannot be reached."),
    "launches.late": marked("It does not answer within {seconds} seconds."),
    "launches.far_fault": marked("It reports a fault of its own ({status})."),
    "launches.refuses": marked("It refuses who we send ({status})."),
    "launches.other_status": marked("It answers {status} where {expected} was agreed."),
    "launches.signs_in": marked("It shows a page to sign in instead of what it should open."),
    "launches.not_the_page": marked("Its page does not show “{marker}”."),
    "launches.not_the_patient": marked("Its page does not show {claim}, which we handed over."),
    "launches.elsewhere": marked("It sends people on to {site}, which was not agreed."),
    "launches.own_page": marked("Our own page does not hand over ({reason})."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a launch: a key of `REASONS` and its values."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The marked sentence."""
        return REASONS[self.code]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser would have been shown in the end."""

    status: int
    text: str


def fault_in(shown: Shown, contract: Contract, handed: Mapping[str, str]) -> Fault | None:
    """Return in what an answer breaks the contract; None if it keeps it."""
    if shown.status >= 500:
        return Fault("launches.far_fault", {"status": shown.status})
    if shown.status in (401, 403) and shown.status != contract.status:
        return Fault("launches.refuses", {"status": shown.status})
    if shown.status != contract.status:
        return Fault("launches.other_status", {"status": shown.status, "expected": contract.status})
    said = words_on(shown.text)
    lacks_marker = bool(contract.marker) and " ".join(contract.marker.split()) not in said
    lacking = [name for name in contract.echoes if not handed.get(name) or handed[name] not in said]
    if (lacks_marker or lacking) and asks_password(shown.text):
        return Fault("launches.signs_in")
    if lacks_marker:
        return Fault("launches.not_the_page", {"marker": contract.marker})
    if lacking:
        return Fault("launches.not_the_patient", {"claim": lacking[0]})
    return None


def asks_password(text: str) -> bool:
    """Whether a page has a field for a password."""
    return re.search(r"<input\b[^>]*\btype\s*=\s*[\"']?password\b", text, re.IGNORECASE) is not None


def words_on(text: str) -> str:
    """Return what a page says, without its marks, as one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
