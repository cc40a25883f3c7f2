from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from standvast.core.journal.models import JournalEntry
from standvast.kit.wiring import rewired
from standvast.registry.access.guards import may
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import Grant, Right, Role
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.models import AccessRequest, PersonalRule, Ruleset
from standvast.registry.access.ruling.operations import asking, glass, persons, shadowing, versions
from standvast.registry.access.ruling.queries import version_row
from standvast.registry.access.ruling.question import Holding, Layer, Purpose
from standvast.registry.access.ruling.reports import report_of
from standvast.registry.access.ruling.rules import (
    ApproverProposed,
    EndNotRight,
    MoveNotAllowed,
    NotShown,
    PeopleWouldLose,
    State,
)
from standvast.registry.access.sessions import CHOSEN, actor_from
from standvast.registry.access.testing import a_colleague
from standvast.registry.people.api import Person

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
"""The database's own clock says what of a person's holdings stands."""
LATER = NOW + timedelta(minutes=5)
CARERS = frozenset({Role.GP, Role.ASSISTANT})
CLAIMS = Right(
    "claims.see", CARERS, "see claims", is_lent=False, grant=Grant.FINANCIAL, is_breakable=True
)
OTHER = Right("claims.other", frozenset(Role), "do other things")
STRICT = """
@id("claims.gps-only")
@sentence("Only GPs see claims")
forbid (principal, action == Action::"claims.see", resource)
when { principal.role != "gp" };
"""
HARMLESS = STRICT.replace('!= "gp"', '== "supplier"')


@pytest.fixture(autouse=True)
def few_rights():
    with rewired(RIGHTS.filled(CLAIMS, OTHER)):
        yield
    memory.take([])
    memory.tally.taken()
    memory.tally.taken()


def seen(role):
    """Somebody who signed in lately."""
    at_work = a_colleague(role)
    Person.objects.filter(id=at_work.person.id).update(last_login=NOW)
    return at_work


@pytest.fixture
def desk():
    return seen(Role.OPERATOR).actor


@pytest.fixture
def lead(desk):
    return seen(Role.OPERATOR_LEAD).actor


@pytest.fixture
def assistant():
    return seen(Role.ASSISTANT)


def read(at_work):
    """Who somebody is, as a page reads it: with the rules of this moment."""
    found = memberships_of(at_work.person.id)
    actor = actor_from(
        {CHOSEN: str(at_work.organisation.id)},
        person_id=at_work.person.id,
        language="nl",
        memberships=found,
        address="",
        now=None,
    )
    assert actor is not None
    return actor


def may_see(at_work) -> bool:
    return may(read(at_work), "claims.see", layer=Layer.ROUTE)


def proposed(desk, text=STRICT) -> int:
    number = versions.propose(actor=desk, text=text, why="report 001", now=NOW)
    shadowing.shadow(actor=desk, number=number, now=LATER)
    return number


def enforced(desk, lead, text=HARMLESS, *, at=LATER) -> int:
    number = proposed(desk, text)
    versions.approve(actor=lead, number=number, now=at)
    versions.enforce(actor=desk, number=number, now=at)
    return number


def events() -> list[str]:
    return sorted(JournalEntry.objects.values_list("event", flat=True))


