"""What somebody tries who wants more than is theirs, and rules that nobody saw coming."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from standvast.core.journal.models import JournalEntry
from standvast.kit.wiring import rewired
from standvast.registry.access.guards import RightMissing, check_may, check_record, may
from standvast.registry.access.models import Membership
from standvast.registry.access.operations import end_membership, grant_role
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import Grant, Right, Role
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.models import AccessRequest, PersonalRule
from standvast.registry.access.ruling.operations import asking, glass, persons, shadowing, versions
from standvast.registry.access.ruling.question import Holding, Layer, Purpose, purpose_title
from standvast.registry.access.ruling.reports import report_of
from standvast.registry.access.ruling.rules import GLASS_DAY_MAX, NotShown, PeopleWouldLose
from standvast.registry.access.ruling.tests.test_operations import (
    HARMLESS,
    LATER,
    NOW,
    STRICT,
    enforced,
    proposed,
    read,
    seen,
)
from standvast.registry.access.testing import a_colleague, a_membership
from standvast.registry.organisations.api import Kind
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.people.testing import a_person

pytestmark = pytest.mark.django_db

CARERS = frozenset({Role.GP, Role.ASSISTANT})
SEE = Right(
    "claims.see", CARERS, "see claims", grant=Grant.PATIENT_DATA, records=frozenset({"claim"}),
    is_breakable=True,
)  # fmt: skip
PAY = Right("claims.pay", frozenset({Role.GP}), "pay", grant=Grant.FINANCIAL, is_granted_only=True)
DESK = Right("desk.act", frozenset({Role.OPERATOR_LEAD}), "act at the desk")
SOON = LATER + timedelta(days=1)


@pytest.fixture(autouse=True)
def few_rights():
    with rewired(RIGHTS.filled(SEE, PAY, DESK)):
        yield
    memory.take([])
    memory.tally.taken()


@pytest.fixture
def desk():
    return seen(Role.OPERATOR).actor


@pytest.fixture
def lead(desk):
    return seen(Role.OPERATOR_LEAD).actor


@pytest.fixture
def gp():
    return seen(Role.GP)


@pytest.fixture
def assistant(gp):
    at_work = a_colleague(Role.ASSISTANT, gp.organisation)
    at_work.person.last_login = NOW
    at_work.person.save()
    return at_work


def excepted(actor, who, right="claims.see", until_at=SOON):
    persons.except_person(
        actor=actor,
        person_id=who.person.id,
        organisation_id=who.organisation.id,
        right=right,
        why="w",
        until_at=until_at,
        now=LATER,
    )


def set_grant(gp, who, grant, holding):
    persons.set_grant(
        actor=gp.actor, person_id=who.person.id, grant=grant, holding=holding, now=LATER
    )


class TestAnOperator:
    def test_makes_no_exception_for_themselves(self, desk):
        mine = seen(Role.OPERATOR)

        with pytest.raises(persons.NotToOneself):
            excepted(mine.actor, mine, right="desk.act")

    def test_lets_nobody_into_what_their_organisation_never_has(self, desk, gp):
        with pytest.raises(persons.NotForHere):
            excepted(desk, gp, right="desk.act")
        with pytest.raises(persons.NotForHere):
            asking.ask_for(actor=gp.actor, right="desk.act", now=NOW)

    def test_signs_off_no_loss_of_their_own(self, lead):
        me = seen(Role.OPERATOR_LEAD)
        text = '@id("x")@sentence("x")forbid(principal,action==Action::"desk.act",resource);'
        number = proposed(me.actor, text)

        persons.except_everybody(actor=me.actor, number=number, why="w", until_at=SOON, now=LATER)

        losing = {loss.person_id for loss in report_of(number, now=LATER).shown.unsigned}
        assert losing == {me.person.id}


class TestAReportOfOtherTimes:
    def test_says_nothing_once_what_it_was_compared_with_was_taken_back(
        self, desk, lead, assistant
    ):
        """Nobody loses what a rule took already; they do when that rule is gone meanwhile."""
        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)
        excepted(desk, assistant)
        versions.enforce(actor=desk, number=number, now=LATER)
        same = versions.propose(
            actor=desk, text=STRICT.replace("gps-only", "gps"), why="", now=LATER
        )
        shadowing.shadow(actor=desk, number=same, now=LATER + timedelta(minutes=1))
        assert not report_of(same, now=LATER).losses
        versions.approve(actor=lead, number=same, now=LATER + timedelta(minutes=2))

        versions.take_back(actor=desk, number=number, now=LATER + timedelta(minutes=3))

        at = LATER + timedelta(minutes=4)
        with pytest.raises(NotShown):
            versions.enforce(actor=desk, number=same, now=at)
        shadowing.replay(actor=desk, number=same, now=at)
        assert report_of(same, now=at).losses
        with pytest.raises(NotShown):  # nor was this what somebody approved
            versions.enforce(actor=desk, number=same, now=at + timedelta(minutes=1))

    def test_that_could_not_name_everybody_enforces_nothing(
        self, desk, lead, assistant, monkeypatch
    ):
        monkeypatch.setattr(shadowing, "DIFFERENCES_MAX", 1)
        number = proposed(desk)
        persons.except_everybody(actor=desk, number=number, why="w", until_at=SOON, now=LATER)

        with pytest.raises(NotShown):
            versions.approve(actor=lead, number=number, now=LATER)


class TestARuleAboutOneKindOfRecord:
    TEXT = """
    @id("no-claims")
    @sentence("Assistants see no single claim")
    forbid (principal, action == Action::"claims.see", resource)
    when { principal.role == "assistant" && context.record == "claim" };
    """

    def test_is_replayed_of_that_kind_and_shows_who_would_lose(self, desk, lead, assistant):
        number = proposed(desk, self.TEXT)

        [row] = report_of(number, now=LATER).losses
        assert (row.person, row.layers) == (assistant.person.display_name, (Layer.RECORD,))
        versions.approve(actor=lead, number=number, now=LATER)
        with pytest.raises(PeopleWouldLose):
            versions.enforce(actor=desk, number=number, now=LATER)

    def test_is_felt_at_the_record_and_not_at_the_page(self, desk, lead, gp):
        silent = a_colleague(Role.ASSISTANT, gp.organisation)
        enforced(desk, lead, self.TEXT)

        check_may(read(silent), "claims.see")
        with pytest.raises(RightMissing):
            check_record(read(silent), "claims.see", "claim")
        check_record(read(gp), "claims.see", "claim")


class TestALeaver:
    def leave(self, gp, who):
        held = Membership.objects.get(person=who.person, organisation=gp.organisation)
        end_membership(actor=gp.actor, membership_id=held.id, now=LATER)

    def test_holds_nothing_when_they_come_back(self, desk, gp, assistant):
        set_grant(gp, assistant, Grant.FINANCIAL, Holding.GIVEN)
        excepted(desk, assistant)
        glass.break_glass(
            actor=read(assistant), right="claims.see", purpose=Purpose.OTHER, why="w", now=LATER
        )
        asking.ask_for(actor=assistant.actor, right="claims.see", now=LATER)

        self.leave(gp, assistant)
        assert not AccessRequest.objects.exists()
        a_membership(assistant.person, gp.organisation, Role.ASSISTANT)

        assert memberships_of(assistant.person.id)[0].held == frozenset()

    def test_of_an_exception_that_is_over_is_none_either(self, desk, gp, assistant):
        excepted(desk, assistant, until_at=LATER + timedelta(hours=1))
        self.leave(gp, assistant)

        assert PersonalRule.objects.get(holding=Holding.EXCEPTION).ended_at == LATER


class TestExceptions:
    def test_whose_time_has_passed_leave_room_for_others(self, desk, assistant, monkeypatch):
        monkeypatch.setattr(persons, "EXCEPTIONS_MAX", 1)
        excepted(desk, assistant, until_at=LATER + timedelta(hours=1))
        other = seen(Role.GP)

        persons.except_person(
            actor=desk,
            person_id=other.person.id,
            organisation_id=other.organisation.id,
            right="claims.see",
            why="w",
            until_at=SOON,
            now=LATER + timedelta(hours=2),
        )

        assert "exception:claims.see" in memberships_of(other.person.id)[0].held

    def test_whose_time_has_passed_stay_in_sight_until_the_rule_is_mended(
        self, desk, lead, assistant
    ):
        from standvast.registry.access.ruling.holdings import open_exceptions

        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)
        excepted(desk, assistant, until_at=LATER + timedelta(hours=1))
        versions.enforce(actor=desk, number=number, now=LATER)

        later = LATER + timedelta(hours=2)
        [row] = open_exceptions(now=later)
        assert row.is_over
        versions.take_back(actor=desk, number=number, now=later)
        assert open_exceptions(now=later) == ()


class TestGrants:
    def test_that_no_right_of_this_organisation_asks_for_cannot_be_given(self):
        chemist = seen(Role.PHARMACIST)
        colleague = a_colleague(Role.ASSISTANT, chemist.organisation)

        with pytest.raises(persons.NotForHere):
            set_grant(chemist, colleague, Grant.FINANCIAL, Holding.GIVEN)

    def test_the_first_of_a_practice_has_what_only_a_grant_brings(self, desk):
        practice = an_organisation(kind=Kind.PRACTICE)
        first, second = a_person(), a_person()
        for person in (first, second):
            grant_role(
                actor=desk, person_id=person.id, organisation_id=practice.id, role=Role.GP, now=NOW
            )

        assert "given:financial" in memberships_of(first.id)[0].held
        assert memberships_of(second.id)[0].held == frozenset()
        given = JournalEntry.objects.get(event="access.grant_given")
        assert given.record_id == str(first.id)

    def test_what_is_missing_is_said_and_whom_to_ask(self, gp):
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        with override("en"), pytest.raises(RightMissing) as refused:
            check_may(read(colleague), "claims.pay")
        said = refused.value
        assert "You were not given it" in said.template
        assert "Ask who manages your staff" in said.template

        set_grant(gp, colleague, Grant.PATIENT_DATA, Holding.WITHHELD)
        with pytest.raises(RightMissing) as refused:
            check_may(read(colleague), "claims.see")
        assert "withholds" in refused.value.template

    def test_a_yes_to_who_asks_gives_it(self, gp, assistant):
        asking.ask_for(actor=assistant.actor, right="claims.pay", now=NOW)
        [row] = AccessRequest.objects.all()

        asking.answer(actor=gp.actor, request_id=row.id, is_granted=True, now=NOW)

        assert may(read(assistant), "claims.pay", layer=Layer.ROUTE)


class TestBrokenGlass:
    def open(self, who, now=NOW, purpose=Purpose.URGENT_CARE):
        glass.break_glass(actor=read(who), right="claims.see", purpose=purpose, why="w", now=now)

    def test_twice_is_once(self, gp, assistant):
        set_grant(gp, assistant, Grant.PATIENT_DATA, Holding.WITHHELD)
        self.open(assistant)
        self.open(assistant, now=NOW + timedelta(minutes=1))

        assert PersonalRule.objects.filter(holding=Holding.GLASS).count() == 1

    def test_has_a_bound_in_a_day(self, gp, assistant):
        for hours in range(GLASS_DAY_MAX):
            self.open(assistant, now=NOW + timedelta(minutes=61 * hours))

        with pytest.raises(glass.GlassTooOften):
            self.open(assistant, now=NOW + timedelta(minutes=61 * GLASS_DAY_MAX))
        self.open(assistant, now=NOW + timedelta(days=2))

    def test_says_in_the_journal_for_what_and_keeps_the_words_out_of_it(self, gp, assistant):
        self.open(assistant, purpose=Purpose.STAND_IN)

        entry = JournalEntry.objects.get(event="access.glass_broken")
        assert entry.purpose == "glass.stand_in"
        assert purpose_title(entry.purpose) == "standing in for a colleague"
        assert '"w"' not in entry.detail

    def test_of_one_organisation_opens_nothing_at_another(self, gp, assistant):
        a_membership(assistant.person, an_organisation(kind=Kind.PRACTICE), Role.ASSISTANT)
        self.open(assistant)

        held = {one.organisation_id: one.held for one in memberships_of(assistant.person.id)}
        assert held.pop(gp.organisation.id)
        assert list(held.values()) == [frozenset()]


def test_no_purpose_stands_in_plain_work():
    assert purpose_title("") == ""
    assert purpose_title("urgent_care") == ""


def test_harmless_rules_enforce_beside_all_of_this(desk, lead, assistant):
    enforced(desk, lead, HARMLESS)
    assert connection.in_atomic_block
