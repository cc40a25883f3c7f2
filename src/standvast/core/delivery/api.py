"""What other modules may import from lanes."""

from standvast.core.delivery.courier import run_courier
from standvast.core.delivery.destinations.smtp import SmtpDestination
from standvast.core.delivery.destinations.subscriber import SubscriberDestination
from standvast.core.delivery.handling import (
    hand_to_person,
    pause_lane,
    resume_lane,
    retry_delivery,
    retry_lane,
)
from standvast.core.delivery.lanes import LANES, Lane, LaneMisshapen
from standvast.core.delivery.mail import AddressWrong, Attachment, LaneBackend, Mail, mail_message
from standvast.core.delivery.mail_lane import MAIL_LANE
from standvast.core.delivery.mailbox import latest_number, mail_since
from standvast.core.delivery.operations import (
    KeyClash,
    LaneFull,
    PayloadTooLarge,
    enqueue,
    enqueue_many,
    enqueue_set,
)
from standvast.core.delivery.queries import (
    delivery_view,
    handed_over,
    lane_view,
    lane_views,
    needs_person,
    needs_person_count,
    next_deliveries,
    receipt_of,
    receipts_of,
)
from standvast.core.delivery.rules import Breaker, State
from standvast.core.delivery.sealing import CannotOpen, canonical, first_key, opened, seal
from standvast.core.delivery.subscriber_lane import subscriber_lane
from standvast.core.delivery.subscriptions import (
    SUBSCRIPTIONS,
    EventUnreadable,
    Subscription,
    is_heard,
    publish,
    publish_set,
)
from standvast.core.delivery.sweeps import SWEEPS_OF_DELIVERY, sweep
from standvast.core.delivery.together import LeaseLost, take_effect
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
from standvast.core.delivery.views import DeliveryView, LaneView

__all__ = [
    "LANES",
    "MAIL_LANE",
    "SUBSCRIPTIONS",
    "SWEEPS_OF_DELIVERY",
    "Accepted",
    "Added",
    "AddressWrong",
    "Attachment",
    "Breaker",
    "CannotOpen",
    "DeliveryView",
    "Destination",
    "EventUnreadable",
    "KeyClash",
    "Lane",
    "LaneBackend",
    "LaneFull",
    "LaneMisshapen",
    "LaneView",
    "Lease",
    "LeaseLost",
    "Mail",
    "Message",
    "Outcome",
    "PayloadTooLarge",
    "RefusedByPeer",
    "SmtpDestination",
    "State",
    "SubscriberDestination",
    "Subscription",
    "TryLater",
    "Urgency",
    "canonical",
    "delivery_view",
    "enqueue",
    "enqueue_many",
    "enqueue_set",
    "first_key",
    "hand_to_person",
    "handed_over",
    "is_heard",
    "lane_view",
    "lane_views",
    "latest_number",
    "mail_message",
    "mail_since",
    "needs_person",
    "needs_person_count",
    "next_deliveries",
    "opened",
    "pause_lane",
    "publish",
    "publish_set",
    "receipt_of",
    "receipts_of",
    "resume_lane",
    "retry_delivery",
    "retry_lane",
    "run_courier",
    "seal",
    "subscriber_lane",
    "sweep",
    "take_effect",
]
