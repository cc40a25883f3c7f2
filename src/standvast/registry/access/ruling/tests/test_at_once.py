"""Two at the same moment: one after the other, and never a fault of ours."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from standvast.kit.errors import Refused
from standvast.registry.access.models import Membership
from standvast.registry.access.operations import end_membership
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rules import Grant, Role
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.models import PersonalRule, Ruleset
from standvast.registry.access.ruling.operations import persons, shadowing, versions
from standvast.registry.access.ruling.question import Holding
from standvast.registry.access.ruling.rules import State
from standvast.registry.access.testing import a_colleague
from standvast.registry.people.api import Person

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
HARMLESS = """
@id("{name}")
@sentence("Suppliers look at no patients")
forbid (principal, action == Action::"patients.see", resource)
when {{ principal.role == "supplier" }};
"""


@pytest.fixture(autouse=True)
def forgotten():
    yield
    memory.take([])
    memory.tally.taken()


def at_once(*acts):
    """Do them at the same moment; return what each came to, a refusal among it."""
    ready = Barrier(len(acts))

    def one(act):
        try:
            ready.wait(timeout=10)
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refused(results):
    return [one for one in results if isinstance(one, Refused)]


@pytest.fixture
def lead():
    made = a_colleague(Role.OPERATOR_LEAD)
    Person.objects.filter(id=made.person.id).update(last_login=NOW)
    return made.actor


@pytest.fixture
def desk():
    made = a_colleague(Role.OPERATOR)
    Person.objects.filter(id=made.person.id).update(last_login=NOW)
    return made.actor


def approved(desk, lead, name, minutes=0):
    at = NOW + timedelta(minutes=minutes)
    text = HARMLESS.format(name=name)
    number = versions.propose(actor=desk, text=text, why="", now=at)
    shadowing.shadow(actor=desk, number=number, now=at + timedelta(seconds=1))
    versions.approve(actor=lead, number=number, now=at + timedelta(seconds=2))
    return number


def test_two_proposals_get_a_number_each(desk):
    def propose():
        return versions.propose(actor=desk, text=HARMLESS.format(name="x"), why="", now=NOW)

    assert sorted(at_once(propose, propose, propose)) == [1, 2, 3]


def test_two_approvals_are_one(desk, lead):
    number = versions.propose(actor=desk, text=HARMLESS.format(name="x"), why="", now=NOW)
    at = NOW + timedelta(seconds=2)
    shadowing.shadow(actor=desk, number=number, now=NOW + timedelta(seconds=1))
    other = a_colleague(Role.OPERATOR_LEAD).actor

    results = at_once(
        *(
            lambda who=who: versions.approve(actor=who, number=number, now=at)
            for who in (lead, other)
        )
    )

    assert len(refused(results)) == 1
    assert Ruleset.objects.get().state == State.APPROVED


@pytest.mark.parametrize("_", range(3))
def test_enforcing_one_while_what_it_replaces_is_taken_back(desk, lead, _):
    base = approved(desk, lead, "base")
    versions.enforce(actor=desk, number=base, now=NOW + timedelta(minutes=1))
    first = approved(desk, lead, "first", minutes=2)
    versions.enforce(actor=desk, number=first, now=NOW + timedelta(minutes=3))
    second = approved(desk, lead, "second", minutes=4)
    at = NOW + timedelta(minutes=5)

    results = at_once(
        lambda: versions.enforce(actor=desk, number=second, now=at),
        lambda: versions.take_back(actor=desk, number=first, now=at),
    )

    assert len(refused(results)) == 1, results
    assert Ruleset.objects.filter(state=State.ENFORCED).count() == 1


def test_giving_and_withholding_leaves_one_of_them():
    gp = a_colleague(Role.GP)
    other = a_colleague(Role.GP, gp.organisation)
    colleague = a_colleague(Role.ASSISTANT, gp.organisation)

    def set_grant(who, holding):
        persons.set_grant(
            actor=who.actor,
            person_id=colleague.person.id,
            grant=Grant.PATIENT_DATA,
            holding=holding,
            now=NOW,
        )

    at_once(
        lambda: set_grant(gp, Holding.GIVEN),
        lambda: set_grant(other, Holding.WITHHELD),
        lambda: set_grant(gp, Holding.GIVEN),
    )

    assert PersonalRule.objects.filter(person=colleague.person, ended_at=None).count() == 1
    assert len(memberships_of(colleague.person.id)[0].held) == 1


def test_two_who_end_each_other_leave_one_who_answers():
    """The one who waits carries an instant from before the other's end."""
    one = a_colleague(Role.GP)
    other = a_colleague(Role.GP, one.organisation)
    held = {row.person_id: row.id for row in Membership.objects.all()}
    early, late = datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=1)

    end_membership(actor=one.actor, membership_id=held[other.person.id], now=late)
    with pytest.raises(Refused):
        end_membership(actor=other.actor, membership_id=held[one.person.id], now=early)

    assert Membership.objects.filter(held_until=None).count() == 1
