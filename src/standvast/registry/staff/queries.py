"""Reads: requests that are still seen, and what colleagues do and when."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from standvast.registry.access.api import ROLE_TITLES, Role, accepted_of
from standvast.registry.people.api import person_names
from standvast.registry.staff.models import Absence, Profile, Request
from standvast.registry.staff.rules import (
    ABSENCES_MAX,
    FUNCTION_TITLES,
    WORKDAYS,
    Days,
    Function,
    State,
)

REQUESTS_MAX = 200


@dataclass(frozen=True)
class RequestView:
    """One request as colleagues see it."""

    id: uuid.UUID
    name: str
    email: str
    mobile: str
    role_title: str
    state: State
    has_joined: bool
    asked_by: uuid.UUID
    asked_by_name: str
    asked_at: datetime
    answered_at: datetime | None
    reason: str


def requests_of(organisation_id: uuid.UUID, *, now: datetime) -> tuple[RequestView, ...]:
    """Return the requests of the last thirty days, open ones first, newest first; at most 200."""
    rows = Request.objects.of_organisation(organisation_id).seen_at(now)
    found = list(rows.order_by("-asked_at")[:REQUESTS_MAX])
    names = person_names({row.asked_by_id for row in found})
    joined = accepted_of([row.invitation_id for row in found if row.invitation_id])
    views = [
        RequestView(
            id=row.id,
            name=row.name,
            email=row.email,
            mobile=row.mobile,
            role_title=ROLE_TITLES[Role(row.role)],
            state=State(row.state),
            has_joined=row.invitation_id in joined,
            asked_by=row.asked_by_id,
            asked_by_name=names.get(row.asked_by_id, ""),
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            reason=row.reason,
        )
        for row in found
    ]
    return tuple(sorted(views, key=lambda view: view.state is not State.ASKED))


def open_count(organisation_id: uuid.UUID, *, now: datetime) -> int:
    """Return how many requests wait for an answer."""
    rows = Request.objects.of_organisation(organisation_id).seen_at(now)
    return rows.filter(state=State.ASKED.value).count()


@dataclass(frozen=True)
class AbsenceView:
    """One absence."""

    id: uuid.UUID
    days: Days


@dataclass(frozen=True)
class ProfileView:
    """What somebody does at an organisation, and when they are there."""

    functions: tuple[Function, ...] = ()
    workdays: tuple[int, ...] = WORKDAYS
    absences: tuple[AbsenceView, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The functions as marked words."""
        return tuple(FUNCTION_TITLES[one] for one in self.functions)


def profiles_of(
    organisation_id: uuid.UUID, *, today: date, person_id: uuid.UUID | None = None
) -> dict[uuid.UUID, ProfileView]:
    """Return the profiles of an organisation, or of one of its people, by person."""
    profiles = Profile.objects.filter(organisation_id=organisation_id)
    away = Absence.objects.filter(organisation_id=organisation_id, until_on__gte=today)
    if person_id is not None:
        profiles, away = profiles.filter(person_id=person_id), away.filter(person_id=person_id)
    absences: dict[uuid.UUID, list[AbsenceView]] = {}
    for row in away.order_by("from_on"):
        view = AbsenceView(row.id, Days(row.from_on, row.until_on))
        absences.setdefault(row.person_id, []).append(view)
    said = {row.person_id: row for row in profiles}
    return {
        key: ProfileView(
            functions=tuple(Function(one) for one in said[key].functions) if key in said else (),
            workdays=tuple(said[key].workdays) if key in said else WORKDAYS,
            absences=tuple(absences.get(key, ())[:ABSENCES_MAX]),
        )
        for key in said.keys() | absences.keys()
    }


def profile_of(person_id: uuid.UUID, organisation_id: uuid.UUID, *, now: datetime) -> ProfileView:
    """Return one person's profile at an organisation."""
    today = timezone.localdate(now)
    found = profiles_of(organisation_id, today=today, person_id=person_id)
    return found.get(person_id, ProfileView())
