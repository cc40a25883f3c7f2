"""A lane on which a module hears events, as `project/wiring.py` lists it."""

from standvast.core.delivery.destinations.subscriber import THREADS_COUNT, SubscriberDestination
from standvast.core.delivery.lanes import Lane


def subscriber_lane(name: str, *, title: str) -> Lane:
    """Return a module's lane of events; one per module keeps the order per subject."""
    return Lane(
        name=name,
        destination=SubscriberDestination,
        title=title,
        rate_per_s=200.0,
        burst_count=200,
        concurrency_max=THREADS_COUNT,
        attempts_max=400,
        lease_s=30.0,
        breaker_after_count=10,
    )
