"""Offers an event to its subscriber: an operation of ours, committed together with its settle.

| what happens                                  | outcome                                       |
|-----------------------------------------------|-----------------------------------------------|
| the operation and the settle are committed    | accepted, settled already                     |
| another attempt had settled it                | accepted; the effect of this one was undone   |
| the lease was lost otherwise                  | later; the effect of this one was undone      |
| the operation refuses                         | refused: a person looks                       |
| nobody on the lane knows the event            | refused: a person looks                       |
| a bound is reached, something is not there    | later, the subscriber works                   |
| the database does not answer or cuts it off   | later                                         |
| anything else                                 | raises: the courier logs it, and tries later  |

No key is needed to make a repeat harmless: there is no effect without its settle.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import InterfaceError, OperationalError, close_old_connections

from standvast.core.delivery.lanes import Lane, lane_of
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.rules import State
from standvast.core.delivery.subscriptions import EventUnreadable, Subscription, heard
from standvast.core.delivery.together import LeaseLost, take_effect
from standvast.core.delivery.values import Accepted, Lease, Outcome, RefusedByPeer, TryLater
from standvast.database.api import database_now
from standvast.events.event import Event
from standvast.kit.errors import Busy, Refused, Unavailable

THREADS_COUNT = 4


class SubscriberDestination:
    """Runs the operation that subscribes to an event on this lane."""

    def __init__(self, timeout_s: float = 10.0) -> None:
        self.timeout_s = timeout_s
        # Threads of its own: a subscriber that hangs takes none from those who write mails.
        self._threads = ThreadPoolExecutor(THREADS_COUNT, thread_name_prefix="subscriber")

    async def attempt(self, lease: Lease) -> Outcome:
        """Offer one event to its subscriber, on a thread: operations are Django's."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._offered, lease)

    def _offered(self, lease: Lease) -> Outcome:
        lane = lane_of(lease.lane)
        assert lane is not None, "a lane of subscribers is wired"
        try:
            subscription, event = heard(lease.lane, lease.payload)
            self._take(subscription, event, lane, lease, database_now())
        except EventUnreadable:
            return RefusedByPeer("events.unreadable")
        except LeaseLost:
            return _after_loss(lease)
        except Busy as busy:
            return TryLater(busy.code, retry_after_s=busy.retry_after_s, peer_is_up=True)
        except Refused as refused:
            return RefusedByPeer(refused.code)
        except Unavailable as missing:
            return TryLater(missing.code, peer_is_up=True)
        except (OperationalError, InterfaceError):
            return TryLater("events.not_stored")
        finally:
            close_old_connections()
        return Accepted(is_settled=True)

    def _take(
        self, subscription: Subscription, event: Event, lane: Lane, lease: Lease, now: datetime
    ) -> None:
        take_effect(
            lambda: subscription.operation(event, now=now),
            lane=lane,
            lease=lease,
            timeout_s=self.timeout_s,
            now=now,
        )


def _after_loss(lease: Lease) -> Outcome:
    if Delivery.objects.filter(id=lease.delivery_id, state=State.ACCEPTED.value).exists():
        return Accepted(is_settled=True)
    return TryLater("events.lease_lost", peer_is_up=True)