class TestARuleThatIsTooStrict:
    def test_shows_who_would_lose_what_by_name_before_it_is_enforced(self, desk, assistant):
        number = proposed(desk)
        report = report_of(number, now=LATER)

        [row] = report.losses
        assert (row.person, row.organisation) == (
            assistant.person.display_name,
            assistant.organisation.name,
        )
        assert (row.right, row.layers) == ("claims.see", (Layer.RECORD, Layer.ROUTE))
        assert report.gains == ()
        assert report.shown.layers_not_judged == ()
        assert may_see(assistant)

    def test_cannot_be_enforced_while_somebody_would_lose(self, desk, lead, assistant):
        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)

        with pytest.raises(PeopleWouldLose):
            versions.enforce(actor=desk, number=number, now=LATER)
        assert may_see(assistant)
        assert version_row(number).state is State.APPROVED

    def test_is_enforced_once_each_is_signed_off_and_leaves_them_what_they_have(
        self, desk, lead, assistant
    ):
        stranger = a_colleague(Role.ASSISTANT)  # not seen for 30 days: nobody asked about
        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)
        persons.except_person(
            actor=desk,
            person_id=assistant.person.id,
            organisation_id=assistant.organisation.id,
            right="claims.see",
            why="until the code is mended",
            until_at=LATER + timedelta(days=7),
            number=number,
            now=LATER,
        )
        shown = report_of(number, now=LATER).shown
        assert (shown.denied, shown.signed_off) == (1, 1)

        versions.enforce(actor=desk, number=number, now=LATER)

        assert may_see(assistant)
        assert not may_see(stranger)
        assert memory.numbers.enforced == number

    def test_is_signed_off_for_all_in_one_act_also_for_those_who_did_not_call(
        self, desk, lead, assistant
    ):
        other = seen(Role.PHARMACIST)
        silent = a_colleague(Role.ASSISTANT, other.organisation)
        Person.objects.filter(id=silent.person.id).update(last_login=NOW)
        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)
        terms = {"number": number, "why": "w", "until_at": LATER + timedelta(days=7)}

        assert persons.except_everybody(actor=desk, now=LATER, **terms) == 2
        assert persons.except_everybody(actor=desk, now=LATER, **terms) == 0
        versions.enforce(actor=desk, number=number, now=LATER)

        assert may_see(assistant)
        assert may_see(silent)

    def test_is_signed_off_for_all_with_an_end_and_within_bounds(
        self, desk, assistant, monkeypatch
    ):
        terms = {"actor": desk, "number": proposed(desk), "why": "w", "now": LATER}
        with pytest.raises(EndNotRight):
            persons.except_everybody(until_at=LATER, **terms)
        monkeypatch.setattr(persons, "EXCEPTIONS_MAX", 0)
        with pytest.raises(persons.TooManyExceptions):
            persons.except_everybody(until_at=LATER + timedelta(days=1), **terms)

    def test_whose_exception_is_over_is_not_signed_off(self, desk, lead, assistant):
        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)
        persons.except_person(
            actor=desk,
            person_id=assistant.person.id,
            organisation_id=assistant.organisation.id,
            right="claims.see",
            why="kort",
            until_at=LATER + timedelta(hours=1),
            now=LATER,
        )

        with pytest.raises(PeopleWouldLose):
            versions.enforce(actor=desk, number=number, now=LATER + timedelta(hours=2))

    def test_that_only_hides_a_menu_is_no_loss(self, desk, lead, assistant):
        text = STRICT.replace('principal.role != "gp"', 'context.layer == "menu"')
        number = proposed(desk, text)

        assert report_of(number, now=LATER).losses == ()


class TestEnforcing:
    def test_needs_approval_by_another_and_a_report_younger_than_the_change(self, desk, lead):
        number = versions.propose(actor=desk, text=HARMLESS, why="", now=NOW)
        with pytest.raises(MoveNotAllowed):
            versions.enforce(actor=desk, number=number, now=NOW)
        shadowing.shadow(actor=desk, number=number, now=NOW)
        with pytest.raises(NotShown):
            versions.approve(actor=lead, number=number, now=LATER)
        shadowing.replay(actor=desk, number=number, now=LATER)
        with pytest.raises(ApproverProposed):
            versions.approve(actor=desk, number=number, now=LATER)

        versions.approve(actor=lead, number=number, now=LATER)
        versions.enforce(actor=desk, number=number, now=LATER)

        assert version_row(number).state is State.ENFORCED

    def test_is_refused_when_what_is_declared_changed_since(self, desk, lead):
        number = proposed(desk, HARMLESS)
        versions.approve(actor=lead, number=number, now=LATER)
        with rewired(RIGHTS.filled(CLAIMS)), pytest.raises(NotShown):
            versions.enforce(actor=desk, number=number, now=LATER)

    def test_is_refused_when_other_rules_were_approved_than_those_replayed(self, desk, lead):
        number = proposed(desk, HARMLESS)
        versions.approve(actor=lead, number=number, now=LATER)
        with rewired(RIGHTS.filled(CLAIMS)):
            shadowing.replay(actor=desk, number=number, now=LATER)
            with pytest.raises(NotShown):
                versions.enforce(actor=desk, number=number, now=LATER)

    def test_is_refused_on_a_report_of_yesterday(self, desk, lead):
        number = proposed(desk, HARMLESS)
        versions.approve(actor=lead, number=number, now=LATER)

        with pytest.raises(NotShown):
            versions.enforce(actor=desk, number=number, now=LATER + timedelta(hours=25))

    def test_is_never_of_two_at_once_whatever_the_code_does(self, desk, lead):
        enforced(desk, lead)
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruleset.objects.create(
                number=9,
                state=State.ENFORCED,
                proposed_at=NOW,
                approved_at=NOW,
                enforced_at=NOW,
            )

    def test_lets_one_version_into_the_shadow_at_a_time(self, desk):
        proposed(desk)
        with pytest.raises(MoveNotAllowed):
            proposed(desk, HARMLESS)

    def test_tells_it_all_in_the_journal(self, desk, lead):
        number = enforced(desk, lead)
        versions.take_back(actor=desk, number=number, now=LATER)

        steps = ("proposed", "shadowed", "approved", "enforced", "taken_back")
        assert events() == sorted(f"access.rules_{step}" for step in steps)


