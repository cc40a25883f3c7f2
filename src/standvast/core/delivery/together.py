"""An effect in this database, committed together with the settle of its delivery, or not at all."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from standvast.core.delivery.lanes import Lane
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.settling import Answer, settle_parameters, settled, wake_parameters
from standvast.core.delivery.turns import change_of, flow_of, flow_parameters
from standvast.core.delivery.values import Accepted, Lease
from standvast.database.api import named_sql


class LeaseLost(Exception):
    """Another attempt settles this delivery, or has: the effect was undone."""


@transaction.atomic(durable=True)
def take_effect(
    effect: Callable[[], None], *, lane: Lane, lease: Lease, timeout_s: float, now: datetime
) -> None:
    """Do what a delivery asks for in this database, and record it as accepted; both or neither.

    The effect comes first and the lane's lock last, held until the commit: other couriers of the
    lane wait for one commit, not for the effect. Statements are cut off at `timeout_s`, so that an
    attempt that its courier gave up ends as well.

    :raises LeaseLost: if the lease is not ours any more; nothing was written.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true)", [str(int(timeout_s * 1_000))]
        )
    effect()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        _settle(cursor, lane, Answer(lease, Accepted()), now)


def _settle(
    cursor: "psycopg.Cursor[tuple[Any, ...]]", lane: Lane, answer: Answer, now: datetime
) -> None:
    cursor.execute(named_sql(PACKAGE, "lock_flow"), {"lane": lane.name, "now": now})
    row = cursor.fetchone()
    assert row is not None, "a courier makes the lane's row before it leases"
    flow, minute, now = flow_of(row)
    cursor.execute(
        named_sql(PACKAGE, "settle"), settle_parameters(lane, [answer], now, random.random)
    )
    done = settled(lane, flow, [answer], cursor.fetchall(), now=now)
    if answer.lease.delivery_id not in done.believed_ids:
        raise LeaseLost
    if done.has_recovered:
        cursor.execute(named_sql(PACKAGE, "wake_waiting"), wake_parameters(lane, now))
    change = {"awake_until": None, **change_of(done, now)}
    cursor.execute(
        named_sql(PACKAGE, "write_flow"),
        flow_parameters(lane, done.flow, minute.counted(1, now), change),
    )
