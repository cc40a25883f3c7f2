"""The mail that tells a practice what became of its order: written when it is offered.

| what is found                         | outcome                                            |
|---------------------------------------|----------------------------------------------------|
| the order and its version             | as the mail server answers (see core/delivery smtp) |
| a practice without an address         | refused: a person writes                           |
| no such order or version              | refused: a person looks                            |
| the database does not answer          | later                                              |

The Message-ID follows from the delivery key, order and version: a repeat is the same mail.
"""

import asyncio
from uuid import UUID

from django.db import OperationalError, close_old_connections

from standvast.care.campaigns.letters import confirmation_letter
from standvast.care.campaigns.mail import LANE
from standvast.care.campaigns.queries import order_at_version
from standvast.care.campaigns.rules import OrderNotFound
from standvast.core.delivery.api import (
    AddressWrong,
    Lane,
    Lease,
    Mail,
    Outcome,
    RefusedByPeer,
    SmtpDestination,
    TryLater,
)
from standvast.kit.words import marked
from standvast.registry.organisations.api import OrganisationNotFound, organisation_view


class ConfirmationDestination:
    """Writes the mail of one order's version and offers it to the mail server."""

    def __init__(self) -> None:
        self._smtp = SmtpDestination()
        self.timeout_s = self._smtp.timeout_s + 5.0

    async def attempt(self, lease: Lease) -> Outcome:
        """Offer one confirmation. Never raises for anything the server or the network does."""
        order_id, version = UUID(str(lease.payload["order_id"])), int(str(lease.payload["version"]))
        try:
            mail = await asyncio.to_thread(_written, order_id, version)
        except (OrderNotFound, OrganisationNotFound):
            return RefusedByPeer("campaigns.order_not_found")
        except AddressWrong:
            return RefusedByPeer("campaigns.practice_without_address")
        except OperationalError:
            return TryLater("campaigns.not_read")
        return await self._smtp.offer(mail, lease=lease)


def _written(order_id: UUID, version: int) -> Mail:
    try:
        order = order_at_version(order_id, version)
        return confirmation_letter(order, organisation_view(order.organisation_id))
    finally:
        close_old_connections()


CONFIRMATION_LANE = Lane(
    name=LANE,
    destination=ConfirmationDestination,
    title=marked("Order confirmations"),
    rate_per_s=100.0,
    burst_count=100,
    concurrency_max=12,
    attempts_max=400,
    lease_s=90.0,
    retention_days=30,
    breaker_after_count=10,
    breaker_pause_s=5.0,
)