class TestTakingBack:
    def test_is_one_act_and_gives_back_what_was(self, desk, lead):
        somebody = a_colleague(Role.ASSISTANT)
        number = enforced(desk, lead, STRICT)
        assert not may_see(somebody)

        versions.take_back(actor=desk, number=number, now=LATER)

        assert may_see(somebody)
        assert memory.numbers.enforced == 0

    def test_lets_the_version_before_decide_again(self, desk, lead):
        first = enforced(desk, lead, STRICT)
        second = enforced(desk, lead, HARMLESS)
        somebody = a_colleague(Role.ASSISTANT)
        assert may_see(somebody)

        versions.take_back(actor=desk, number=second, now=LATER)

        assert version_row(first).state is State.ENFORCED
        assert not may_see(somebody)

    def test_of_what_is_not_enforced_is_refused(self, desk, lead):
        with pytest.raises(MoveNotAllowed):
            versions.take_back(actor=desk, number=proposed(desk), now=LATER)

    def test_ends_the_exceptions_that_it_makes_needless(self, desk, lead, assistant):
        number = proposed(desk)
        versions.approve(actor=lead, number=number, now=LATER)
        persons.except_person(
            actor=desk,
            person_id=assistant.person.id,
            organisation_id=assistant.organisation.id,
            right="claims.see",
            why="w",
            until_at=LATER + timedelta(days=7),
            now=LATER,
        )
        versions.enforce(actor=desk, number=number, now=LATER)
        assert PersonalRule.objects.get().ended_at is None

        versions.take_back(actor=desk, number=number, now=LATER + timedelta(minutes=1))

        assert PersonalRule.objects.get().ended_at == LATER + timedelta(minutes=1)
        assert "access.exception_not_needed" in events()


class TestTheShadow:
    def test_counts_real_decisions_and_never_changes_them(self, desk, assistant):
        number = proposed(desk)
        before = report_of(number, now=LATER)
        for _ in range(20):
            assert may_see(assistant)
        judged = memory.tally.taken()
        shadowing.keep_judged(judged=judged)

        after = report_of(number, now=LATER)
        assert after.decisions_count == before.decisions_count + 20
        assert after.losses[0].seen_count == 20

    def test_keeps_nothing_for_a_version_that_was_withdrawn(self, desk, assistant):
        number = proposed(desk)
        may_see(assistant)
        judged = memory.tally.taken()
        versions.withdraw(actor=desk, number=number, now=LATER)

        shadowing.keep_judged(judged=judged)

        assert report_of(number, now=LATER).losses[0].seen_count == 0

    def test_bounds_its_rows_and_says_what_it_dropped(self, desk, assistant, monkeypatch):
        monkeypatch.setattr(shadowing, "DIFFERENCES_MAX", 1)
        report = report_of(proposed(desk), now=LATER)

        assert report.not_judged_count == 2

    def test_asks_about_who_helped_by_phone(self, desk):
        helped, office = a_colleague(Role.GP), a_colleague(Role.OFFICE)
        from standvast.registry.access.working import start_helping

        start_helping(
            session={}, actor=office.actor, organisation_id=helped.organisation.id, now=NOW
        )
        text = '@id("x")@sentence("x")forbid(principal,action,resource)when{principal.is_helping};'

        report = report_of(proposed(desk, text), now=LATER)

        assert [(row.person, row.right) for row in report.losses] == [
            (office.person.display_name, "claims.other")
        ]


