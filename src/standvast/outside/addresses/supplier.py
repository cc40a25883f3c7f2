"""The supplier itself: one question, one answer, as right or wrong as it is told to be."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime

import msgspec

from standvast.outside.addresses.behaviour import Behaviour, touches

ASKED_MAX = 200
NO_MAILBOX = "no_mailbox"
BOUNCES = "bounce"
"""Addresses that begin so have no mail box."""


class Question(msgspec.Struct, frozen=True):
    """What the contract asks: the address, and whether somebody signs in with it."""

    address: str
    login: bool = False


@dataclass(frozen=True)
class Asked:
    """One question that was answered. The address itself is not kept."""

    at: datetime
    domain: str
    is_login: bool
    answer: str


class Supplier:
    """Answers questions about addresses."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.asked: deque[Asked] = deque(maxlen=ASKED_MAX)
        self.asked_count = 0

    async def behave(self, behaviour: Behaviour) -> None:
        """Answer so from now on."""
        self.behaviour = behaviour

    async def answer(self, question: Question, *, now: datetime) -> tuple[int, dict[str, object]]:
        """Return status and body, after the delay that was set."""
        set_to = self.behaviour
        await asyncio.sleep(set_to.answer_delay_s)
        status, body = _answer(question, set_to)
        self.asked_count += 1
        _, _, domain = question.address.rpartition("@")
        said = f"{status} {msgspec.json.encode(body).decode()}"
        self.asked.append(Asked(now, domain[:80], question.login, said))
        return status, body


def _answer(question: Question, set_to: Behaviour) -> tuple[int, dict[str, object]]:
    if set_to.is_away:
        return 503, {"error": "maintenance"}
    reaches = "@" in question.address and not question.address.startswith(BOUNCES)
    if touches(set_to.doubts, is_login=question.login):
        reaches = False
    if touches(set_to.renames, is_login=question.login):
        return 200, {"status": "valid" if reaches else "invalid"}
    return 200, {"deliverable": reaches, "reason": "" if reaches else NO_MAILBOX}
