"""Asking for a colleague, the answer, and what colleagues say of their work."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from standvast.kit.wiring import wired
from standvast.registry.access import joining
from standvast.registry.access.models import Invitation, Membership
from standvast.registry.access.operations import end_membership
from standvast.registry.access.queries import ColleagueNotFound
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import Role, RoleDoesNotFit
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.testing import a_colleague
from standvast.registry.people.tests.mailbox import mails_waiting
from standvast.registry.staff.models import Absence, Profile, Request
from standvast.registry.staff.operations import profiling, requesting
from standvast.registry.staff.operations.forgetting import forget_old
from standvast.registry.staff.queries import open_count, profile_of, requests_of
from standvast.registry.staff.rules import (
    OPEN_REQUESTS_MAX,
    AbsenceNotRight,
    Days,
    Function,
    MobileNotRight,
    RequestAnswered,
    State,
    TooManyFunctions,
)
from standvast.registry.tidings.queries import tidings_for, unread_count

pytestmark = pytest.mark.django_db
NO_ROUTE = """
@id("no-others")
@sentence("Nobody changes what others do")
forbid (principal, action == Action::"access.staff", resource)
when { context.layer == "record" };
"""
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)


@pytest.fixture
def gp():
    return a_colleague()


@pytest.fixture
def assistant(gp):
    return a_colleague(Role.ASSISTANT, gp.organisation)


def ask(who, **other):
    data = {
        "name": "Jan Jansen",
        "email": "Jan@praktijk.example",
        "mobile": "06 12345678",
        "role": Role.ASSISTANT,
        **other,
    }
    return requesting.ask_for_account(actor=who.actor, now=NOW, **data)


def only(gp):
    [view] = requests_of(gp.organisation.id, now=NOW)
    return view


class TestAsk:
    def test_is_seen_with_its_number_and_whoever_manages_is_told(self, gp, assistant):
        ask(assistant)

        view = only(gp)
        assert (view.email, view.mobile, view.state) == (
            "jan@praktijk.example",
            "+31612345678",
            State.ASKED,
        )
        assert (unread_count(gp.actor), unread_count(assistant.actor)) == (1, 0)
        assert tidings_for(gp.actor)[0].values == {"name": "Jan Jansen"}

    def test_without_a_mobile_number_nothing_is_asked(self, gp, assistant):
        with pytest.raises(MobileNotRight):
            ask(assistant, mobile="030 2345678")
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.create(
                organisation=gp.organisation, email="a@x.example", mobile="",
                role="gp", asked_by=gp.person, asked_at=NOW,
            )  # fmt: skip

        assert requests_of(gp.organisation.id, now=NOW) == ()

    def test_is_asked_once_for_an_address(self, gp, assistant):
        ask(assistant)

        with pytest.raises(requesting.AskedAlready):
            ask(gp)

    def test_is_refused_for_who_works_here(self, gp, assistant):
        with pytest.raises(requesting.AskedAlready):
            ask(gp, email=assistant.person.email)

    def test_is_refused_for_a_role_that_is_not_there(self, gp):
        with pytest.raises(RoleDoesNotFit):
            ask(gp, role=Role.OPERATOR)

    def test_is_bounded(self, gp):
        for number in range(OPEN_REQUESTS_MAX):
            ask(gp, email=f"{number}@x.example")

        with pytest.raises(requesting.TooManyRequests):
            ask(gp)


class TestAnswer:
    def test_an_invitation_goes_out_with_the_answer(self, gp, assistant):
        ask(assistant)
        requesting.invite_asked(actor=gp.actor, request_id=only(gp).id, now=NOW)

        assert (only(gp).state, only(gp).has_joined) == (State.INVITED, False)
        assert [mail.to for mail in mails_waiting("invitation:")] == ["jan@praktijk.example"]
        assert unread_count(assistant.actor) == 1
        assert open_count(gp.organisation.id, now=NOW) == 0

    def test_or_neither(self, gp, assistant, monkeypatch):
        def broken(**_):
            raise RuntimeError("no mail")

        ask(assistant)
        monkeypatch.setattr(requesting, "invite_within", broken)
        with pytest.raises(RuntimeError):
            requesting.invite_asked(actor=gp.actor, request_id=only(gp).id, now=NOW)

        assert only(gp).state is State.ASKED
        assert Invitation.objects.count() == 0

    def test_shows_who_joined(self, gp, assistant):
        ask(assistant)
        requesting.invite_asked(actor=gp.actor, request_id=only(gp).id, now=NOW)
        [mail] = mails_waiting("invitation:")
        token = mail.text.partition("/access/join/")[2].partition("/")[0]

        joining.accept_as_new_person(
            token=token, username="jan@praktijk.example", display_name="Jan",
            password="een zin als wachtwoord", language="nl", now=NOW,
        )  # fmt: skip

        assert only(gp).has_joined

    def test_a_no_says_why(self, gp, assistant):
        ask(assistant)
        requesting.decline_asked(
            actor=gp.actor, request_id=only(gp).id, reason=" Pas in  januari ", now=NOW
        )

        assert (only(gp).state, only(gp).reason) == (State.DECLINED, "Pas in januari")
        assert unread_count(assistant.actor) == 1

    def test_is_given_once(self, gp, assistant):
        ask(assistant)
        requesting.decline_asked(actor=gp.actor, request_id=only(gp).id, reason="Nee", now=NOW)

        for again in (requesting.invite_asked, requesting.withdraw_asked):
            who = gp if again is requesting.invite_asked else assistant
            with pytest.raises(RequestAnswered):
                again(actor=who.actor, request_id=only(gp).id, now=NOW)

    def test_only_who_asked_takes_it_back(self, gp, assistant):
        ask(assistant)
        with pytest.raises(requesting.RequestNotFound):
            requesting.withdraw_asked(actor=gp.actor, request_id=only(gp).id, now=NOW)

        requesting.withdraw_asked(actor=assistant.actor, request_id=only(gp).id, now=NOW)

        assert only(gp).state is State.WITHDRAWN
        ask(assistant)

    def test_another_organisations_is_not_there(self, gp, assistant):
        ask(assistant)

        with pytest.raises(requesting.RequestNotFound):
            requesting.invite_asked(actor=a_colleague().actor, request_id=only(gp).id, now=NOW)


class TestThirtyDays:
    def test_is_seen_for_thirty_days_and_then_forgotten(self, gp, assistant):
        ask(assistant)
        last, over = NOW + timedelta(days=30), NOW + timedelta(days=30, seconds=1)

        assert len(requests_of(gp.organisation.id, now=last)) == 1
        assert requests_of(gp.organisation.id, now=over) == ()
        assert (forget_old(last), forget_old(over)) == (0, 1)
        assert Request.objects.count() == 0


def membership_of(who):
    return Membership.objects.get(person=who.person).id


def profile(who):
    return profile_of(who.person.id, who.organisation.id, now=NOW)


class TestProfile:
    def test_is_said_by_oneself_or_by_who_manages(self, gp, assistant):
        for actor, functions in (
            (assistant, [Function.ASSISTANT]),
            (gp, [Function.ASSISTANT, Function.MANAGER]),
        ):
            profiling.set_profile(
                actor=actor.actor, membership_id=membership_of(assistant),
                functions=functions, workdays=[4, 0, 0], now=NOW,
            )  # fmt: skip

        assert profile(assistant).functions == (Function.ASSISTANT, Function.MANAGER)
        assert profile(assistant).workdays == (0, 4)

    def test_is_not_said_by_a_colleague(self, gp, assistant):
        with pytest.raises(profiling.NotYourProfile):
            profiling.set_profile(
                actor=assistant.actor, membership_id=membership_of(gp),
                functions=[], workdays=[], now=NOW,
            )  # fmt: skip

    def test_nor_from_another_organisation(self, assistant):
        with pytest.raises(ColleagueNotFound):
            profiling.set_profile(
                actor=a_colleague().actor, membership_id=membership_of(assistant),
                functions=[], workdays=[], now=NOW,
            )  # fmt: skip

    def test_has_three_functions_in_the_database_too(self, gp):
        with pytest.raises(TooManyFunctions):
            profiling.set_profile(
                actor=gp.actor, membership_id=membership_of(gp),
                functions=list(Function)[:4], workdays=[], now=NOW,
            )  # fmt: skip
        for wrong in ({"functions": ["a", "b", "c", "d"]}, {"workdays": [7]}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Profile.objects.create(person=gp.person, organisation=gp.organisation, **wrong)


class TestAbsence:
    def add(self, who, first, last):
        return profiling.add_absence(
            actor=who.actor,
            membership_id=membership_of(who),
            days=Days(TODAY + timedelta(first), TODAY + timedelta(last)),
            now=NOW,
        )

    def test_does_not_overlap(self, assistant):
        self.add(assistant, 0, 3)

        with pytest.raises(AbsenceNotRight):
            self.add(assistant, 3, 4)

        self.add(assistant, 4, 4)
        assert [one.days.from_on.day for one in profile(assistant).absences] == [2, 6]

    def test_is_taken_away(self, assistant):
        made = self.add(assistant, 0, 3)
        end = {"actor": assistant.actor, "membership_id": membership_of(assistant), "now": NOW}
        profiling.end_absence(absence_id=made, **end)

        assert profile(assistant).absences == ()
        with pytest.raises(profiling.AbsenceNotFound):
            profiling.end_absence(absence_id=made, **end)

    def test_is_forgotten_ninety_days_after(self, assistant):
        self.add(assistant, 0, 0)

        assert forget_old(NOW + timedelta(days=90)) == 0
        assert forget_old(NOW + timedelta(days=91)) == 1


class TestLeaving:
    def test_forgets_what_a_leaver_did(self, gp, assistant):
        TestAbsence().add(assistant, 0, 3)

        end_membership(actor=gp.actor, membership_id=membership_of(assistant), now=NOW)

        assert (Profile.objects.count(), Absence.objects.count()) == (0, 0)


class TestSomebodyHostile:
    def test_who_asks_at_the_same_moment_hears_that_it_is_there(self, gp, monkeypatch):
        """The other's row is written after this one looked: the table says it."""
        ask(gp)
        monkeypatch.setattr(requesting.Request.objects, "select_for_update", Request.objects.none)

        with pytest.raises(requesting.AskedAlready):
            ask(gp)
        assert Request.objects.count() == 1

    def test_who_left_is_told_nothing_of_what_they_asked(self, gp, assistant):
        request_id = ask(assistant)
        membership = Membership.objects.get(person=assistant.person)
        end_membership(actor=gp.actor, membership_id=membership.id, now=NOW)

        requesting.decline_asked(actor=gp.actor, request_id=request_id, reason="nee", now=NOW)

        assert unread_count(assistant.actor) == 0

    def test_a_rule_at_the_record_holds_who_changes_a_colleague(self, gp, assistant):
        """To show or hide a form is another layer: a rule about it decided who may write."""
        memory.of(wired(RIGHTS)).take([(1, NO_ROUTE, True)])
        membership = Membership.objects.get(person=assistant.person)
        try:
            with pytest.raises(profiling.NotYourProfile):
                profiling.set_profile(
                    actor=gp.actor,
                    membership_id=membership.id,
                    functions=[Function.NURSE_SOMATIC],
                    workdays=[0],
                    now=NOW,
                )
        finally:
            memory.take([])