class TestAnException:
    def test_has_an_end(self, desk, assistant):
        for until in (LATER, LATER + timedelta(days=91)):
            with pytest.raises(EndNotRight):
                persons.except_person(
                    actor=desk,
                    person_id=assistant.person.id,
                    organisation_id=assistant.organisation.id,
                    right="claims.see",
                    why="w",
                    until_at=until,
                    now=LATER,
                )

    def test_stands_in_both_journals(self, desk, assistant):
        persons.except_person(
            actor=desk,
            person_id=assistant.person.id,
            organisation_id=assistant.organisation.id,
            right="claims.see",
            why="w",
            until_at=LATER + timedelta(days=1),
            now=LATER,
        )

        places = JournalEntry.objects.filter(event="access.exception_made")
        assert set(places.values_list("organisation_id", flat=True)) == {
            desk.organisation_id,
            assistant.organisation.id,
        }

    def test_for_somebody_who_does_not_work_there_is_refused(self, desk, assistant):
        with pytest.raises(persons.ColleagueNotFound):
            persons.except_person(
                actor=desk,
                person_id=assistant.person.id,
                organisation_id=desk.organisation_id,
                right="claims.see",
                why="w",
                until_at=LATER + timedelta(days=1),
                now=LATER,
            )


class TestAGrant:
    def set(self, gp, colleague, holding, **changed):
        values = {"actor": gp.actor, "person_id": colleague.person.id, "now": datetime.now(UTC)}
        persons.set_grant(grant=Grant.FINANCIAL, holding=holding, **(values | changed))

    def test_is_given_withheld_and_left_to_the_role_at_any_time(self):
        gp = a_colleague(Role.GP)
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        assert may_see(colleague)

        self.set(gp, colleague, Holding.WITHHELD)
        assert not may_see(colleague)
        self.set(gp, colleague, Holding.GIVEN)
        assert may_see(colleague)
        self.set(gp, colleague, None)
        assert may_see(colleague)

    def test_is_not_for_oneself_nor_for_a_stranger(self):
        gp, stranger = a_colleague(Role.GP), a_colleague(Role.GP)

        with pytest.raises(persons.NotToOneself):
            self.set(gp, gp, Holding.GIVEN)
        with pytest.raises(persons.ColleagueNotFound):
            self.set(gp, stranger, Holding.GIVEN)

    def test_counts_in_that_organisation_alone(self):
        gp = a_colleague(Role.GP)
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        self.set(gp, colleague, Holding.WITHHELD)

        [view] = memberships_of(colleague.person.id)
        assert view.held == {"withheld:financial"}
        assert memberships_of(gp.person.id)[0].held == frozenset()


class TestBrokenGlass:
    def withheld(self):
        gp = a_colleague(Role.GP)
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        TestAGrant().set(gp, colleague, Holding.WITHHELD)
        return gp, colleague

    def test_gives_the_right_at_once_and_waits_for_another_to_review_it(self):
        gp, colleague = self.withheld()
        now = datetime.now(UTC)

        glass.break_glass(
            actor=read(colleague),
            right="claims.see",
            purpose=Purpose.URGENT_CARE,
            why="spoed",
            now=now,
        )
        assert may_see(colleague)
        [row] = PersonalRule.objects.filter(holding=Holding.GLASS)
        with pytest.raises(glass.OwnGlass):
            glass.review_glass(actor=colleague.actor, glass_id=row.id, was_right=True, now=now)
        glass.review_glass(actor=gp.actor, glass_id=row.id, was_right=False, now=now)

        assert not may_see(colleague)

    def test_lasts_an_hour(self):
        _, colleague = self.withheld()
        begun = datetime.now(UTC) - timedelta(minutes=61)

        glass.break_glass(
            actor=read(colleague),
            right="claims.see",
            purpose=Purpose.URGENT_CARE,
            why="spoed",
            now=begun,
        )

        assert not may_see(colleague)

    def test_is_for_some_rights_and_some_organisations_only(self):
        _, colleague = self.withheld()
        operator = a_colleague(Role.OPERATOR)

        for who, right in ((colleague, "claims.other"), (operator, "claims.see")):
            with pytest.raises(glass.GlassNotBreakable):
                glass.break_glass(
                    actor=read(who), right=right, purpose=Purpose.URGENT_CARE, why="spoed", now=NOW
                )

    def test_is_not_reviewed_by_another_organisation(self):
        _, colleague = self.withheld()
        glass.break_glass(
            actor=read(colleague),
            right="claims.see",
            purpose=Purpose.URGENT_CARE,
            why="spoed",
            now=NOW,
        )
        [row] = PersonalRule.objects.filter(holding=Holding.GLASS)

        with pytest.raises(glass.GlassNotFound):
            glass.review_glass(
                actor=a_colleague(Role.GP).actor, glass_id=row.id, was_right=True, now=NOW
            )


