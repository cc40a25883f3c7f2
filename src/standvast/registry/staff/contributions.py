"""What staff bring to rights, the page of colleagues and sweeps, and others to a colleague's."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from standvast.core.health.api import Sweep
from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot
from standvast.kit.words import marked
from standvast.registry.access.api import ColleagueLine, Right, Role, StaffLink, staff_of
from standvast.registry.staff.operations.forgetting import forget_old
from standvast.registry.staff.queries import ProfileView, open_count, profiles_of
from standvast.registry.staff.rules import today_of


@dataclass(frozen=True)
class ColleagueCard:
    """One card on a colleague's page: a fragment of its module, which is given it as `card`."""

    template: str
    card: object


COLLEAGUE_CARDS: Slot[Callable[[Actor, uuid.UUID, uuid.UUID, datetime], ColleagueCard | None]] = (
    Slot("staff.cards")
)
"""(actor, membership, person, now): what a colleague may do beside their role stands here."""

RIGHT_TO_ASK = Right(
    "staff.ask", frozenset(Role), marked("ask for an account for a colleague"), is_lent=False
)
SWEEP_OF_STAFF = Sweep("staff", 3_600.0, forget_old)


def _waiting(actor: Actor, now: datetime) -> int:
    return open_count(actor.organisation_id, now=now)


REQUESTS_LINK = StaffLink(
    marked("Ask for an account"), "staff:requests", RIGHT_TO_ASK.name, count=_waiting
)


def staff_lines(organisation_id: uuid.UUID, now: datetime) -> Mapping[uuid.UUID, ColleagueLine]:
    """Return what each colleague does and whether they are there today, by membership."""
    today = timezone.localdate(now)
    known = profiles_of(organisation_id, today=today)
    return {
        one.membership_id: _line(one.membership_id, known.get(one.person_id, ProfileView()), now)
        for one in staff_of(organisation_id, now=now)
    }


def _line(membership_id: uuid.UUID, profile: ProfileView, now: datetime) -> ColleagueLine:
    said, day = today_of(
        timezone.localdate(now),
        workdays=profile.workdays,
        absences=[one.days for one in profile.absences],
    )
    return ColleagueLine(
        url=reverse("staff:colleague", args=[membership_id]),
        functions=profile.titles,
        today=said,
        values={"day": day} if day else {},
    )
