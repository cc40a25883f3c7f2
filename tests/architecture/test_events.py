"""Events: frozen, with a version, published by who says so, heard by operations `on_<event>`."""

import dataclasses
import re
import uuid
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from standvast.core.delivery.api import LANES, SUBSCRIPTIONS, SubscriberDestination
from standvast.events import campaigns, desk, patients
from standvast.events.event import Event
from standvast.kit.wiring import wired

SOURCE = Path(__file__).resolve().parents[2] / "src" / "standvast"
EVENTS = sorted(
    (
        each
        for module in (campaigns, desk, patients)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Event) and each is not Event
    ),
    key=lambda each: each.name,
)
SHAPES = {
    "campaigns.order_cancelled.v1": "order_id organisation_id season version at",
    "campaigns.order_changed.v1": "order_id organisation_id season delivery_on doses version at",
    "campaigns.order_placed.v1": "order_id organisation_id season delivery_on doses version at",
    "desk.function_closed.v1": "closure_id function incident_id at",
    "desk.function_reopened.v1": "closure_id function at",
    "desk.incident_opened.v1": "incident_id number component severity at",
    "desk.incident_solved.v1": "incident_id number component began_at at",
    "desk.severity_changed.v1": "incident_id number before after at",
    "patients.patient_corrected.v1": "patient_id organisation_id version at",
    "patients.patient_registered.v1": "patient_id organisation_id at",
    "patients.slice_handed_in.v1": "import_id position at",
}
"""Deliveries of a version may wait while a release goes out: another shape is another version."""

MADE_UP = {
    uuid.UUID: uuid.UUID(int=7),
    str: "word",
    int: 3,
    date: date(2026, 3, 2),
    datetime: datetime(2026, 3, 2, 9, tzinfo=UTC),
}


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def made_up(event: type[Event]) -> Event:
    """Return one of its kind; a field that may be empty is."""
    return event(**{f.name: MADE_UP.get(f.type) for f in dataclasses.fields(event)})


def said_to_be_published(docstring: str) -> list[str]:
    said = re.search(r"^Publishes ([\w\s,]+)\(", docstring, flags=re.MULTILINE)
    return re.findall(r"\w+", said[1]) if said else []


def test_a_shape_that_is_out_does_not_change() -> None:
    found = {each.name: " ".join(f.name for f in dataclasses.fields(each)) for each in EVENTS}

    assert found == SHAPES


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.name)
def test_an_event_is_frozen_and_named_after_its_class_with_a_version(event) -> None:
    assert event.__dataclass_params__.frozen
    assert re.fullmatch(rf"[a-z]+\.{snake(event.__name__)}\.v[1-9][0-9]*", event.name)


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.name)
def test_an_event_survives_a_lane(event) -> None:
    told = made_up(event)

    assert msgspec.convert(msgspec.to_builtins(told), event) == told
    assert told.subject in told.key
    assert len(f"{told.name}.{told.key}") <= 200


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.name)
def test_an_event_is_published_by_the_module_that_says_so(event) -> None:
    makes = re.compile(rf"\b{event.__name__}\(")
    makers = {
        path.relative_to(SOURCE).parts[:2]
        for floor in ("care", "desk", "registry", "core")
        for path in (SOURCE / floor).rglob("*.py")
        if "tests" not in path.parts
        and event.__module__ in (text := path.read_text(encoding="utf-8"))
        and makes.search(text)
    }
    sayers = {
        path.relative_to(SOURCE).parts[:2]
        for path in SOURCE.glob("*/*/__init__.py")
        if event.__name__ in said_to_be_published(path.read_text(encoding="utf-8"))
    }

    assert len(makers) == 1, "nobody publishes it, or two do"
    assert makers == sayers, "say it under Publishes, there and nowhere else"


def test_each_subscription_is_an_operation_named_after_its_event() -> None:
    for subscription in wired(SUBSCRIPTIONS):
        assert subscription.operation.__name__ == f"on_{snake(subscription.event.__name__)}"
        assert ".operations." in subscription.operation.__module__


def test_each_subscription_has_its_lane_and_no_lane_hears_an_event_twice() -> None:
    lanes = {lane.name: lane for lane in wired(LANES)}
    heard = Counter((each.lane, each.event.name) for each in wired(SUBSCRIPTIONS))

    assert heard
    assert max(heard.values()) == 1
    for lane, _ in heard:
        assert isinstance(lanes[lane].destination(), SubscriberDestination)
