"""What the financial role and patient data open of insurance, and a rule at one record."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse

from standvast.care.insurance.testing import a_bundle, an_enrolled_patient
from standvast.registry.access.api import Grant, Holding, Role
from standvast.registry.access.models import AccessRequest, PersonalRule
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.models import Ruleset
from standvast.registry.access.ruling.operations.persons import set_grant
from standvast.registry.access.testing import a_colleague, signed_in_client

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = "/claims/"
NO_RECORDS = """
@id("no-records")
@sentence("Assistants open nothing of one patient")
forbid (principal, action, resource)
when { principal.role == "assistant" && context.layer == "record" };
"""


@pytest.fixture
def gp():
    return a_colleague(language="en")


@pytest.fixture
def assistant(gp):
    return a_colleague(Role.ASSISTANT, gp.organisation, language="en")


def said(gp, who, grant, holding):
    set_grant(
        actor=gp.actor, person_id=who.person.id, grant=grant, holding=holding, now=datetime.now(UTC)
    )


class TestTheFinancialRole:
    def test_is_needed_for_claims_whatever_the_role(self, gp):
        newcomer = a_colleague(Role.GP, gp.organisation, language="en")
        PersonalRule.objects.filter(person=newcomer.person).delete()
        assert signed_in_client(gp).get(CLAIMS).status_code == 200

        refused = signed_in_client(newcomer).get(CLAIMS)

        assert refused.status_code == 403
        assert "the financial role" in refused.text
        assert "Ask who manages your staff" in refused.text
        assert "Ask for it" in refused.text

    def test_is_asked_for_given_and_taken_away_by_the_practice(self, gp, assistant):
        manager, colleague = signed_in_client(gp), signed_in_client(assistant)
        assert colleague.get(CLAIMS).status_code == 403
        colleague.post("/access/ask/", {"right": "insurance.claim"})
        row = AccessRequest.objects.get()

        assert "Give the financial role" in manager.get("/access/rules/").text
        manager.post(f"/access/rules/requests/{row.id}/", {"answer": "yes"})

        assert colleague.get(CLAIMS).status_code == 200
        assert "Claims" in colleague.get("/").text
        page = manager.get("/access/rules/").text
        assert "Take it away" in page
        data = {"person_id": assistant.person.id, "grant": Grant.FINANCIAL.value, "holding": ""}
        manager.post("/access/rules/grant/", data)
        assert colleague.get(CLAIMS).status_code == 403

    def test_is_theirs_who_could_claim_before_it_was_needed(self, gp, assistant):
        """The migration: nobody who is entitled loses a page by the release that asks for it."""
        withheld = a_colleague(Role.GP, gp.organisation)
        PersonalRule.objects.all().delete()
        said(gp, withheld, Grant.FINANCIAL, Holding.WITHHELD)
        assert signed_in_client(gp).get(CLAIMS).status_code == 403
        given = import_module("standvast.registry.access.migrations.0004_financial_given").GIVEN

        for _ in range(2):
            with connection.cursor() as cursor:
                cursor.execute(given)

        assert signed_in_client(gp).get(CLAIMS).status_code == 200
        assert signed_in_client(withheld).get(CLAIMS).status_code == 403
        assert signed_in_client(assistant).get(CLAIMS).status_code == 403
        assert PersonalRule.objects.filter(holding=Holding.GIVEN).count() == 1


class TestPatientData:
    def test_withheld_shuts_the_lists_that_name_patients_too(self, gp, assistant):
        colleague = signed_in_client(assistant)
        assert colleague.get(reverse("insurance:to_look_at")).status_code == 200

        said(gp, assistant, Grant.PATIENT_DATA, Holding.WITHHELD)

        assert colleague.get(reverse("insurance:to_look_at")).status_code == 403


class TestARuleAtTheRecord:
    @pytest.fixture(autouse=True)
    def ruled(self):
        at = datetime.now(UTC)
        rule = Ruleset.objects.create(
            number=1,
            text=NO_RECORDS,
            state="enforced",
            proposed_at=at,
            approved_at=at,
            enforced_at=at,
        )
        yield
        rule.delete()
        memory.take([])

    def test_holds_coverage_chain_care_and_claims_of_one_patient(self, gp, assistant, settings):
        settings.COVERAGE_URL = settings.CLAIMS_URL = "https://127.0.0.1:1/"
        said(gp, assistant, Grant.FINANCIAL, Holding.GIVEN)
        patient_id = an_enrolled_patient(gp.actor)
        bundle_id = a_bundle(gp.actor)
        theirs = signed_in_client(assistant)

        assert theirs.get(CLAIMS).status_code == 200
        for name, key in (("insurance:now", patient_id), ("insurance:paid", bundle_id)):
            assert theirs.get(reverse(name, args=[key])).status_code == 403, name
        assert theirs.get(reverse("insurance:bundle", args=[bundle_id])).status_code == 403
        for name in ("insurance:check", "insurance:enrol", "insurance:activity"):
            data = {
                "programme": "dm2", "from_on": "2026-01-01", "main": "here",
                "what": "dm2.yearly", "done_on": "2026-01-01",
            }  # fmt: skip
            answer = theirs.post(reverse(name, args=[patient_id]), data)
            assert answer.status_code == 403, name
