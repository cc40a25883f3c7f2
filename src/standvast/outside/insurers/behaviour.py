"""How the simulated service behaves: one frozen value, replaced whole."""

from enum import StrEnum
from typing import Annotated

import msgspec

from standvast.outside.control import Seconds, Share

REVOKED_MAX = 1_000
EVERYBODY = "*"

Rate = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Pause = Annotated[int, msgspec.Meta(ge=0, le=3_600)]
Serial = Annotated[str, msgspec.Meta(pattern=r"^(\*|[0-9A-F]{2,64})$")]


class Shown(StrEnum):
    """Which certificate the service itself shows."""

    GOOD = "good"
    EXPIRED = "expired"
    OTHER_NAME = "other_name"
    """For another machine."""
    TEST = "test"
    """Issued by the authority for tests."""


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the service does with the next request. The default is a good service."""

    answer_delay_s: Seconds = 0.0
    """Time between the end of a request and the answer to it."""
    try_later_share: Share = 0.0
    """Share of requests answered 503 with Retry-After."""
    fault_share: Share = 0.0
    """Share of requests answered with a SOAP fault: not available for the moment."""
    lose_answer_share: Share = 0.0
    """Share of requests read and counted without an answer: the connection is cut instead."""
    retry_after_s: Pause = 5
    """What Retry-After says with a 503."""
    requests_per_s_max: Rate = 0
    """Requests past this many in a second are answered 429; 0 is no limit."""
    refuse_connections: bool = False
    """Nobody listens: connecting fails, open connections are cut."""
    shows: Shown = Shown.GOOD
    """Its own certificate, for connections made from now on; open ones are cut at a change."""
    revoked: Annotated[tuple[Serial, ...], msgspec.Meta(max_length=REVOKED_MAX)] = ()
    """Serial numbers of client certificates that are not authorised; `*` stands for all."""
    claims_after_s: Seconds = 3.0
    """Time between claims, the first part of the answers, the second, and the payment."""
    claims_reject_share: Share = 0.1
    """Share of claims about insured people that are refused all the same."""

    def revokes(self, serial: str) -> bool:
        """Whether the holder of this certificate is told it is not authorised."""
        return EVERYBODY in self.revoked or serial in self.revoked
