"""The policies give what the roles gave: a table kept from before there were policies."""

import json
import uuid
from pathlib import Path

import pytest

from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import (
    HELPED_AS,
    ROLES_BY_KIND,
    Grant,
    Right,
    Role,
    effective_role,
)
from standvast.registry.access.ruling.cedar import Ruleset
from standvast.registry.access.ruling.declared import declared_text
from standvast.registry.access.ruling.question import HERE, Holding, Layer, Record

GOLDEN = json.loads(Path(__file__).with_name("golden_rights.json").read_text())
PERSON, PLACE, OFFICE = (uuid.UUID(int=n) for n in (1, 2, 3))
ACTORS = {
    **{
        f"{kind.value} {role.value}": Actor(PERSON, PLACE, role.value, organisation_kind=kind.value)
        for kind, roles in ROLES_BY_KIND.items()
        for role in roles
    },
    **{
        f"{kind.value} helped": Actor(
            PERSON, PLACE, "office", helping_from=OFFICE, organisation_kind=kind.value
        )
        for kind in HELPED_AS
    },
}
ORDER = Right("x.order", frozenset({Role.GP}), "order things")
SEE = Right("x.see", frozenset({Role.GP}), "see people", is_lent=False, grant=Grant.PATIENT_DATA)


@pytest.fixture(scope="module")
def live() -> Ruleset:
    return Ruleset(declared_text(wired(RIGHTS)))


def allowed(rules: Ruleset, right: str, *, held=(), layer=Layer.ROUTE, record=HERE, **who) -> bool:
    facts = {"role": "gp", "organisation_kind": "practice", **who}
    actor = Actor(PERSON, PLACE, held=frozenset(held), **facts)
    return rules.decide(actor, right, layer=layer, record=record).is_allowed


class TestTheDeclaredPolicies:
    @pytest.mark.parametrize("right", sorted(GOLDEN))
    @pytest.mark.parametrize("layer", list(Layer))
    def test_give_exactly_what_the_roles_gave(self, live, right, layer):
        given = [
            name
            for name, actor in ACTORS.items()
            if live.decide(actor, right, layer=layer, record=HERE).is_allowed
        ]

        assert given == GOLDEN[right]

    def test_give_each_right_to_its_roles_and_to_nobody_else(self, live):
        for right in wired(RIGHTS):
            for actor in ACTORS.values():
                wanted = effective_role(actor) in right.roles and not right.is_granted_only
                if actor.helping_from is not None:
                    wanted = wanted and right.is_lent
                said = live.decide(actor, right.name, layer=Layer.ROUTE, record=HERE)
                assert said.is_allowed == wanted, (right.name, actor)
                assert not said.is_faulty
                assert said.rules == ((right.name,) if wanted else ())

    def test_know_no_right_that_nobody_declares(self, live):
        assert not allowed(live, "nothing.of.the.kind")

    def test_are_the_same_text_whatever_the_order(self):
        assert declared_text([ORDER, SEE]) == declared_text([SEE, ORDER])


class TestAGrant:
    rules = Ruleset(declared_text([SEE]))

    def test_gives_what_the_role_does_not(self):
        given = [Holding.GIVEN.of("patient_data")]

        assert not allowed(self.rules, "x.see", role="assistant")
        assert allowed(self.rules, "x.see", role="assistant", held=given)
        assert not allowed(
            self.rules, "x.see", role="assistant", held=[Holding.GIVEN.of("financial")]
        )

    def test_withheld_takes_what_the_role_gives(self):
        assert not allowed(self.rules, "x.see", held=[Holding.WITHHELD.of("patient_data")])

    def test_is_never_lent(self):
        given = [Holding.GIVEN.of("patient_data")]

        assert not allowed(self.rules, "x.see", held=given, role="office", helping_from=OFFICE)


class TestARightThatNeedsAGrant:
    CLAIM = Right(
        "x.claim",
        frozenset({Role.GP}),
        "claim",
        is_lent=False,
        grant=Grant.FINANCIAL,
        is_granted_only=True,
    )
    rules = Ruleset(declared_text([CLAIM]))
    given = (Holding.GIVEN.of("financial"),)

    def test_is_not_given_by_the_role_alone(self):
        assert not allowed(self.rules, "x.claim")
        assert allowed(self.rules, "x.claim", held=self.given)
        assert not allowed(self.rules, "x.claim", held=[Holding.GIVEN.of("patient_data")])

    def test_can_be_given_to_whoever_the_organisation_wants(self):
        assert allowed(self.rules, "x.claim", role="assistant", held=self.given)

    def test_is_withheld_and_never_lent(self):
        withheld = [*self.given, Holding.WITHHELD.of("financial")]

        assert not allowed(self.rules, "x.claim", held=withheld)
        assert not allowed(
            self.rules, "x.claim", held=self.given, role="office", helping_from=OFFICE
        )


class TestWhatIsLaidOnTop:
    def with_(self, text: str) -> Ruleset:
        return Ruleset(declared_text([ORDER, SEE]), text, number=1)

    def test_forbids_what_is_declared_and_says_by_which_rule(self):
        rules = self.with_(
            '@id("strict")@sentence("s")forbid(principal,action==Action::"x.order",resource)'
            ' when { principal.kind == "post" };'
        )
        said = rules.decide(
            Actor(PERSON, PLACE, "gp", organisation_kind="post"),
            "x.order",
            layer=Layer.ROUTE,
            record=HERE,
        )

        assert (said.is_allowed, said.rules) == (False, ("strict",))
        assert allowed(rules, "x.order")

    def test_may_speak_of_layer_record_and_purpose(self):
        rules = self.with_(
            '@id("a")@sentence("s")forbid(principal,action,resource)'
            ' when { context.layer == "record" && context.record == "claim" && !resource.is_own };'
            '@id("b")@sentence("s")forbid(principal,action,resource)'
            ' when { context.purpose == "help" };'
        )

        assert allowed(rules, "x.order", layer=Layer.RECORD, record=Record("claim"))
        assert not allowed(
            rules, "x.order", layer=Layer.RECORD, record=Record("claim", is_own=False)
        )
        assert allowed(rules, "x.order", record=Record("claim", is_own=False))
        assert not allowed(rules, "x.order", role="office", helping_from=OFFICE)

    def test_may_name_one_person_and_is_not_remembered_for_another(self):
        rules = self.with_(
            f'@id("a")@sentence("s")forbid(principal == Person::"{PERSON}",action,resource);'
        )
        other = Actor(OFFICE, PLACE, "gp", organisation_kind="practice")

        assert not allowed(rules, "x.order")
        assert rules.decide(other, "x.order", layer=Layer.ROUTE, record=HERE).is_allowed
        assert not allowed(rules, "x.order")

    def test_that_reads_what_is_not_there_is_told_as_faulty(self):
        rules = self.with_(
            '@id("a")@sentence("s")forbid(principal,action,resource) when { principal.age > 3 };'
        )
        said = rules.decide(Actor(PERSON, PLACE, "gp"), "x.order", layer=Layer.ROUTE, record=HERE)

        assert said.is_faulty

    def test_makes_another_digest(self):
        declared = declared_text([ORDER])

        assert Ruleset(declared).digest != Ruleset(declared, " ").digest
        assert Ruleset(declared).digest == Ruleset(declared).digest
