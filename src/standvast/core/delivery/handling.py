"""What people at the desk do with lanes: pause, resume, retry, take a delivery over. Journaled."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from standvast.core.delivery.lanes import lane_of
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.queries import DeliveryNotFound, LaneNotFound
from standvast.core.delivery.rules import Breaker, State
from standvast.core.journal.api import entry_of, record
from standvast.database.api import named_sql, wake
from standvast.kit.actor import Actor
from standvast.kit.errors import Gone, Invalid, Refused
from standvast.kit.words import marked

RETRY_COUNT_MAX = 5_000
WHY_CHARACTERS_MAX = 300
PERSON_CHARACTERS_MAX = 120


class WhyMissing(Invalid):
    """An act at the desk says why."""

    code = "delivery.why_missing"


class DeliveryUnderWay(Refused):
    """The delivery is being offered at this moment."""

    code = "delivery.under_way"


class DeliveryEnded(Refused):
    """The delivery was accepted; there is nothing left to do."""

    code = "delivery.ended"


class PayloadGone(Gone):
    """What it carried was emptied after its retention."""

    code = "delivery.payload_gone"


@transaction.atomic(durable=True)
def pause_lane(*, lane: str, why: str, actor: Actor, now: datetime) -> None:
    """Stop leasing from a lane; what is under way ends as usual. Safe to repeat.

    :raises LaneNotFound: if there is none.
    :raises WhyMissing: if no reason is given.
    """
    why = _why(why)
    flow = _locked(lane)
    flow.is_paused, flow.paused_at, flow.paused_by, flow.paused_why = (
        True,
        now,
        actor.person_id,
        why,
    )
    flow.save(update_fields=["is_paused", "paused_at", "paused_by", "paused_why"])
    _journal(actor, now, "lanes.paused", "lane", lane, why=why)


@transaction.atomic(durable=True)
def resume_lane(*, lane: str, actor: Actor, now: datetime) -> None:
    """Lease from a lane again. Safe to repeat.

    :raises LaneNotFound: if there is none.
    """
    flow = _locked(lane)
    flow.is_paused, flow.paused_at, flow.paused_by, flow.paused_why = False, None, None, ""
    flow.save(update_fields=["is_paused", "paused_at", "paused_by", "paused_why"])
    _journal(actor, now, "lanes.resumed", "lane", lane)
    wake("delivery", lane)


@transaction.atomic(durable=True)
def retry_delivery(*, delivery_id: int, actor: Actor, now: datetime) -> None:
    """Attempt one delivery again now: refused, or waiting for its next attempt.

    Its attempts and age count anew. Others on its subject may have gone before it.

    :raises DeliveryNotFound: if there is none.
    :raises DeliveryEnded: if it was accepted.
    :raises DeliveryUnderWay: if it is being offered.
    :raises PayloadGone: if what it carried was emptied.
    """
    lane, state = _moved(delivery_id)
    if state is State.REFUSED:
        done = _do("retry", lane=lane, ids=[delivery_id], now=now)
        if not done:
            raise PayloadGone(marked("What it carried was emptied; hand it in again."))
    else:
        _do("due_now", lane=lane, id=delivery_id, now=now, count_max=1)
    _journal(actor, now, "lanes.delivery_retried", "delivery", str(delivery_id))
    wake("delivery", lane)


@transaction.atomic(durable=True)
def retry_lane(*, lane: str, actor: Actor, now: datetime) -> int:
    """Attempt everything of a lane again now; return how many. At most 5,000 of each kind.

    What was refused (and nobody has taken up) goes back; what waits for its next attempt has
    it now; an open breaker probes at once.

    :raises LaneNotFound: if there is none.
    """
    flow = _locked(lane)
    refused = Delivery.objects.filter(
        lane=lane, state=State.REFUSED.value, handed_to="", is_purged=False
    )
    ids = list(refused.order_by("settled_at").values_list("id", flat=True)[:RETRY_COUNT_MAX])
    count = len(_do("retry", lane=lane, ids=ids, now=now))
    count += len(_do("due_now", lane=lane, id=None, now=now, count_max=RETRY_COUNT_MAX))
    if flow.breaker == Breaker.OPEN.value:
        flow.breaker = Breaker.PROBING.value
        flow.save(update_fields=["breaker"])
    _journal(actor, now, "lanes.lane_retried", "lane", lane, count=count)
    wake("delivery", lane)
    return count


@transaction.atomic(durable=True)
def hand_to_person(
    *, delivery_id: int, handed_to: str, why: str, actor: Actor, now: datetime
) -> None:
    """Take a delivery off its lane: this person does it by hand. What stood behind it moves up.

    :raises DeliveryNotFound: if there is none.
    :raises DeliveryEnded: if it was accepted.
    :raises DeliveryUnderWay: if it is being offered.
    :raises WhyMissing: if no person or no reason is given.
    """
    why, person = _why(why), handed_to.strip()[:PERSON_CHARACTERS_MAX]
    if not person:
        raise WhyMissing(marked("Say who does it."))
    lane, _ = _moved(delivery_id)
    _do("hand_over", lane=lane, id=delivery_id, handed_to=person, note=why, now=now)
    _journal(actor, now, "lanes.handed_over", "delivery", str(delivery_id), why=why)
    wake("delivery", lane)


def _why(text: str) -> str:
    found = text.strip()[:WHY_CHARACTERS_MAX]
    if not found:
        raise WhyMissing(marked("Say why; colleagues read it."))
    return found


def _locked(lane: str) -> LaneFlow:
    wired_lane = lane_of(lane)
    if wired_lane is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                named_sql(PACKAGE, "make_flow"), {"lane": lane, "depth_max": wired_lane.depth_max}
            )
    flow = LaneFlow.objects.select_for_update().filter(lane=lane).first()
    if flow is None:
        raise LaneNotFound(marked("There is no such lane."))
    return flow


def _moved(delivery_id: int) -> tuple[str, State]:
    """Lock the lane of a delivery that may still move; return lane and state."""
    lane = Delivery.objects.filter(id=delivery_id).values_list("lane", flat=True).first()
    if lane is None:
        raise DeliveryNotFound(marked("There is no such delivery."))
    _locked(lane)
    state = State(Delivery.objects.values_list("state", flat=True).get(id=delivery_id))
    if state is State.ACCEPTED:
        raise DeliveryEnded(marked("It has arrived; there is nothing left to do."))
    if state is State.LEASED:
        raise DeliveryUnderWay(marked("It is being offered right now. Look again in a minute."))
    return lane, state


def _do(name: str, **parameters: Any) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, name), parameters)
        return list(cursor.fetchall())


def _journal(
    actor: Actor, now: datetime, event: str, kind: str, record_id: str, **detail: str | int
) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action="E",
            event=event,
            record_kind=kind,
            record_id=record_id,
            detail=detail,
        )
    )
