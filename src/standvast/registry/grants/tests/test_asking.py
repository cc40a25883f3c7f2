"""Where a person is sent, and what an app may ask: nothing looser than was registered."""

from datetime import timedelta

import pytest
from django.test import Client

from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.models import App, AppUse, Grant, Launch
from standvast.registry.grants.operations.deciding import Decision, let_in
from standvast.registry.grants.operations.launching import begin_launch
from standvast.registry.grants.operations.registering import set_open
from standvast.registry.grants.rules.asking import SentBack
from standvast.registry.grants.testing import (
    CALLBACK,
    an_app,
    code_from,
    led_to,
    told_back,
)
from standvast.registry.patients.api import PatientNotFound
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db
CARE = "launch/patient patient/Patient.rs"


class TestNobodyIsSentToAnAddressThatIsNotRegistered:
    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/callback",
            "https://app.example/callback/",
            "https://app.example/callback?more=1",
            "https://app.example/callback#part",
            "https://app.example/Callback",
            "https://app.example:443/callback",
            "https://app.example/callback/../evil",
            "https://app.example@evil.example/callback",
            "https://app.example.evil.example/callback",
            "http://app.example/callback",
            "//app.example/callback",
            "javascript:alert(1)",
            "https://app.example/callback\t",
            "https://app.example/callback%00",
            "",
        ],
    )
    @pytest.mark.parametrize("is_known", [True, False])
    def test_whatever_else_is_asked(self, app, browser, address, is_known):
        for more in ({}, {"response_type": "token"}, {"scope": None}, {"prompt": "none"}):
            answer = (browser if is_known else Client()).get(
                app.question(redirect_uri=address, **more)
            )

            assert answer.status_code == 422
            assert not led_to(answer)
            assert f'"{address}' not in answer.content.decode() or not address
        assert not Grant.objects.exists()

    def test_nor_for_two_addresses_at_once(self, app, browser):
        answer = browser.get(app.question() + "&redirect_uri=https://evil.example/callback")

        assert answer.status_code == 422
        assert not led_to(answer)

    @pytest.mark.parametrize("name", ["nobody", "", "a\0b", "x" * 500, "é"])
    def test_nor_for_an_app_that_nobody_knows(self, app, browser, name):
        answer = browser.get(app.question(client_id=name))

        assert answer.status_code == 422
        assert not led_to(answer)

    def test_nor_for_one_that_was_closed(self, app, doctor, browser, now):
        set_open(actor=doctor.actor, app_id=app.app_id, is_open=False, now=now)

        assert browser.get(app.question()).status_code == 422


class TestTheAppIsTold:
    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": "code id_token"}, "unsupported_response_type"),
            ({"scope": None}, "invalid_scope"),
            ({"scope": "system/*.cruds everything"}, "invalid_scope"),
            ({"scope": "user/Patient.rs"}, "invalid_scope"),
            ({"scope": CARE, "aud": "https://evil.example/fhir"}, "invalid_request"),
            ({"scope": CARE, "aud": None}, "invalid_request"),
            ({"aud": "https://evil.example/fhir"}, "invalid_request"),
            ({"request": "e30."}, "request_not_supported"),
            ({"request_uri": "https://evil.example/r"}, "request_not_supported"),
            ({"response_mode": "fragment"}, "invalid_request"),
            ({"prompt": "none login"}, "invalid_request"),
            ({"max_age": "-1"}, "invalid_request"),
            ({"nonce": "a\0b"}, "invalid_request"),
            ({"launch": "made-up", "scope": "launch openid"}, "invalid_request"),
            ({"launch": "made-up"}, "invalid_scope"),
        ],
    )
    def test_what_it_asked_in_vain(self, app, browser, wrong, error):
        told = told_back(browser.get(app.question(**wrong)))

        assert told["error"] == error
        assert told["state"] == "its-state"
        assert "code" not in told

    def test_what_it_said_twice(self, app, browser):
        told = told_back(browser.get(app.question() + "&scope=openid"))

        assert told["error"] == "invalid_request"

    def test_that_nobody_is_signed_in_when_nobody_may_be_asked(self, app):
        told = told_back(Client().get(app.question(prompt="none")))

        assert told["error"] == "login_required"

    def test_that_somebody_would_have_to_be_asked(self, app, browser):
        assert told_back(browser.get(app.question(prompt="none")))["error"] == "consent_required"
        care = app.question(prompt="none", scope=CARE)
        assert told_back(browser.get(care))["error"] == "interaction_required"
        code_from(browser, app)
        assert "code" in told_back(browser.get(app.question(prompt="none")))

    def test_only_at_its_own_address(self, app, browser):
        assert led_to(browser.get(app.question(scope=None))).startswith(f"{CALLBACK}?error=")


