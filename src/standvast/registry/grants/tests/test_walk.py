"""From an app's question to who somebody is: the whole walk, for each way to prove oneself."""

from datetime import UTC, datetime

import jwt
import pytest
from django.test import Client

from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.places import fhir_server, issuer
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.grants.testing import (
    CALLBACK,
    an_app,
    code_from,
    led_to,
    told_back,
)
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def doctor():
    return a_colleague(Role.GP)


@pytest.fixture
def browser(doctor):
    return signed_in_client(doctor)


def opened(token, client_id):
    """Return an identity, checked with the keys that are shown."""
    shown = Client().get("/oauth/keys/").json()
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(jwt.PyJWK(one) for one in shown["keys"] if one["kid"] == kid)
    return jwt.decode(token, key.key, algorithms=["RS256"], audience=client_id, issuer=issuer())


class TestWhoSomebodyIs:
    @pytest.mark.parametrize("proof", list(Proof))
    def test_is_told_to_an_app_that_was_let_in(self, doctor, browser, proof):
        app = an_app(doctor.actor, now=NOW, proof=proof)

        code = code_from(browser, app, scope="openid profile fhirUser")
        answer = app.tokens(Client(), code)

        assert answer.status_code == 200, answer.content
        assert answer["Cache-Control"] == "no-store"
        made = answer.json()
        assert "refresh_token" not in made
        assert "patient" not in made
        told = opened(made["id_token"], app.client_id)
        assert told["nonce"] == "its-nonce"
        assert told["sub"] == str(doctor.person.id)
        assert told["fhirUser"] == f"{fhir_server()}/Practitioner/{doctor.person.id}"
        who = Client().get(
            "/oauth/userinfo/", headers={"Authorization": f"Bearer {made['access_token']}"}
        )
        assert who.json()["name"] == doctor.person.display_name
        assert who.json()["sub"] == told["sub"]

    def test_is_asked_once(self, doctor, browser):
        app = an_app(doctor.actor, now=NOW)
        first = browser.get(app.question())
        assert not led_to(first)
        assert "Voorbeeld-app" in first.content.decode()
        code_from(browser, app)

        again = browser.get(app.question())

        assert "code" in told_back(again)

    def test_a_no_is_told(self, doctor, browser):
        app = an_app(doctor.actor, now=NOW)

        answer = browser.post(app.question(), {"decision": "no"})

        assert led_to(answer).startswith(CALLBACK)
        assert told_back(answer)["error"] == "access_denied"
        assert told_back(answer)["state"] == "its-state"

    def test_a_no_leaves_what_was_given_where_it_can_be_taken_back(self, doctor, browser):
        app = an_app(doctor.actor, now=NOW)
        code_from(browser, app)

        browser.post(app.question(prompt="consent"), {"decision": "no"})

        assert "Voorbeeld-app" in browser.get("/grants/").content.decode()

    def test_a_stranger_signs_in_first(self, doctor):
        app = an_app(doctor.actor, now=NOW)

        answer = Client().get(app.question())

        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=/oauth/authorize/")


class TestOnePatient:
    def test_is_chosen_by_the_person(self, doctor, browser):
        app = an_app(doctor.actor, now=NOW)
        patient = a_patient(doctor.actor, NOW, family="Zonderling")
        question = app.question(scope="launch/patient patient/Patient.rs")

        shown = browser.get(question)
        found = browser.post(question, {"text": "zonderling"})
        asked = browser.post(question, {"patient": str(patient.patient_id)})
        yes = browser.post(question, {"patient": str(patient.patient_id), "decision": "yes"})

        assert 'role="search"' in shown.content.decode()
        assert str(patient.patient_id) in found.content.decode()
        assert "Zonderling" in asked.content.decode()
        assert str(patient.patient_id) not in led_to(yes)
        made = app.tokens(Client(), told_back(yes)["code"]).json()
        assert made["patient"] == str(patient.patient_id)
        assert made["scope"] == "launch/patient patient/Patient.rs"

    def test_comes_with_a_click_on_their_page(self, doctor, browser):
        app = an_app(doctor.actor, now=NOW)
        patient = a_patient(doctor.actor, NOW)
        fields = {"app": str(app.app_id), "patient": str(patient.patient_id)}

        clicked = browser.post("/grants/launch/", fields)
        launch = told_back(clicked)

        assert launch["iss"] == fhir_server()
        assert str(patient.patient_id) not in led_to(clicked)
        code = code_from(
            browser, app, scope="launch openid patient/*.read", launch=launch["launch"]
        )
        made = app.tokens(Client(), code).json()
        assert made["patient"] == str(patient.patient_id)
        assert made["scope"] == "launch openid patient/Patient.rs"
