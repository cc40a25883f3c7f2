"""What other modules may import from lanes."""

from standvast.core.delivery.courier import run_courier
from standvast.core.delivery.destinations.smtp import SmtpDestination
from standvast.core.delivery.lanes import LANES, Lane, LaneMisshapen
from standvast.core.delivery.mail import AddressWrong, Attachment, LaneBackend, Mail, mail_message
from standvast.core.delivery.mail_lane import MAIL_LANE
from standvast.core.delivery.operations import (
    KeyClash,
    LaneFull,
    PayloadTooLarge,
    enqueue,
    enqueue_many,
    enqueue_set,
)
from standvast.core.delivery.sweeps import sweep
from standvast.core.delivery.values import (
    Accepted,
    Added,
    Destination,
    Lease,
    Message,
    Outcome,
    RefusedByPeer,
    TryLater,
    Urgency,
)

__all__ = [
    "LANES",
    "MAIL_LANE",
    "Accepted",
    "Added",
    "AddressWrong",
    "Attachment",
    "Destination",
    "KeyClash",
    "Lane",
    "LaneBackend",
    "LaneFull",
    "LaneMisshapen",
    "Lease",
    "Mail",
    "Message",
    "Outcome",
    "PayloadTooLarge",
    "RefusedByPeer",
    "SmtpDestination",
    "TryLater",
    "Urgency",
    "enqueue",
    "enqueue_many",
    "enqueue_set",
    "mail_message",
    "run_courier",
    "sweep",
]
