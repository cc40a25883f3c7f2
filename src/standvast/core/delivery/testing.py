"""For tests of others: the contract every destination passes, a peer that records effects, lanes.

`DestinationContract` is a base class: subclass it in your tests, fill in `destination`, `payload`
and what the peer can be told to do, and pytest runs all of it against your destination.
"""

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from standvast.core.delivery.courier import BATCH_MAX, CONNECTION_OPTIONS
from standvast.core.delivery.lanes import Lane
from standvast.core.delivery.settling import Answer, Connection
from standvast.core.delivery.turns import turn
from standvast.core.delivery.values import (
    Accepted,
    Destination,
    Lease,
    Outcome,
    Payload,
    RefusedByPeer,
    TryLater,
)

COURIER_OPTIONS = CONNECTION_OPTIONS
"""How a courier sets up its connections; for benches that take turns by hand."""
MONDAY_9H = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lease_for(payload: Payload, *, key: str = "key-1", lane: str = "lane") -> Lease:
    """Return a lease as a courier would hold it."""
    return Lease(
        delivery_id=1,
        lane=lane,
        subject="subject-1",
        key=key,
        payload=payload,
        attempts_count=1,
        token=uuid.uuid4(),
        expires_at=MONDAY_9H + timedelta(seconds=60),
        created_at=MONDAY_9H,
        owed_at=MONDAY_9H,
    )


@dataclass
class FakePeer:
    """A destination whose peer lives in memory: ignores a key it has seen, records effects."""

    timeout_s: float = 5.0
    effects: list[str] = field(default_factory=list)
    """Keys in the order in which they first took effect."""
    offers: list[str] = field(default_factory=list)
    """Keys in the order in which they were offered, repeats included."""
    answers: dict[str, list[Outcome]] = field(default_factory=dict)
    """What to answer to a key, one after the other; then accepted."""
    delay_s: float = 0.0

    def __call__(self) -> "FakePeer":
        return self

    async def attempt(self, lease: Lease) -> Outcome:
        """Record the offer; take effect unless told otherwise."""
        self.offers.append(lease.key)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        planned = self.answers.get(lease.key)
        if planned:
            return planned.pop(0)
        if lease.key not in self.effects:
            self.effects.append(lease.key)
        return Accepted(receipt=f"took {lease.key}")


def fake_lane(name: str = "lane", peer: Destination | None = None, **bounds: object) -> Lane:
    """Return a lane to a peer that answers at once, fast unless told otherwise."""
    found = peer or FakePeer()
    quick = Lane(
        name=name,
        destination=lambda: found,
        title=name,
        rate_per_s=10_000.0,
        burst_count=10_000,
        concurrency_max=50,
    )
    return replace(quick, **bounds)  # type: ignore[arg-type]


def in_order(keys: Iterable[str], effects: Iterable[str]) -> bool:
    """Whether `keys` took effect in their order, whatever happened in between."""
    wanted = list(keys)
    return [key for key in effects if key in set(wanted)] == wanted


class DestinationContract:
    """What every destination promises. Subclass it as `TestX(DestinationContract)`.

    Fill in `destination()` and `payload()`, and for what your peer can be told to do the
    methods `peer_accepts` to `peer_is_gone`; a contract that cannot apply says so by skipping.
    """

    def destination(self) -> Destination:
        """Return a new destination, pointed at the peer of this test."""
        raise NotImplementedError

    def payload(self) -> Payload:
        """Return something the peer takes."""
        raise NotImplementedError

    async def peer_accepts(self) -> None:
        """Make the peer take what it is offered."""
        raise NotImplementedError

    async def peer_refuses(self) -> None:
        """Make the peer say no for good."""
        raise NotImplementedError

    async def peer_is_busy(self) -> None:
        """Make the peer ask to come back later."""
        raise NotImplementedError

    async def peer_is_silent(self) -> None:
        """Make the peer take the connection and never answer."""
        raise NotImplementedError

    async def peer_is_gone(self) -> None:
        """Make the peer unreachable."""
        raise NotImplementedError

    async def effects_of(self, key: str) -> int:
        """Return how often this key took effect at the peer."""
        raise NotImplementedError

    async def test_has_a_deadline(self) -> None:
        assert 0 < self.destination().timeout_s <= 120

    async def test_accepts_what_the_peer_takes_with_a_receipt(self) -> None:
        await self.peer_accepts()

        outcome = await self.destination().attempt(lease_for(self.payload()))

        assert isinstance(outcome, Accepted)
        assert await self.effects_of("key-1") == 1

    async def test_has_one_effect_when_the_same_key_is_offered_again(self) -> None:
        await self.peer_accepts()
        destination = self.destination()

        for _ in range(3):
            assert isinstance(await destination.attempt(lease_for(self.payload())), Accepted)

        assert await self.effects_of("key-1") == 1

    async def test_refuses_for_good_when_the_peer_does(self) -> None:
        await self.peer_refuses()

        outcome = await self.destination().attempt(lease_for(self.payload()))

        assert isinstance(outcome, RefusedByPeer)
        assert outcome.reason_code

    async def test_comes_back_later_when_the_peer_is_busy(self) -> None:
        await self.peer_is_busy()

        assert isinstance(await self.destination().attempt(lease_for(self.payload())), TryLater)

    async def test_comes_back_later_within_the_deadline_when_the_peer_is_silent(self) -> None:
        await self.peer_is_silent()
        destination = self.destination()

        async with asyncio.timeout(destination.timeout_s + 1):
            assert isinstance(await destination.attempt(lease_for(self.payload())), TryLater)

    async def test_comes_back_later_when_the_peer_is_gone(self) -> None:
        await self.peer_is_gone()

        assert isinstance(await self.destination().attempt(lease_for(self.payload())), TryLater)

    async def test_refuses_content_it_cannot_read_instead_of_raising(self) -> None:
        outcome = await self.destination().attempt(lease_for({"nonsense": 1}))

        assert isinstance(outcome, RefusedByPeer | Accepted)


async def drained(conn: Connection, lane: Lane, count: int) -> int:
    """Take `count` deliveries off a lane by turns alone, each accepted at once; return how many.

    What a courier costs at least: for benches. `conn` is set up as a courier's.
    """
    done, answers = 0, list[Answer]()
    while True:
        result = await turn(conn, lane, answers, want_count=min(BATCH_MAX, count - done))
        answers = [Answer(lease, Accepted("ok")) for lease in result.leases]
        done += len(answers)
        if not answers:
            return done
