"""For other modules' tests and drills: a desk with components, duty and calls, at any instant."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from standvast.core.health.api import COMPONENTS, EDGES, PROBES, Component, FindingView
from standvast.desk.incidents.models import Duty
from standvast.kit.ids import uuid7
from standvast.kit.wiring import Filling, rewired, wired
from standvast.registry.access.api import RIGHTS, Right, Role
from standvast.registry.access.testing import AtWork, a_colleague

A_COUNTRY = (
    Component("consults", "Consults", "A"),
    Component("keys", "Keys of people", "A"),
    Component("sign-in", "Sign-in", "A"),
    Component("referrals", "Referrals", "A"),
    Component("eforms", "eForms", "A"),
    Component("ordering", "Ordering", "A"),
    Component("launches", "Links to other systems", "B"),
    Component("coverage", "Coverage checks", "B"),
    Component("claims", "Claims", "B"),
    Component("basic-services", "Basic services", "B"),
    Component("release-line", "Release line", "B", "internal"),
    Component("reset", "Password reset", "C"),
    Component("mail", "Mail", "C"),
)


@contextmanager
def a_desk(*fillings: Filling) -> Iterator[AtWork]:
    """Give a platform with one operator, and the components of the five reports."""
    lead = a_colleague(Role.OPERATOR_LEAD)
    with rewired(COMPONENTS.filled(*A_COUNTRY), EDGES.filled(), PROBES.filled(), *fillings):
        yield lead


def on_call(role: str, at: AtWork, *, now: datetime, hours: int = 48) -> Duty:
    """Put somebody on duty around an instant."""
    return Duty.objects.create(
        role=role,
        person=at.person,
        address=f"{role}@desk.example",
        from_at=now - timedelta(hours=hours),
        until_at=now + timedelta(hours=hours),
    )


def a_finding(
    target: str,
    *,
    at: datetime,
    variant: str = "",
    kind: str = "down",
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
    below: str = "",
    finding_id: uuid.UUID | None = None,
) -> FindingView:
    """Return a finding as core/health would tell it."""
    return FindingView(
        id=finding_id or uuid7(),
        kind=kind,
        target=target,
        variant=variant,
        probe=f"{target}.{variant or 'whole'}",
        code="test.red",
        template="",
        values={},
        began_at=began_at or at,
        opened_at=at,
        ended_at=ended_at,
        below=below,
    )


def all_rights(*more: Right) -> Filling:
    """Return what is wired with these rights added, for tests before `wiring` has them."""
    return RIGHTS.filled(*{right.name: right for right in (*wired(RIGHTS), *more)}.values())
