"""What happens to a function outside an incident stands in its timeline all the same."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from standvast.core.delivery.api import run_courier
from standvast.core.delivery.models import Delivery
from standvast.desk.incidents.api import (
    EVENTS_LANE,
    close_for_incident,
    end_mitigation,
    open_incident,
)
from standvast.desk.incidents.models import Incident, Mitigation
from standvast.desk.incidents.operations.hearing import on_function_closed, on_function_reopened
from standvast.desk.incidents.testing import a_desk
from standvast.desk.status.api import FUNCTIONS, Function, close_function, reopen_function
from standvast.events.desk import FunctionClosed, FunctionReopened
from standvast.kit.wiring import rewired

MONDAY_9H = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
CLOSING = {
    "function": "orders.place", "organisation_ids": None,
    "texts": {"nl": "Bestellen is even gesloten."}, "reason": "Half of the orders are lost",
}  # fmt: skip


@pytest.fixture
def lead(db):
    functions = FUNCTIONS.filled(Function("orders.place", "Ordering", "ordering"))
    with a_desk() as found, rewired(functions):
        yield found


@pytest.fixture
def incident(lead):
    return open_incident(component="ordering", actor=lead.actor, now=MONDAY_9H)


def hear_all(now):
    """Let the subscribers hear what was published, in order; a repeat must change nothing."""
    for _ in range(2):
        for row in Delivery.objects.filter(lane=EVENTS_LANE.name).order_by("id"):
            closure_id = uuid.UUID(row.subject)
            if row.key.startswith(FunctionClosed.name):
                of = Incident.objects.values_list("id", flat=True).first()
                on_function_closed(FunctionClosed(closure_id, "", of, now), now=now)
            else:
                on_function_reopened(FunctionReopened(closure_id, "", now), now=now)


def said(incident) -> list[str]:
    rows = Incident.objects.get(id=incident.id).entries.filter(kind="closure").order_by("id")
    return [row.texts.get("en") or row.texts["nl"] for row in rows]


class TestOnFunctionClosed:
    def test_is_a_mitigation_of_the_incident_it_was_closed_for(self, lead, incident):
        now = MONDAY_9H + A_MINUTE
        close_function(**CLOSING, incident_id=incident.id, actor=lead.actor, now=now)
        hear_all(now)

        assert said(incident) == ["Half of the orders are lost"]
        found = Incident.objects.get()
        assert (found.state, found.mitigated_at) == ("mitigated", now)

    def test_is_written_once_when_closed_from_the_incident_itself(self, lead, incident):
        close_for_incident(**CLOSING, incident_id=incident.id, actor=lead.actor, now=MONDAY_9H)
        hear_all(MONDAY_9H)

        assert said(incident) == ["Half of the orders are lost"]
        assert Mitigation.objects.count() == 1

    @pytest.mark.parametrize("of", [None, uuid.uuid4()])
    def test_changes_nothing_for_no_incident_or_one_that_is_not_there(self, lead, incident, of):
        closure_id = close_function(**CLOSING, incident_id=of, actor=lead.actor, now=MONDAY_9H)
        event = FunctionClosed(closure_id, "orders.place", of, MONDAY_9H)

        on_function_closed(event, now=MONDAY_9H)

        assert not Mitigation.objects.exists()

    def test_lies_never_before_the_incident(self, lead, incident):
        closure_id = close_function(**CLOSING, actor=lead.actor, now=MONDAY_9H)
        early = FunctionClosed(closure_id, "orders.place", incident.id, MONDAY_9H - A_MINUTE)

        on_function_closed(early, now=MONDAY_9H)

        assert Incident.objects.get().mitigated_at == MONDAY_9H


class TestOnFunctionReopened:
    def test_ends_the_mitigation(self, lead, incident):
        closure_id = close_for_incident(
            **CLOSING, incident_id=incident.id, actor=lead.actor, now=MONDAY_9H
        )
        row = Mitigation.objects.get(id=closure_id)
        later = MONDAY_9H + A_MINUTE
        reopen_function(closure_id=row.closure_id, actor=lead.actor, now=later)
        hear_all(later)

        assert Mitigation.objects.get().ended_at == later
        assert said(incident)[1:] == ["The function is open again."]

    def test_is_written_once_when_ended_from_the_incident_itself(self, lead, incident):
        mitigation_id = close_for_incident(
            **CLOSING, incident_id=incident.id, actor=lead.actor, now=MONDAY_9H
        )
        end_mitigation(mitigation_id=mitigation_id, actor=lead.actor, now=MONDAY_9H + A_MINUTE)
        hear_all(MONDAY_9H + A_MINUTE)

        assert said(incident)[1:] == ["The function is open again."]

    def test_changes_nothing_where_no_incident_has_it(self, lead):
        on_function_reopened(FunctionReopened(uuid.uuid4(), "x", MONDAY_9H), now=MONDAY_9H)

        assert not Mitigation.objects.exists()
        assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_a_courier_brings_a_closure_to_its_incident():
    def prepare():
        found = FUNCTIONS.filled(Function("orders.place", "Ordering", "ordering"))
        with a_desk() as lead, rewired(found):
            now = datetime.now(UTC)
            of = open_incident(component="ordering", actor=lead.actor, now=now)
            close_function(**CLOSING, incident_id=of.id, actor=lead.actor, now=now)

    def state():
        return list(Incident.objects.values_list("state", flat=True))

    await on_a_thread(prepare)
    stop = asyncio.Event()
    running = asyncio.create_task(run_courier(stop, lanes=[EVENTS_LANE]))
    try:
        for _ in range(300):
            if await on_a_thread(state) == ["mitigated"]:
                break
            await asyncio.sleep(0.05)
        assert await on_a_thread(state) == ["mitigated"]
    finally:
        stop.set()
        await running


async def on_a_thread(do):
    def run():
        try:
            return do()
        finally:
            connection.close()

    return await asyncio.to_thread(run)
