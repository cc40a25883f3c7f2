"""Pages about patients: found by POST, one's own only, and nothing of anybody in an address."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from standvast.core.journal.api import recent
from standvast.kit.actor import Actor
from standvast.registry.access.api import Grant, Holding
from standvast.registry.access.guards import RightMissing, check_may, may
from standvast.registry.access.models import Ruleset
from standvast.registry.access.rules import Role
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.operations.persons import set_grant
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import Kind
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.models import Patient
from standvast.registry.patients.rules import System
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = {"family": "Voorbeeld", "birth_on": "1962-03-15", "use": "own", "sex": "unknown",
         "country": "NL"}  # fmt: skip


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


def registered(who, **known):
    return a_patient(who.actor, datetime.now(UTC), **known).patient_id


class TestSearch:
    def test_finds_by_a_post_and_leads_to_the_patient(self, client, gp):
        patient_id = registered(gp, prefix="van den", family="Berg")

        answer = client.post(reverse("patients:search"), {"text": "berg 15-3-1962"})

        assert answer.status_code == 200
        assert "Berg, Anna van den" in answer.text
        assert reverse("patients:patient", args=[patient_id]) in answer.text

    def test_says_what_is_too_little(self, client):
        answer = client.post(reverse("patients:search"), {"text": "a"})

        assert answer.status_code == 422
        assert "twee letters" in answer.text

    def test_nobody_found_says_what_to_try(self, client):
        answer = client.post(reverse("patients:search"), {"text": "niemand"})

        assert answer.status_code == 200
        assert "geboortedatum" in answer.text


class TestRegister:
    def test_takes_one_step_and_no_number_stands_in_the_address(self, client, gp):
        answer = client.post(reverse("patients:new"), {**WHOLE, "bsn": BSNS[0]})

        assert answer.status_code == 303
        row = Patient.objects.get(organisation=gp.organisation)
        assert answer["Location"] == reverse("patients:patient", args=[row.id])
        assert BSNS[0] in client.get(answer["Location"]).text

    def test_somebody_known_is_shown_and_said_so(self, client, gp):
        registered(gp, numbers={System.BSN: BSNS[0]})

        answer = client.post(reverse("patients:new"), {**WHOLE, "bsn": BSNS[0]})
        answer = client.get(answer["Location"])

        assert "al in uw register" in answer.text
        assert Patient.objects.filter(organisation=gp.organisation).count() == 1

    def test_a_typing_error_is_told_and_what_was_typed_stays(self, client, gp):
        answer = client.post(reverse("patients:new"), {**WHOLE, "bsn": "123456789"})

        assert answer.status_code == 422
        assert "typefout" in answer.text
        assert 'value="Voorbeeld"' in answer.text
        assert not Patient.objects.filter(organisation=gp.organisation).exists()


class TestPatient:
    def test_another_organisation_sees_nobody(self, gp):
        patient_id = registered(gp)
        stranger = signed_in_client(a_colleague(Role.GP))

        for name in ("patient", "change", "double", "looks"):
            assert stranger.get(reverse(f"patients:{name}", args=[patient_id])).status_code == 404

    def test_who_looked_is_listed_with_name_and_role(self, client, gp):
        patient_id = registered(gp)
        client.get(reverse("patients:patient", args=[patient_id]))

        answer = client.get(reverse("patients:looks", args=[patient_id]))

        assert gp.person.display_name in answer.text
        assert re.search(r"ingeschreven", answer.text)

    def test_is_corrected_once_and_a_stale_page_is_told(self, client, gp):
        patient_id = registered(gp)
        address = reverse("patients:change", args=[patient_id])
        assert client.post(address, {**WHOLE, "family": "Nieuw", "version": 1}).status_code == 303

        assert client.post(address, {**WHOLE, "family": "Later", "version": 1}).status_code == 409

        assert Patient.objects.get(id=patient_id).family == "Nieuw"

    def test_doubles_come_together_and_apart(self, client, gp):
        kept, double = registered(gp), registered(gp, family="Meisjesnaam")
        answer = client.post(reverse("patients:double", args=[kept]), {"text": "meisjes"})
        assert f'value="{double}"' in answer.text

        client.post(reverse("patients:merge", args=[kept]), {"other": str(double)})
        assert Patient.objects.get(id=double).merged_into_id == kept
        assert "Meisjesnaam" in client.get(reverse("patients:patient", args=[kept])).text

        client.post(reverse("patients:apart", args=[double]))
        assert Patient.objects.get(id=double).merged_into_id is None

    def test_asks_the_database_little(self, client, gp, django_assert_max_num_queries):
        patient_id = registered(gp)
        with django_assert_max_num_queries(23):  # one is the board's, once a second
            client.get(reverse("patients:patient", args=[patient_id]))


class TestHelpByPhone:
    def test_whoever_helps_sees_no_patients(self):
        office = a_colleague(Role.OFFICE)
        helped = an_organisation(kind=Kind.PRACTICE)
        helping = Actor(
            person_id=office.person.id,
            organisation_id=helped.id,
            role=Role.OFFICE.value,
            helping_from=office.organisation.id,
        )

        assert may(helping, "campaigns.order")
        assert not may(helping, "patients.see")
        with pytest.raises(RightMissing):
            check_may(helping, "patients.see")


class TestARuleAtTheRecord:
    TEXT = """
    @id("no-records")
    @sentence("Assistants open no patient")
    forbid (principal, action, resource)
    when { principal.role == "assistant" && context.record == "patient" };
    """

    @pytest.fixture(autouse=True)
    def ruled(self, gp):
        self.gp, self.assistant = gp, a_colleague(Role.ASSISTANT, gp.organisation)
        rule = Ruleset.objects.create(
            number=1,
            text=self.TEXT,
            state="enforced",
            proposed_at=datetime.now(UTC),
            approved_at=datetime.now(UTC),
            enforced_at=datetime.now(UTC),
        )
        yield
        rule.delete()
        memory.take([])

    def test_keeps_one_patient_shut_wherever_it_is_shown_or_changed(self):
        patient_id, other = registered(self.gp), registered(self.gp)
        client = signed_in_client(self.assistant)
        page = reverse("patients:patient", args=[patient_id])

        assert client.get(reverse("patients:search")).status_code == 200
        for address in ("", "looks/", "change/", "double/"):
            assert client.get(page + address).status_code == 403, address
        assert client.post(reverse("patients:search"), {"text": "berg"}).status_code == 403
        assert client.post(page + "merge/", {"other": str(other)}).status_code == 403
        assert client.post(page + "apart/").status_code == 403
        changed = client.post(page + "change/", {**WHOLE, "version": "1"})
        assert changed.status_code == 403
        assert client.get(f"/fhir/Patient/{patient_id}").status_code == 403
        assert client.get("/fhir/Patient", {"name": "berg"}).status_code == 403

    def test_leaves_others_what_they_have(self):
        patient_id = registered(self.gp)

        answer = signed_in_client(self.gp).get(reverse("patients:patient", args=[patient_id]))

        assert answer.status_code == 200

    def test_never_stops_somebody_new_from_being_registered(self):
        answer = signed_in_client(self.assistant).post(reverse("patients:new"), WHOLE)

        assert answer.status_code == 303


class TestWhoLookedInAnEmergency:
    def test_is_told_for_what(self, client, gp):
        patient_id = registered(gp)
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        now = datetime.now(UTC)
        set_grant(
            actor=gp.actor,
            person_id=colleague.person.id,
            grant=Grant.PATIENT_DATA,
            holding=Holding.WITHHELD,
            now=now,
        )
        theirs, page = signed_in_client(colleague), reverse("patients:patient", args=[patient_id])
        assert theirs.get(page).status_code == 403

        said = {"purpose": "stand_in", "why": "mevrouw Zonderling is gevallen"}
        assert theirs.post("/access/glass/patients.see/", said).status_code == 303
        assert theirs.get(page).status_code == 200

        looks = client.get(page + "looks/").text
        assert "in een noodgeval: waarneming voor een collega" in looks
        assert "Zonderling" not in looks
        mine = [one for one in recent(gp.organisation.id) if one.event == "patients.seen"]
        assert {one.purpose for one in mine} == {"glass.stand_in", ""}
