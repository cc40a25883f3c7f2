"""A click in the record system: one step to the patient, new or known, whoever else is away."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
from django.test import Client
from django.urls import reverse

from standvast.care.launches.models import Link, Used
from standvast.care.launches.operations.forgetting import forget_tokens
from standvast.care.launches.operations.registering import KeyNotRight, know_system
from standvast.care.launches.testing import Sender, a_sender
from standvast.registry.access.models import Membership
from standvast.registry.access.operations import end_membership
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import CodeSystem
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.models import Patient
from standvast.registry.patients.testing import BSNS

pytestmark = pytest.mark.django_db(transaction=True)
ARRIVE = "/launch/"


@pytest.fixture
def practice():
    return an_organisation(code_system=CodeSystem.AGB, code="01234567")


@pytest.fixture
def gp(practice):
    return a_colleague(Role.GP, practice)


@pytest.fixture
def sender(gp):
    return a_sender(gp.actor, now=datetime.now(UTC))


@pytest.fixture
def connected(gp, sender):
    client = signed_in_client(gp)
    assert led_to(launched(client, sender)) == "/launch/connect/"
    client.post("/launch/connect/")
    return gp


def launched(client, sender, **other):
    return client.post(
        ARRIVE, {"token": sender.token(agb="01234567", now=datetime.now(UTC), **other)}
    )


def led_to(answer):
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"]


class TestArrive:
    def test_one_click_registers_somebody_new_and_shows_them(self, sender, connected):
        client = Client()
        context = {
            "patient-id": "P-9",
            "family": "Nieuw",
            "birth-date": "1980-01-02",
            "bsn": BSNS[1],
        }

        answer = launched(client, sender, context=context)

        patient = Patient.objects.get(family="Nieuw")
        assert led_to(answer) == reverse("patients:patient", args=[patient.id])
        assert BSNS[1] not in led_to(answer)
        assert "Nieuw" in client.get(led_to(answer)).text

    def test_a_second_click_shows_the_same_patient(self, sender, connected):
        first, second = led_to(launched(Client(), sender)), led_to(launched(Client(), sender))

        assert first == second
        assert Patient.objects.count() == 1

    def test_a_number_with_a_typing_error_keeps_nobody_out(self, sender, connected):
        context = {
            "patient-id": "P-8",
            "family": "Tikfout",
            "birth-date": "1980-01-02",
            "bsn": "123456789",
        }

        launched(Client(), sender, context=context)

        patient = Patient.objects.get(family="Tikfout")
        assert [one.system for one in patient.identifiers.all()] == ["record"]

    def test_however_it_is_written_somebody_is_registered(self, sender, connected):
        context = {
            "patient-id": "P-7",
            "family": "Vre\x00emd\u202e" + "x" * 100,
            "given": "y" * 100,
            "prefix": "van " * 10,
            "birth-date": "1980-01-02",
            "street": "Dorps\x1bstraat",
            "house-number": "12 bis boven de winkel",
            "postcode": "overal",
            "insurer": "de beste",
            "insured-number": "1" * 40,
        }

        led_to(launched(Client(), sender, context=context))

        patient = Patient.objects.get(family__startswith="Vreemdxx")
        assert (patient.street, patient.postcode, patient.insurer) == ("Dorpsstraat", "", "")

    def test_a_record_number_that_is_somebody_elses_opens_nobody_else(self, sender, connected):
        first = {"patient-id": "P-5", "family": "Eerste", "birth-date": "1980-01-02"}
        second = {"patient-id": "P-5", "family": "Tweede", "birth-date": "1990-01-02"}
        launched(Client(), sender, context=first | {"bsn": BSNS[0]})

        for _ in range(2):
            answer = launched(Client(), sender, context=second | {"bsn": BSNS[1]})

        other = Patient.objects.get(family="Tweede")
        assert led_to(answer) == reverse("patients:patient", args=[other.id])
        assert [one.system for one in other.identifiers.all()] == ["bsn"]

    def test_about_nobody_leads_to_the_first_page(self, sender, connected):
        assert led_to(launched(Client(), sender, context=None)) == "/"

    def test_a_token_counts_once(self, sender, connected):
        token = sender.token(agb="01234567", now=datetime.now(UTC))
        assert Client().post(ARRIVE, {"token": token}).status_code == 302

        answer = Client().post(ARRIVE, {"token": token})

        assert answer.status_code == 403
        assert "al gebruikt" in answer.text

    @pytest.mark.parametrize(
        ("other", "status", "said"),
        [
            ({"aud": "https://elders.example"}, 403, "andere installatie"),
            ({"iss": "https://onbekend.example"}, 403, "niet bekend"),
            ({"org-id": {"system": "agb", "value": "01999999"}}, 403, "000-1234567"),
            ({"org-id": {"system": "none", "value": ""}}, 422, "org-id"),
            ({"org-id": {"system": "none", "value": "x"}}, 403, "000-1234567"),
            ({"jti": None}, 422, "jti"),
            ({"context": {"patient-id": "1", "family": "X"}}, 422, "birth-date"),
            ({"exp": 4_000_000_000}, 403, "te lang"),
        ],
    )
    def test_says_why_it_is_not_taken_and_does_nothing(
        self, sender, connected, other, status, said
    ):
        known = Patient.objects.count()

        answer = launched(Client(), sender, **other)

        assert (answer.status_code, said in answer.text) == (status, True)
        assert Patient.objects.count() == known

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 20_000, "eyJhbGciOiJub25lIn0.e30."])
    def test_rubbish_is_no_launch(self, token):
        assert Client().post(ARRIVE, {"token": token}).status_code == 403

    def test_anothers_signature_is_refused(self, sender, connected):
        thief = Sender(
            sender.issuer, a_sender(connected.actor, now=datetime.now(UTC), slug="b").key
        )

        assert launched(Client(), thief).status_code == 403

    def test_the_public_key_as_a_shared_secret_is_refused(self, sender, connected):
        told = jwt.decode(
            sender.token(agb="01234567", now=datetime.now(UTC)), options={"verify_signature": False}
        )
        header, payload, _ = jwt.encode(told, "k" * 32, algorithm="HS256").split(".")

        assert Client().post(ARRIVE, {"token": f"{header}.{payload}.AAAA"}).status_code == 403

    def test_whoever_left_the_practice_is_asked_who_they_are(self, sender, connected):
        boss = a_colleague(Role.GP, connected.organisation)
        held = Membership.objects.get(person=connected.person)
        end_membership(actor=boss.actor, membership_id=held.id, now=datetime.now(UTC))

        assert led_to(launched(Client(), sender)) == "/launch/connect/"

    def test_nothing_of_the_patient_stands_in_the_session(self, sender, gp):
        client = Client()
        launched(client, sender)

        assert "Zonderling" not in str(dict(client.session))


class TestConnect:
    def test_a_stranger_signs_in_first_and_then_stands_at_the_patient(self, sender, gp):
        stranger = Client()
        launched(stranger, sender)
        assert led_to(stranger.get("/launch/connect/")).startswith("/accounts/login/")

        client = signed_in_client(gp)
        launched(client, sender)
        assert "Voorbeeld-HIS" in client.get("/launch/connect/").text
        answer = client.post("/launch/connect/")

        assert led_to(answer) == reverse("patients:patient", args=[Patient.objects.get().id])
        assert Link.objects.get().person_id == gp.person.id

    def test_somebody_elses_user_stays_theirs(self, sender, connected):
        other = signed_in_client(a_colleague(Role.ASSISTANT, connected.organisation))
        session = other.session
        session["launch"] = {"link": str(Link.objects.get().id), "there": "/"}
        session.save()

        assert other.post("/launch/connect/").status_code == 404
        assert Link.objects.get().person_id == connected.person.id

    def test_another_organisations_person_is_refused(self, sender, gp):
        elsewhere = signed_in_client(a_colleague(Role.GP))
        launched(elsewhere, sender)

        assert elsewhere.post("/launch/connect/").status_code == 409
        assert Link.objects.get().person_id is None

    def test_without_a_launch_there_is_nothing_to_connect(self, gp):
        assert signed_in_client(gp).get("/launch/connect/").status_code == 404


class TestKnowSystem:
    @pytest.mark.parametrize(
        "pem", ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
    )
    def test_takes_only_a_key_that_can_check(self, gp, pem):
        with pytest.raises(KeyNotRight):
            know_system(
                actor=gp.actor, slug="x", title="X", issuer=str(uuid4()), public_key=pem,
                now=datetime.now(UTC),
            )  # fmt: skip


def test_tokens_are_forgotten_when_they_could_not_count_any_more(sender, connected):
    assert Used.objects.count() == 1

    assert forget_tokens(datetime.now(UTC)) == 0
    assert forget_tokens(datetime.now(UTC) + timedelta(minutes=2)) == 1
