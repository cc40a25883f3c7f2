"""The card on a patient's page: what is known stands, what is awaited is said, nothing waits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from standvast.care.insurance.models import Coverage
from standvast.care.insurance.operations.answering import take_answers
from standvast.care.insurance.operations.asking import check_now
from standvast.care.insurance.rules.coverage import Answer, Policy
from standvast.care.insurance.told import KIND
from standvast.core.delivery.models import Delivery
from standvast.core.journal.api import who_looked
from standvast.desk.status import board
from standvast.desk.status.operations import close_function
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
INSURED = Answer(
    "Gevonden",
    "ActieveVerzekeringen",
    (Policy("9991", "A1", "Basis", "Actief", "Basispakket", date(2026, 1, 1)),),
)


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


@pytest.fixture
def patient_id(gp):
    return a_patient(gp.actor, datetime.now(UTC), numbers={System.BSN: BSNS[0]}).patient_id


def asked(gp, patient_id, ago=timedelta(0)):
    check_now(actor=gp.actor, patient_id=patient_id, now=datetime.now(UTC) - ago)
    return Coverage.objects.get(patient_id=patient_id).check_under_way_id


def answered(check_id, answer=INSURED):
    with transaction.atomic():
        take_answers(answers={check_id: answer}, now=datetime.now(UTC))


def shown(client, patient_id):
    return client.get(reverse("patients:patient", args=[patient_id])).text


class TestTheCard:
    def test_somebody_just_registered_is_being_checked(self, client, patient_id):
        assert "Wordt gecontroleerd" in shown(client, patient_id)

    def test_somebody_from_before_was_never_asked_about_and_can_be(self, client, patient_id):
        Delivery.objects.all().delete()

        text = shown(client, patient_id)

        assert "Nooit gevraagd" in text
        assert "Wordt gecontroleerd" not in text
        assert reverse("insurance:check", args=[patient_id]) in text

    def test_what_was_known_stands_while_an_answer_is_awaited(self, client, gp, patient_id):
        answered(asked(gp, patient_id))
        asked(gp, patient_id)

        text = shown(client, patient_id)

        assert "Wordt gecontroleerd" in text
        assert "9991" in text
        assert "verzekerd" in text

    def test_after_three_seconds_it_says_that_nothing_waits(self, client, gp, patient_id):
        asked(gp, patient_id, ago=timedelta(seconds=4))

        assert "antwoorden laat" in shown(client, patient_id)

    def test_says_that_nobody_is_asked_here(self, client, patient_id, settings):
        settings.COVERAGE_URL = ""

        text = shown(client, patient_id)

        assert "Nooit gevraagd" in text
        assert reverse("insurance:check", args=[patient_id]) not in text


class TestNow:
    def test_says_nothing_until_there_is_an_answer_and_writes_the_look_down(
        self, client, gp, patient_id
    ):
        check_id = asked(gp, patient_id)
        address = reverse("insurance:now", args=[patient_id])
        assert client.get(address).status_code == 204
        before = len(who_looked(KIND, str(patient_id), gp.organisation.id))

        answered(check_id)
        answer = client.get(address)

        assert answer.status_code == 200
        assert "9991" in answer.text
        assert "hx-get" not in answer.text
        seen = who_looked(KIND, str(patient_id), gp.organisation.id)
        assert [entry.event for entry in seen[: len(seen) - before]] == [
            "insurance.seen",
            "insurance.answered",
        ]

    def test_says_once_that_it_takes_long(self, client, gp, patient_id):
        asked(gp, patient_id, ago=timedelta(seconds=4))
        address = reverse("insurance:now", args=[patient_id])

        assert "?late" in client.get(address).text
        assert client.get(address + "?late").status_code == 204

    def test_anothers_patient_is_not_there(self, patient_id):
        stranger = signed_in_client(a_colleague(Role.GP))

        assert stranger.get(reverse("insurance:now", args=[patient_id])).status_code == 404


class TestCheck:
    def test_asks_and_leads_back(self, client, patient_id):
        answer = client.post(reverse("insurance:check", args=[patient_id]))

        assert answer.status_code == 303
        assert Coverage.objects.get(patient_id=patient_id).check_under_way_id is not None

    def test_a_closed_function_says_what_its_closure_says(
        self, client, patient_id, monkeypatch, settings, tmp_path
    ):
        settings.VAR = tmp_path
        monkeypatch.setattr(board, "_board", None)
        desk = a_colleague(Role.OPERATOR_LEAD)
        close_function(
            function="insurance.check",
            organisation_ids=None,
            texts={"nl": "De verzekeraars zijn weg tot 15:00."},
            reason="the insurers are away",
            actor=desk.actor,
            now=datetime.now(UTC),
        )

        answer = client.post(reverse("insurance:check", args=[patient_id]))

        assert answer.status_code == 503
        assert "tot 15:00" in answer.text


class TestToLookAt:
    def test_lists_who_the_insurers_do_not_find_and_why(self, client, gp, patient_id):
        answered(asked(gp, patient_id), Answer("NietGevonden"))

        answer = client.get(reverse("insurance:to_look_at"))

        assert "Voorbeeld, Anna" in answer.text
        assert "vinden deze persoon niet" in answer.text

    def test_says_that_there_is_nothing(self, client):
        assert "Niets" in client.get(reverse("insurance:to_look_at")).text
