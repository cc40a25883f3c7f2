"""Events: a delivery per subscriber, on its own lane, in the transaction of who publishes.

Nothing is written, and nothing made, where nobody subscribes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec
import psycopg

from standvast.core.delivery.operations import enqueue_many, enqueue_set
from standvast.core.delivery.values import Added, Message, Payload
from standvast.events.event import Event
from standvast.kit.wiring import Slot, wired


class Hears(Protocol):
    """An operation `on_<event>`: plain, inside the transaction that settles its delivery."""

    def __call__(self, event: Any, *, now: datetime) -> None: ...


@dataclass(frozen=True)
class Subscription:
    """Who hears which event, over which lane; one lane per subscribing module keeps its order."""

    event: type[Event]
    lane: str
    operation: Hears


SUBSCRIPTIONS: Slot[Subscription] = Slot("subscriptions")


class EventUnreadable(Exception):
    """The lane holds something that its subscriber does not know, or cannot read any more."""


def is_heard(event: type[Event]) -> bool:
    """Return whether anybody subscribes: a hot path need not even make its events otherwise."""
    return any(subscription.event is event for subscription in wired(SUBSCRIPTIONS))


def publish(*events: Event, now: datetime) -> None:
    """Tell subscribers, inside the caller's transaction on Django's connection.

    The same event again adds nothing.

    :raises LaneFull: if a subscriber's lane holds as much as it may; nothing was written.
    """
    _check_new(enqueue_many(_messages(events), now=now))


async def publish_set(
    conn: psycopg.AsyncConnection[Any], events: Sequence[Event], *, now: datetime
) -> None:
    """Tell subscribers inside the open transaction of any psycopg connection.

    :raises LaneFull: if a subscriber's lane holds as much as it may; nothing was written.
    """
    if messages := _messages(events):
        _check_new(await enqueue_set(conn, messages, now=now))


def heard(lane: str, payload: Payload) -> tuple[Subscription, Event]:
    """Return who on this lane hears what a payload holds, and the event itself.

    :raises EventUnreadable: if nobody there knows it, or its fields are not those of its version.
    """
    name = payload.get("event")
    for subscription in wired(SUBSCRIPTIONS):
        if subscription.lane == lane and subscription.event.name == name:
            try:
                return subscription, msgspec.convert(payload.get("with"), subscription.event)
            except msgspec.ValidationError as error:
                raise EventUnreadable(str(name)) from error
    raise EventUnreadable(str(name))


def _messages(events: Sequence[Event]) -> list[Message]:
    return [
        Message(
            lane=subscription.lane,
            subject=event.subject,
            key=f"{event.name}.{event.key}",
            payload={"event": event.name, "with": msgspec.to_builtins(event)},
        )
        for event in events
        for subscription in wired(SUBSCRIPTIONS)
        if subscription.event is type(event)
    ]


def _check_new(verdicts: Sequence[Added]) -> None:
    assert Added.CLASH not in verdicts, "two events under one key: give it a key of its own"
