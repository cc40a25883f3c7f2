import html
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from standvast.registry.access.rules import Grant, Role
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.models import AccessRequest, PersonalRule
from standvast.registry.access.ruling.operations import persons, shadowing, versions
from standvast.registry.access.ruling.queries import version_row
from standvast.registry.access.ruling.question import Holding
from standvast.registry.access.ruling.rules import State
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.people.api import Person

pytestmark = pytest.mark.django_db
QUERIES_MAX = 30
STRICT = """
@id("patients.gps-only")
@sentence("Only GPs look at patients")
forbid (principal, action == Action::"patients.see", resource)
when { principal.role != "gp" };
"""


@pytest.fixture(autouse=True)
def forgotten():
    yield
    memory.take([])
    memory.tally.taken()


def client_of(at_work):
    return signed_in_client(at_work, headers={"Accept-Language": "en"})


def english(at_work):
    Person.objects.filter(id=at_work.person.id).update(language="en", last_login=datetime.now(UTC))
    return at_work


@pytest.fixture
def operator():
    return english(a_colleague(Role.OPERATOR))


@pytest.fixture
def lead(operator):
    return english(a_colleague(Role.OPERATOR_LEAD, operator.organisation))


@pytest.fixture
def gp():
    return english(a_colleague(Role.GP))


@pytest.fixture
def assistant(gp):
    return english(a_colleague(Role.ASSISTANT, gp.organisation))


def text_of(answer) -> str:
    return answer.content.decode()


