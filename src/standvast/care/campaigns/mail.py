"""The delivery that a confirmation commits: which order, which version. Its mail is written later.

The hot path stores two ids; the courier's destination writes the mail when it offers it.
"""

from uuid import UUID

from standvast.care.campaigns.items import OrderRow
from standvast.core.delivery.api import Message

LANE = "campaigns.confirmation"


def message_of(order_id: UUID, *, organisation_id: UUID, version: int) -> Message:
    """Return the delivery for one version of an order; the key makes a repeat harmless.

    The subject is the organisation: its mails arrive in the order of its changes.
    """
    return Message(
        lane=LANE,
        subject=str(organisation_id),
        key=f"{order_id}.{version}",
        payload={"order_id": str(order_id), "version": version},
    )


def confirmation_message(order: OrderRow) -> Message:
    """Return the delivery for an order as it was just confirmed."""
    return message_of(order.id, organisation_id=order.organisation_id, version=order.version)
