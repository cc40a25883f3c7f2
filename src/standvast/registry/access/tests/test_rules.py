import uuid
from datetime import UTC, datetime, timedelta

import pytest

from standvast.kit.actor import Actor
from standvast.registry.access.rules import (
    HELPED_AS,
    ROLE_TITLES,
    ROLES_BY_KIND,
    InvitationOver,
    Role,
    RoleDoesNotFit,
    check_invitation_open,
    check_role_fits,
    effective_role,
    invitation_expires_at,
)
from standvast.registry.access.sessions import (
    CHOSEN,
    HELPING,
    MembershipView,
    actor_from,
    decoded,
    helping_value,
    person_id_in,
)
from standvast.registry.organisations.api import Kind

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PERSON, MINE, OTHER, HELPED = (uuid.UUID(int=n) for n in range(1, 5))


def at(organisation_id, role=Role.GP, kind=Kind.PRACTICE):
    return MembershipView(organisation_id, role, "naam", kind)


def acts(session, *memberships, now=NOW):
    return actor_from(
        session, person_id=PERSON, language="nl", memberships=memberships, address="", now=now
    )


class TestRoles:
    def test_every_kind_has_one_and_every_role_a_title_and_a_kind(self):
        assert set(ROLES_BY_KIND) == set(Kind)
        assert all(ROLES_BY_KIND.values())
        assert set(ROLE_TITLES) == set(Role)
        assert {role for roles in ROLES_BY_KIND.values() for role in roles} == set(Role)

    @pytest.mark.parametrize("kind", list(Kind))
    @pytest.mark.parametrize("role", list(Role))
    def test_fit_or_are_refused(self, kind, role):
        if role in ROLES_BY_KIND[kind]:
            check_role_fits(kind, role)
        else:
            with pytest.raises(RoleDoesNotFit):
                check_role_fits(kind, role)

    def test_a_helper_has_the_rights_of_a_role_that_is_there(self):
        helper = Actor(PERSON, HELPED, "office", helping_from=MINE)

        assert all(effective_role(helper) in ROLES_BY_KIND[kind] for kind in HELPED_AS)
        assert effective_role(Actor(PERSON, MINE, "office")) is Role.OFFICE


class TestActor:
    def test_works_where_they_chose(self):
        assert acts({CHOSEN: str(OTHER)}, at(MINE), at(OTHER)).organisation_id == OTHER

    @pytest.mark.parametrize("session", [{}, {CHOSEN: str(HELPED)}, {CHOSEN: None}, {CHOSEN: 3}])
    def test_else_where_they_have_worked_longest(self, session):
        assert acts(session, at(MINE), at(OTHER)).organisation_id == MINE

    def test_is_nobody_without_a_membership(self):
        assert acts({CHOSEN: str(MINE)}) is None

    def test_helps_while_the_hour_lasts(self):
        session = {HELPING: helping_value(HELPED, now=NOW)}
        office = at(MINE, Role.OFFICE, Kind.OFFICE)

        helping = acts(session, office, now=NOW + timedelta(minutes=59, seconds=59))
        after = acts(session, office, now=NOW + timedelta(minutes=60))

        assert (helping.organisation_id, helping.helping_from) == (HELPED, MINE)
        assert (after.organisation_id, after.helping_from) == (MINE, None)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICE])
    def test_never_helps_in_another_role(self, role):
        session = {HELPING: helping_value(HELPED, now=NOW)}

        assert acts(session, at(MINE, role)).organisation_id == MINE

    @pytest.mark.parametrize(
        "held", [None, "x", {}, {"organisation": str(HELPED)}, {"organisation": 1, "until": 9e9}]
    )
    def test_does_not_help_on_nonsense(self, held):
        office = at(MINE, Role.OFFICE, Kind.OFFICE)

        assert acts({HELPING: held}, office).organisation_id == MINE


class TestSession:
    def test_of_another_backend_or_without_a_person_is_nobodys(self, settings):
        backend = settings.AUTHENTICATION_BACKENDS[0]

        assert person_id_in({}) is None
        assert person_id_in({"_auth_user_backend": "x", "_auth_user_id": str(PERSON)}) is None
        assert person_id_in({"_auth_user_backend": backend, "_auth_user_id": "x"}) is None
        assert person_id_in({"_auth_user_backend": backend, "_auth_user_id": str(PERSON)}) == PERSON

    def test_that_was_tampered_with_is_empty(self):
        assert decoded("abc:def:ghi") == {}


class TestInvitation:
    def opened(self, **changed):
        state = {
            "expires_at": invitation_expires_at(NOW),
            "accepted_at": None,
            "withdrawn_at": None,
            "now": NOW,
        }
        check_invitation_open(**(state | changed))

    def test_is_open_for_two_weeks(self):
        self.opened(now=NOW + timedelta(days=14, microseconds=-1))
        with pytest.raises(InvitationOver):
            self.opened(now=NOW + timedelta(days=14))

    @pytest.mark.parametrize("ended", ["accepted_at", "withdrawn_at"])
    def test_ends_once(self, ended):
        with pytest.raises(InvitationOver):
            self.opened(**{ended: NOW})
