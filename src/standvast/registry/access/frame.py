"""What access brings to the page kit and to people: who looks, and the demo's personas."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.guards import maybe_actor_of
from standvast.registry.access.models import Membership
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rules import ROLE_TITLES, Right, Role
from standvast.registry.access.sessions import MembershipView
from standvast.registry.organisations.api import organisation_view
from standvast.registry.people.api import Person, PersonaView
from standvast.web.api import Choice, NoticeView, RailItem, Who

STAFF = Right(
    "access.staff",
    frozenset(
        {
            Role.GP,
            Role.PHARMACIST,
            Role.CARE_MANAGER,
            Role.OFFICE,
            Role.OPERATOR_LEAD,
            Role.SUPPLIER,
        }
    ),
    marked("manage the staff of your organisation"),
    records=frozenset({"colleague"}),
)
HELP = Right("access.help", frozenset({Role.OFFICE}), marked("help a practice on the telephone"))
HELP_RAIL = RailItem(marked("Help by phone"), "access:help", "access.help", "phone")
PERSONAS_MAX = 20
_APPS = ((marked("Apps you let in"), "/grants/"),)
"""There only where apps are let in: the page belongs to a module above this one."""


def who_looks(request: HttpRequest) -> Who | None:
    """Return who looks at the page, and for whom; None for a stranger. For the page kit."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return None
    actor = maybe_actor_of(request)
    memberships = memberships_of(person.id) if actor else ()
    name, language = _organisation_of(actor, memberships)
    return Who(
        name=person.display_name,
        actor=actor,
        organisation=name,
        organisation_language=language,
        choices=tuple(
            Choice(one.organisation_id, one.organisation_name, ROLE_TITLES[one.role])
            for one in memberships
        ),
        switch_url=reverse("access:switch"),
        person_links=(
            (marked("Your account"), reverse("people_account")),
            (marked("Colleagues"), reverse("access:staff")),
            (marked("Who may do what"), reverse("access:rules")),
            *(_APPS if "grants" in settings.PARTS else ()),
        ),
        leave_url=reverse("account_logout"),
    )


def _organisation_of(actor: Actor | None, memberships: Sequence[MembershipView]) -> tuple[str, str]:
    if actor is None:
        return "", ""
    for one in memberships:
        if one.organisation_id == actor.organisation_id:
            return one.organisation_name, ""
    helped = organisation_view(actor.organisation_id)
    return helped.name, ""


def helping_notice(actor: Actor, now: datetime) -> Sequence[NoticeView]:
    """Return what the office sees on every page while it acts for somebody on the telephone."""
    if actor.helping_from is None:
        return ()
    helped = organisation_view(actor.organisation_id)
    said = gettext("You act for {name}, on the telephone. Everything you do is in their journal.")
    return (
        NoticeView(
            "late",
            said.format(name=helped.name),
            url=reverse("access:help_stop"),
            link=gettext("Stop helping"),
        ),
    )


def workplace(person_id: uuid.UUID) -> uuid.UUID | None:
    """Return whose journal tells of a person's account: where they work, held longest first."""
    memberships = memberships_of(person_id)
    return memberships[0].organisation_id if memberships else None


def demo_personas() -> Sequence[PersonaView]:
    """Return the demo's people for the sign-in page."""
    rows = (
        Membership.objects.filter(person__is_persona=True, person__is_active=True, held_until=None)
        .select_related("person", "organisation")
        .order_by("held_from", "id")[:PERSONAS_MAX]
    )
    return tuple(
        PersonaView(
            username=row.person.username,
            name=row.person.display_name,
            role=ROLE_TITLES[Role(row.role)],
            organisation=row.organisation.name,
        )
        for row in rows
    )