class TestAsking:
    def asked(self):
        gp = a_colleague(Role.GP)
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        TestAGrant().set(gp, colleague, Holding.WITHHELD)
        for _ in range(2):
            asking.ask_for(actor=colleague.actor, right="claims.see", now=NOW)
        [row] = AccessRequest.objects.all()
        return gp, colleague, row

    def test_twice_asks_once_and_a_yes_gives_it(self):
        gp, colleague, row = self.asked()

        asking.answer(actor=gp.actor, request_id=row.id, is_granted=True, now=datetime.now(UTC))

        assert may_see(colleague)

    def test_a_no_changes_nothing_but_the_request(self):
        gp, colleague, row = self.asked()

        asking.answer(actor=gp.actor, request_id=row.id, is_granted=False, now=NOW)

        assert not may_see(colleague)
        with pytest.raises(asking.RequestNotFound):
            asking.answer(actor=gp.actor, request_id=row.id, is_granted=True, now=NOW)

    def test_is_not_answered_by_oneself_nor_by_strangers(self):
        _, colleague, row = self.asked()
        for who in (colleague, a_colleague(Role.GP)):
            with pytest.raises(asking.RequestNotFound):
                asking.answer(actor=who.actor, request_id=row.id, is_granted=True, now=NOW)

    def test_for_what_no_practice_gives_leads_to_the_desk(self):
        gp = a_colleague(Role.GP)
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        asking.ask_for(actor=colleague.actor, right="claims.other", now=NOW)
        [row] = AccessRequest.objects.all()

        with pytest.raises(asking.NotForPracticeToGive):
            asking.answer(actor=gp.actor, request_id=row.id, is_granted=True, now=NOW)

    def test_is_answered_by_the_desk_with_an_exception_that_ends(self, desk):
        colleague = a_colleague(Role.ASSISTANT)
        asking.ask_for(actor=colleague.actor, right="claims.other", now=NOW)
        [row] = AccessRequest.objects.all()
        said = {"actor": desk, "request_id": row.id, "why": "w", "now": NOW}

        with pytest.raises(EndNotRight):
            asking.except_request(until_at=NOW, **said)
        asking.except_request(until_at=NOW + timedelta(days=1), **said)
        with pytest.raises(asking.RequestNotFound):
            asking.except_request(until_at=NOW + timedelta(days=1), **said)

        assert "exception:claims.other" in memberships_of(colleague.person.id)[0].held
        row.refresh_from_db()
        assert row.is_granted

    def test_is_bounded_and_put_away_after_a_month(self, monkeypatch):
        monkeypatch.setattr(asking, "OPEN_MAX", 1)
        colleague = a_colleague(Role.ASSISTANT)
        asking.ask_for(actor=colleague.actor, right="claims.other", now=NOW)
        with pytest.raises(asking.TooManyRequests):
            asking.ask_for(actor=colleague.actor, right="claims.see", now=NOW)

        assert asking.purge_requests(NOW + timedelta(days=29)) == 0
        assert asking.purge_requests(NOW + timedelta(days=31)) == 1


def test_a_text_that_cannot_be_read_is_not_kept():
    desk = a_colleague(Role.OPERATOR).actor
    with pytest.raises(versions.TextNotRight) as refused:
        versions.propose(actor=desk, text="\n\npermit (", why="", now=NOW)

    assert refused.value.values["line"] == 3
    assert not Ruleset.objects.exists()