class TestTheDesk:
    def test_hands_in_a_text_and_is_told_what_is_wrong_by_line(self, operator):
        client = client_of(operator)
        wrong = client.post("/desk/access/-/propose/", {"text": STRICT + "\npermit (", "why": "w"})

        assert wrong.status_code == 422
        assert "Line 7" in text_of(wrong)
        assert "principal.role" in text_of(wrong)

        right = client.post("/desk/access/-/propose/", {"text": STRICT, "why": "report 001"})
        assert right.headers["Location"] == "/desk/access/1/"
        assert "run it in the shadow" in text_of(client.get("/desk/access/1/")).lower()

    def test_shows_an_example_that_can_be_proposed_as_it_stands(self, operator):
        client = client_of(operator)
        shown = html.unescape(text_of(client.get("/desk/access/-/propose/")))
        example = shown.partition('<pre class="code" tabindex="0">')[2].partition("</pre>")[0]

        answer = client.post("/desk/access/-/propose/", {"text": example, "why": "as shown"})

        assert answer.status_code == 303, text_of(answer)

    def test_offers_to_approve_to_a_second_person_only(self, operator, lead):
        second = english(a_colleague(Role.OPERATOR_LEAD, operator.organisation))
        proposing, approving = client_of(lead), client_of(second)
        proposing.post("/desk/access/-/propose/", {"text": STRICT, "why": "w"})
        proposing.post("/desk/access/1/shadow/")

        own, others = (text_of(one.get("/desk/access/1/")) for one in (proposing, approving))

        assert "/desk/access/1/approve/" not in own
        assert "somebody else approves it" in own
        assert "/desk/access/1/approve/" in others
        assert "somebody else approves it" not in others

    def test_walks_a_rule_from_proposed_to_taken_back(self, operator, lead, assistant):
        client, second = client_of(operator), client_of(lead)
        client.post("/desk/access/-/propose/", {"text": STRICT, "why": "report 001"})
        assert client.post("/desk/access/1/shadow/").status_code == 303
        shown = text_of(client.get("/desk/access/1/"))
        assert assistant.person.display_name in shown
        assert "1 person would lose what they have" in shown

        assert client.post("/desk/access/1/approve/").status_code == 403
        assert second.post("/desk/access/1/approve/").status_code == 303
        refused = client.post("/desk/access/1/enforce/")
        assert refused.status_code == 409
        assert client_of(assistant).get("/patients/").status_code == 200

        until = datetime.now(UTC) + timedelta(days=3)
        data = {
            "person_id": assistant.person.id,
            "organisation_id": assistant.organisation.id,
            "right": "patients.see",
            "why": "until the code is mended",
        }
        assert client.post("/desk/access/1/except/", data).status_code == 422
        client.post("/desk/access/1/except/", {**data, "until_at": f"{until:%Y-%m-%dT%H:%M}"})
        assert client.post("/desk/access/1/enforce/").status_code == 303
        newcomer = english(a_colleague(Role.ASSISTANT))
        assert client_of(assistant).get("/patients/").status_code == 200
        assert client_of(newcomer).get("/patients/").status_code == 403
        assert assistant.person.display_name in text_of(client.get("/desk/access/"))

        assert client.post("/desk/access/1/take-back/").status_code == 303
        assert client_of(newcomer).get("/patients/").status_code == 200
        assert version_row(1).state is State.TAKEN_BACK
        assert not PersonalRule.objects.filter(holding=Holding.EXCEPTION, ended_at=None).exists()

    def test_lets_everybody_keep_what_they_have_in_one_act(self, operator, assistant):
        client = client_of(operator)
        client.post("/desk/access/-/propose/", {"text": STRICT, "why": "w"})
        client.post("/desk/access/1/shadow/")
        until = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M}"

        assert client.post("/desk/access/1/except-all/", {"why": "w"}).status_code == 422
        data = {"why": "w", "until_at": until}
        assert client.post("/desk/access/1/except-all/", data).status_code == 303
        assert "Nobody would lose" in text_of(client.get("/desk/access/1/"))

    def test_gives_what_a_practice_cannot_until_a_moment(self, operator, gp, assistant):
        client, asking = client_of(operator), client_of(assistant)
        asking.post("/access/ask/", {"right": "access.staff"})
        [row] = AccessRequest.objects.all()
        address = f"/desk/access/-/requests/{row.id}/"
        assert assistant.person.display_name in text_of(client.get("/desk/access/"))

        assert client.post(address, {"why": ""}).status_code == 422
        until = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M}"
        assert client.post(address, {"why": "w", "until_at": until}).status_code == 303
        assert asking.post("/access/staff/invite/", {}).status_code == 422
        assert 'id="exceptions"' in text_of(client_of(gp).get("/access/rules/"))

    def test_does_not_know_every_act(self, operator):
        client = client_of(operator)
        client.post("/desk/access/-/propose/", {"text": STRICT, "why": "w"})

        assert client.post("/desk/access/1/burn/").status_code == 404
        assert client.post("/desk/access/2/shadow/").status_code == 404

    def test_ends_an_exception_before_its_time(self, operator, assistant):
        now = datetime.now(UTC)
        persons.except_person(
            actor=operator.actor,
            person_id=assistant.person.id,
            organisation_id=assistant.organisation.id,
            right="patients.see",
            why="w",
            until_at=now + timedelta(days=1),
            now=now,
        )
        [row] = PersonalRule.objects.filter(holding=Holding.EXCEPTION)
        client = client_of(operator)

        assert client.post(f"/desk/access/-/exceptions/{row.id}/end/").status_code == 303
        assert client.post(f"/desk/access/-/exceptions/{row.id}/end/").status_code == 404

    def test_asks_the_database_no_more_with_more_versions(self, operator):
        client = client_of(operator)
        for number in range(5):
            text = STRICT.replace("gps-only", f"gps-only-{number}")
            versions.propose(actor=operator.actor, text=text, why="w", now=datetime.now(UTC))
        shadowing.shadow(actor=operator.actor, number=5, now=datetime.now(UTC))
        for address in ("/desk/access/", "/desk/access/5/"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) <= QUERIES_MAX


