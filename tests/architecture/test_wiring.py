"""The one list: everything in it points at something else in it, and nothing is there twice."""

from collections import Counter
from collections.abc import Iterable

import pytest
from django.urls import reverse

from standvast.core.delivery.api import LANES
from standvast.core.health.api import COMPONENTS, EDGES, PROBES, SWEEPS
from standvast.desk.status.api import FUNCTIONS
from standvast.kit.wiring import wired
from standvast.registry.access.api import RIGHTS
from standvast.web.api import RAIL
from standvast.web.live import LIVE


def doubled(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_nothing_is_there_twice() -> None:
    assert not doubled(lane.name for lane in wired(LANES))
    assert not doubled(right.name for right in wired(RIGHTS))
    assert not doubled(component.slug for component in wired(COMPONENTS))
    assert not doubled(probe.name for probe in wired(PROBES))
    assert not doubled(sweep.name for sweep in wired(SWEEPS))


def test_every_component_and_edge_has_a_probe() -> None:
    """The desk would show the lack in red; here it does not even get that far."""
    looked_at = {probe.target for probe in wired(PROBES)}

    assert [c.slug for c in wired(COMPONENTS) if c.slug not in looked_at] == []
    assert [e.slug for e in wired(EDGES) if e.slug not in looked_at] == []


def test_every_probe_and_edge_is_about_a_component() -> None:
    components = {component.slug for component in wired(COMPONENTS)}
    edges = {edge.slug for edge in wired(EDGES)}

    assert {probe.target for probe in wired(PROBES)} <= components | edges
    assert {end for edge in wired(EDGES) for end in (edge.source, edge.target)} <= components


def test_a_fault_in_what_people_use_is_found_within_a_minute() -> None:
    classes = {c.slug: c.function_class for c in wired(COMPONENTS)}
    for probe in wired(PROBES):
        if classes.get(probe.target) in ("A", "B", "C"):
            found_s = (probe.interval_s + probe.deadline_s) * probe.red_after
            assert found_s <= 60, f"{probe.name} finds a fault after {found_s} s"


def test_every_rail_item_has_its_page_and_its_right() -> None:
    rights = {right.name for right in wired(RIGHTS)}
    for item in wired(RAIL):
        assert reverse(item.url_name)
        assert not item.right or item.right in rights, item.title


def test_every_function_that_can_be_closed_belongs_to_a_component() -> None:
    components = {component.slug for component in wired(COMPONENTS)}

    assert {function.component for function in wired(FUNCTIONS)} <= components


@pytest.mark.parametrize("lane", wired(LANES), ids=lambda lane: lane.name)
def test_a_lease_outlives_two_time_outs(lane) -> None:
    assert lane.lease_s > 2 * lane.destination().timeout_s


def test_live_routes_do_not_hide_each_other() -> None:
    paths = [route.path for make in wired(LIVE) for route in make().routes()]

    assert paths
    assert not doubled(paths)