class TestWhoMayNotLetItIn:
    def test_an_organisation_that_does_not_use_it(self, app):
        stranger = signed_in_client(a_colleague(Role.GP))

        for answer in (
            stranger.get(app.question()),
            stranger.post(app.question(), {"decision": "yes"}),
        ):
            assert answer.status_code == 403
            assert not led_to(answer)
        assert not Grant.objects.exists()

    def test_who_may_not_see_patients_where_care_is_asked(self, now):
        office = a_colleague(Role.OFFICE)
        app = an_app(office.actor, now=now)

        answer = signed_in_client(office).get(app.question(scope=CARE))

        assert answer.status_code == 403
        assert "code" in told_back(
            signed_in_client(office).post(app.question(), {"decision": "yes"})
        )

    def test_who_helps_by_phone(self, app, doctor):
        helper = signed_in_client(a_colleague(Role.OFFICE))
        helper.post("/access/help/start/", {"organisation": str(doctor.organisation.id)})

        answer = helper.post(app.question(), {"decision": "yes"})

        assert answer.status_code == 403
        assert not Grant.objects.exists()

    def test_who_signed_in_long_ago_proves_it_again(self, app, doctor, browser, now):
        doctor.person.last_login = now - timedelta(hours=1)
        doctor.person.save()

        answer = browser.get(app.question(max_age="60"))

        assert answer["Location"].startswith("/accounts/reauthenticate/")
        assert told_back(browser.get(app.question(max_age="60", prompt="none")))["error"] == (
            "login_required"
        )
        assert browser.get(app.question(prompt="login")).status_code == 302

    def test_a_yes_without_our_own_page_counts_for_nothing(self, app, doctor):
        browser = signed_in_client(doctor, enforce_csrf_checks=True)

        assert browser.post(app.question(), {"decision": "yes"}).status_code == 403
        assert not Grant.objects.exists()

    def test_a_yes_to_less_is_no_yes_to_more(self, app, browser):
        code_from(browser, app, scope="openid")

        assert not led_to(browser.get(app.question(scope="openid profile")))

    def test_an_app_that_was_let_in_for_one_organisation_asks_again_for_another(
        self, app, browser, doctor
    ):
        code_from(browser, app)
        other = a_colleague(Role.GP)
        AppUse.objects.create(
            app=App.objects.get(id=app.app_id),
            organisation=other.organisation,
            since_at=doctor.person.created_at,
        )

        assert not led_to(signed_in_client(other).get(app.question()))


