"""How the simulated mail server behaves: one frozen value, replaced whole."""

from typing import Annotated

import msgspec

from standvast.outside.control import Seconds, Share

ADDRESSES_MAX = 1_000

Addresses = Annotated[tuple[str, ...], msgspec.Meta(max_length=ADDRESSES_MAX)]


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the server does with the next message. The default is a good server."""

    accept_delay_s: Seconds = 0.0
    """Time between the end of a message and the answer to it."""
    try_later_share: Share = 0.0
    """Share of messages answered 451 instead of 250; nothing is stored."""
    refuse_connections: bool = False
    """Nobody listens: connecting fails, open connections are cut."""
    reject_addresses: Addresses = ()
    """Recipients answered 550, in whatever case; `@domain` stands for all of a domain."""
    lose_answer_share: Share = 0.0
    """Share of messages stored without an answer: the connection is cut instead."""

    def rejects(self, address: str) -> bool:
        """Whether this recipient is answered 550."""
        found = address.lower()
        rejected = {one.lower() for one in self.reject_addresses}
        return not rejected.isdisjoint((found, "@" + found.rpartition("@")[2]))