class TestARefusal:
    def test_says_which_rule_and_whom_to_ask_and_offers_to_ask(self, assistant):
        client = client_of(assistant)
        refused = client.post("/access/staff/invite/", {})

        assert refused.status_code == 403
        said = text_of(refused)
        assert "Rule: access.staff" in said
        assert "GP" in said
        assert 'action="/access/ask/"' in said

        assert client.post("/access/ask/", {"right": "access.staff"}).status_code == 303
        assert "You asked for this" in text_of(client.get("/access/rules/"))
        assert AccessRequest.objects.get().right == "access.staff"

    def test_names_only_roles_that_a_colleague_can_have(self, assistant):
        client = client_of(assistant)

        near, far = (text_of(client.get(at)) for at in ("/dashboards/", "/desk/"))

        assert "Ask a colleague with this role: GP." in near
        assert "No role at your organisation gives this" in far
        assert "Ask a colleague" not in far

    def test_by_a_rule_on_top_names_that_rule(self, operator, lead, assistant):
        now = datetime.now(UTC)
        text = STRICT.replace('!= "gp"', '== "assistant" && principal.kind == "pharmacy"')
        versions.propose(actor=operator.actor, text=text, why="w", now=now)
        later = now + timedelta(seconds=1)
        shadowing.shadow(actor=operator.actor, number=1, now=later)
        versions.approve(actor=lead.actor, number=1, now=later)
        versions.enforce(actor=operator.actor, number=1, now=later)
        chemist = a_colleague(Role.PHARMACIST)
        there = english(a_colleague(Role.ASSISTANT, chemist.organisation))

        refused = client_of(there).get("/patients/")

        assert refused.status_code == 403
        assert "patients.gps-only" in text_of(refused)
        assert "It is an emergency" in text_of(refused)

    def test_offers_an_emergency_only_where_patients_are_seen(self, operator):
        refused = client_of(operator).get("/patients/")

        assert refused.status_code == 403
        assert "It is an emergency" not in text_of(refused)
        assert client_of(operator).get("/access/glass/patients.see/").status_code == 409
        assert client_of(operator).get("/access/glass/no.such/").status_code == 404

    def test_of_nonsense_is_not_asked_for(self, assistant):
        assert client_of(assistant).post("/access/ask/", {"right": "x"}).status_code == 404


class TestAPractice:
    def test_reads_who_may_do_what_from_the_rules(self, assistant):
        said = text_of(client_of(assistant).get("/access/rules/"))

        assert "Look at patients" in said
        assert "Withhold" not in said

    def test_withholds_and_gives_patient_data(self, gp, assistant):
        manager, colleague = client_of(gp), client_of(assistant)
        data = {"person_id": assistant.person.id, "grant": Grant.PATIENT_DATA.value}
        assert "Withhold" in text_of(manager.get("/access/rules/"))

        manager.post("/access/rules/grant/", {**data, "holding": Holding.WITHHELD.value})
        assert colleague.get("/patients/").status_code == 403
        manager.post("/access/rules/grant/", {**data, "holding": ""})
        assert colleague.get("/patients/").status_code == 200

        assert colleague.post("/access/rules/grant/", data).status_code == 403
        assert manager.post("/access/rules/grant/", {"grant": "x"}).status_code == 404
        stranger = a_colleague(Role.ASSISTANT)
        other = {**data, "person_id": stranger.person.id}
        assert manager.post("/access/rules/grant/", other).status_code == 404

    def test_answers_who_asks(self, gp, assistant):
        manager, colleague = client_of(gp), client_of(assistant)
        data = {"person_id": assistant.person.id, "grant": Grant.PATIENT_DATA.value}
        manager.post("/access/rules/grant/", {**data, "holding": Holding.WITHHELD.value})
        colleague.post("/access/ask/", {"right": "patients.see"})
        [row] = AccessRequest.objects.all()
        address = f"/access/rules/requests/{row.id}/"
        assert assistant.person.display_name in text_of(manager.get("/access/rules/"))

        assert manager.post(address, {"answer": "perhaps"}).status_code == 404
        assert manager.post(address, {"answer": "yes"}).status_code == 303
        assert colleague.get("/patients/").status_code == 200
        assert manager.post(address, {"answer": "no"}).status_code == 404

    def test_breaks_the_glass_with_a_reason_and_reviews_it(self, gp, assistant):
        manager, colleague = client_of(gp), client_of(assistant)
        data = {"person_id": assistant.person.id, "grant": Grant.PATIENT_DATA.value}
        manager.post("/access/rules/grant/", {**data, "holding": Holding.WITHHELD.value})
        address = "/access/glass/patients.see/"
        assert colleague.get(address).status_code == 200
        assert colleague.post(address, {"why": ""}).status_code == 422
        assert colleague.post(address, {"why": "w", "purpose": "curiosity"}).status_code == 422

        data = {"why": "iemand is niet aanspreekbaar", "purpose": "stand_in"}
        assert colleague.post(address, data).status_code == 303
        assert colleague.get("/patients/").status_code == 200
        [row] = PersonalRule.objects.filter(holding=Holding.GLASS)
        review = f"/access/rules/glass/{row.id}/review/"
        assert "It was right" in text_of(manager.get("/access/rules/"))
        assert "Standing in for a colleague" in text_of(manager.get("/access/rules/"))
        assert manager.post(review, {"answer": "x"}).status_code == 404
        assert manager.post(review, {"answer": "no"}).status_code == 303
        assert colleague.get("/patients/").status_code == 403