class TestALaunch:
    @pytest.fixture
    def patient(self, doctor, now):
        return a_patient(doctor.actor, now).patient_id

    @pytest.fixture
    def launched(self, app, browser, patient):
        def act(client=browser, app=app):
            fields = {"app": str(app.app_id), "patient": str(patient)}
            return told_back(client.post("/grants/launch/", fields))["launch"]

        return act

    def asked(self, client, app, launch):
        return client.get(app.question(scope="launch openid", launch=launch))

    def test_is_used_once(self, app, browser, launched):
        launch = launched()
        code_from(browser, app, scope="launch openid", launch=launch)

        assert told_back(self.asked(browser, app, launch))["error"] == "invalid_request"

    def test_is_for_a_minute(self, app, browser, launched):
        launch = launched()
        Launch.objects.update(expires_at=Launch.objects.get().expires_at - timedelta(seconds=60))

        assert told_back(self.asked(browser, app, launch))["error"] == "invalid_request"

    def test_leaves_time_to_answer_once_the_app_asked(self, app, browser, launched):
        launch = launched()
        assert not led_to(self.asked(browser, app, launch))
        Launch.objects.update(expires_at=Launch.objects.get().expires_at - timedelta(seconds=120))

        assert code_from(browser, app, scope="launch openid", launch=launch)

    def test_is_for_who_clicked(self, app, doctor, launched):
        colleague = signed_in_client(a_colleague(Role.GP, doctor.organisation))

        assert told_back(self.asked(colleague, app, launched()))["error"] == "invalid_request"

    def test_is_for_the_app_that_was_clicked(self, doctor, browser, launched, now):
        other = an_app(doctor.actor, now=now)

        assert told_back(self.asked(browser, other, launched()))["error"] == "invalid_request"

    def test_is_about_ones_own_patient(self, app, patient, now):
        other = a_colleague(Role.GP)
        theirs = an_app(other.actor, now=now)
        fields = {"app": str(theirs.app_id), "patient": str(patient)}

        answer = signed_in_client(other).post("/grants/launch/", fields)

        assert answer.status_code == 404
        assert not Launch.objects.exists()

    def test_is_not_of_an_app_that_is_not_used_here(self, patient, browser, now):
        theirs = an_app(a_colleague(Role.GP).actor, now=now)
        fields = {"app": str(theirs.app_id), "patient": str(patient)}

        assert browser.post("/grants/launch/", fields).status_code == 404

    def test_cannot_be_turned_to_another_patient(self, app, doctor, browser, launched, now):
        other = a_patient(doctor.actor, now, family="Ander").patient_id
        question = app.question(scope="launch openid", launch=launched())

        told = told_back(browser.post(question, {"decision": "yes", "patient": str(other)}))

        made = app.tokens(Client(), told["code"]).json()
        assert made["patient"] != str(other)

    def test_another_organisations_patient_cannot_be_chosen(self, app, browser, now):
        theirs = a_patient(a_colleague(Role.GP).actor, now).patient_id

        answer = browser.post(app.question(scope=CARE), {"decision": "yes", "patient": str(theirs)})

        assert answer.status_code == 404
        assert not Grant.objects.exists()


class TestLetIn:
    """The operation asks again what the page asked: another page may forget to."""

    def decision(self, app, **other):
        told = {
            "app_id": app.app_id,
            "scopes": ("openid",),
            "patient_id": None,
            "launch": "",
            "redirect_uri": CALLBACK,
            "challenge": "c" * 43,
            "nonce": "",
            "signed_in_at": other.pop("at"),
        }
        return Decision(**{**told, **other})

    def test_refuses_another_organisations_patient(self, app, doctor, now):
        theirs = a_patient(a_colleague(Role.GP).actor, now).patient_id

        with pytest.raises(PatientNotFound):
            let_in(
                actor=doctor.actor,
                decision=self.decision(app, at=now, patient_id=theirs),
                code="x",
                now=now,
            )

    def test_refuses_where_the_app_is_not_used(self, app, now):
        with pytest.raises(SentBack):
            let_in(
                actor=a_colleague(Role.GP).actor,
                decision=self.decision(app, at=now),
                code="x",
                now=now,
            )

    def test_refuses_a_launch_about_somebody_else(self, app, doctor, now):
        one, other = (a_patient(doctor.actor, now, family=name).patient_id for name in ("A", "B"))
        begin_launch(
            actor=doctor.actor, app_id=app.app_id, patient_id=one, handle="h" * 43, now=now
        )

        with pytest.raises(SentBack):
            let_in(
                actor=doctor.actor,
                decision=self.decision(app, at=now, launch="h" * 43, patient_id=other),
                code="x",
                now=now,
            )
        assert not Grant.objects.exists()
