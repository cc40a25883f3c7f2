"""An app's question for a person: read from its address, and judged. Pure.

Two kinds of refusal: `CannotBeAsked` is said to the person, since there is no address to trust;
`SentBack` goes to the app's registered address, as the protocol has it.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked
from standvast.registry.grants.rules.scopes import (
    SCOPE_CHARACTERS_MAX,
    is_about_care,
    words_of,
)

TEXT_CHARACTERS_MAX = 1_000
JUST_NOW = timedelta(seconds=30)
_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}", re.ASCII)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
SINGLE = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "aud",
    "launch",
    "prompt",
    "max_age",
    "response_mode",
    "request",
    "request_uri",
)


class CannotBeAsked(Invalid):
    """The question does not say reliably who asks, or where the answer goes. Nobody is sent on."""

    code = "grants.cannot_be_asked"


class SentBack(Refused):
    """The app asked for something that cannot be; it is told so at its own address."""

    code = "grants.sent_back"

    def __init__(self, error: str, template: str) -> None:
        super().__init__(template)
        self.error = error


@dataclass(frozen=True, slots=True)
class Asked:
    """An app's question. `scopes` are as asked; empty texts were not said."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    launch: str
    prompts: frozenset[str]
    max_age: timedelta | None


def is_name(text: str) -> bool:
    """Whether a text can be the name of an app at all; nothing else is looked up."""
    return _NAME.fullmatch(text) is not None


def who_asks(query: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the app's name and the address it wants its answer at; neither is proven yet.

    :raises CannotBeAsked: if one is missing, or is said twice.
    """
    name, address = (list(query.get(key, ())) for key in ("client_id", "redirect_uri"))
    if len(name) != 1 or len(address) != 1 or not is_name(name[0]):
        raise CannotBeAsked(
            marked("The app that sent you here does not say who it is. Go back and try once more.")
        )
    return name[0], address[0]


def asked_in(query: Mapping[str, Sequence[str]], *, server: str) -> Asked:
    """Return the question of an app whose name and address are proven.

    `server` is our own FHIR address, for which an app that wants care data has to ask.

    :raises SentBack: if it cannot be answered.
    """
    said = {name: _one(query, name) for name in SINGLE}
    if said["request"] or said["request_uri"]:
        raise SentBack("request_not_supported", "Requests are read from the address only.")
    if said["response_type"] != "code":
        raise SentBack("unsupported_response_type", "Only response_type=code is answered.")
    if said["response_mode"] not in ("", "query"):
        raise SentBack("invalid_request", "Only response_mode=query is answered.")
    _check_challenge(said["code_challenge"], said["code_challenge_method"])
    scopes = words_of(said["scope"])
    if not scopes:
        raise SentBack("invalid_scope", "Say in scope what you ask for.")
    if said["aud"].rstrip("/") != server and (said["aud"] or is_about_care(scopes)):
        raise SentBack("invalid_request", f"aud has to be {server}.")
    prompts = frozenset(said["prompt"].split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise SentBack("invalid_request", "This prompt is not known.")
    return Asked(
        client_id=said["client_id"],
        redirect_uri=said["redirect_uri"],
        scopes=scopes,
        state=said["state"],
        nonce=said["nonce"],
        challenge=said["code_challenge"],
        launch=said["launch"],
        prompts=prompts,
        max_age=_seconds(said["max_age"]),
    )


def state_in(query: Mapping[str, Sequence[str]]) -> str:
    """Return the app's own mark, to send back; empty if it cannot be read."""
    found = query.get("state", ())
    text = found[0] if len(found) == 1 else ""
    return text if len(text) <= TEXT_CHARACTERS_MAX and text.isprintable() else ""


def _one(query: Mapping[str, Sequence[str]], name: str) -> str:
    found = query.get(name, ())
    if len(found) > 1:
        raise SentBack("invalid_request", f"{name} is said more than once.")
    text = found[0] if found else ""
    if len(text) > (SCOPE_CHARACTERS_MAX if name == "scope" else TEXT_CHARACTERS_MAX):
        raise SentBack("invalid_request", f"{name} is too long.")
    if not text.isprintable():
        raise SentBack("invalid_request", f"{name} holds signs that cannot be.")
    return text


def _check_challenge(challenge: str, method: str) -> None:
    if not challenge or method != "S256":
        raise SentBack("invalid_request", "code_challenge with code_challenge_method=S256 is due.")
    if not _CHALLENGE.fullmatch(challenge):
        raise SentBack("invalid_request", "code_challenge is no SHA-256 in base64url.")


def _seconds(text: str) -> timedelta | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 8:
        raise SentBack("invalid_request", "max_age is a number of seconds.")
    return timedelta(seconds=int(text))


def is_too_long_ago(asked: Asked, *, signed_in_at: datetime, now: datetime) -> bool:
    """Whether the person has to prove once more who they are; `prompt=login` means just now.

    However little an app allows, just now is soon enough: else the person would never be done.
    """
    allowed = asked.max_age
    if "login" in asked.prompts:
        allowed = JUST_NOW
    return allowed is not None and now - signed_in_at > max(allowed, JUST_NOW)


def fits_challenge(verifier: str, challenge: str) -> bool:
    """Whether a verifier is the one whose digest the app showed when it asked (PKCE, S256)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
