"""Apps are registered, changed and closed: by rule, in one transaction, told in both journals."""

import uuid
from dataclasses import replace

import pytest
from django.db import connection

from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.models import App, AppUse
from standvast.registry.grants.operations import registering
from standvast.registry.grants.operations.ending import GrantNotFound, take_back
from standvast.registry.grants.operations.registering import (
    AppData,
    AppNotFound,
    AppNotRight,
    TooManyApps,
    begin_use,
    change_app,
    end_use,
    register_app,
    renew_secret,
)
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.grants.testing import CALLBACK, an_app, code_from
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db
DATA = AppData(
    title="Voorbeeld-app",
    supplier="Voorbeeld BV",
    telephone="",
    proof=Proof.NONE,
    redirects=[CALLBACK],
    scopes="openid",
)


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD).actor


def events_at(organisation_id):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event FROM journal_entry WHERE organisation_id = %s", [organisation_id]
        )
        return {event for (event,) in cursor.fetchall()}


class TestRegisterApp:
    def test_stops_at_its_bound(self, lead, now, monkeypatch):
        monkeypatch.setattr(registering, "APPS_MAX", App.objects.count())

        with pytest.raises(TooManyApps):
            register_app(actor=lead, data=DATA, client_id="a", secret="s", now=now)

    @pytest.mark.parametrize("redirects", [[], [f"https://a.example/{n}" for n in range(11)]])
    def test_wants_one_address_to_ten(self, lead, now, redirects):
        data = replace(DATA, redirects=redirects)

        with pytest.raises(AppNotRight):
            register_app(actor=lead, data=data, client_id="a", secret="s", now=now)

    def test_keeps_no_secret_of_an_app_that_has_none(self, lead, now):
        made = register_app(actor=lead, data=DATA, client_id="a", secret="s", now=now)

        assert App.objects.get(id=made).secret_digest == ""


class TestChangeApp:
    def test_replaces_what_is_known_and_is_felt_at_once(self, app, browser, lead, now):
        code_from(browser, app)
        elsewhere = "https://app.example/other"
        data = replace(DATA, title="Anders", redirects=[elsewhere])

        change_app(actor=lead, app_id=app.app_id, data=data, now=now)

        assert App.objects.get(id=app.app_id).title == "Anders"
        assert browser.get(app.question()).status_code == 422
        assert browser.get(app.question(redirect_uri=elsewhere)).status_code == 200
        assert "grants.app_changed" in events_at(lead.organisation_id)

    def test_of_nobodys_app_is_refused(self, lead, now):
        with pytest.raises(AppNotFound):
            change_app(actor=lead, app_id=uuid.uuid4(), data=DATA, now=now)


class TestRenewSecret:
    def test_is_for_apps_with_a_secret(self, app, lead, now):
        with pytest.raises(AppNotFound):
            renew_secret(actor=lead, app_id=app.app_id, secret="s", now=now)

    def test_ends_the_one_before(self, doctor, browser, elsewhere, lead, now):
        app = an_app(doctor.actor, now=now, proof=Proof.SECRET)

        renew_secret(actor=lead, app_id=app.app_id, secret="another", now=now)

        assert app.tokens(elsewhere, code_from(browser, app)).status_code == 401


class TestUse:
    def test_is_told_in_both_journals(self, app, lead, now):
        there = a_colleague(Role.PHARMACIST).organisation.id
        for act in (begin_use, end_use):
            act(actor=lead, app_id=app.app_id, organisation_id=there, now=now)

        for organisation_id in (there, lead.organisation_id):
            assert {"grants.use_begun", "grants.use_ended"} <= events_at(organisation_id)
        assert not AppUse.objects.filter(organisation_id=there).exists()

    def test_that_is_not_there_cannot_end(self, app, lead, now):
        there = a_colleague(Role.PHARMACIST).organisation.id

        with pytest.raises(AppNotFound):
            end_use(actor=lead, app_id=app.app_id, organisation_id=there, now=now)


class TestTakeBack:
    def test_of_nothing_is_refused(self, app, doctor, now):
        with pytest.raises(GrantNotFound):
            take_back(actor=doctor.actor, app_id=app.app_id, now=now)

    @pytest.mark.parametrize("address", ["/grants/end/", "/grants/launch/"])
    def test_and_launching_say_which_app(self, browser, address):
        assert browser.post(address, {}).status_code == 422

    def test_is_for_ones_own(self, app, browser, doctor):
        code_from(browser, app)
        colleague = signed_in_client(a_colleague(Role.GP, doctor.organisation))

        assert colleague.post("/grants/end/", {"app": str(app.app_id)}).status_code == 404
        assert "Voorbeeld-app" in browser.get("/grants/").content.decode()


def test_a_patients_page_offers_the_apps_that_are_started_from_it(app, browser, doctor, now):
    patient = a_patient(doctor.actor, now).patient_id
    colleague = a_colleague(Role.GP)
    theirs = a_patient(colleague.actor, now).patient_id

    assert str(app.app_id) in browser.get(f"/patients/{patient}/").content.decode()
    other = signed_in_client(colleague).get(f"/patients/{theirs}/").content.decode()
    assert str(app.app_id) not in other


def test_a_patient_can_read_that_an_app_was_let_look(app, browser, doctor, now):
    patient = a_patient(doctor.actor, now).patient_id
    browser.post(
        app.question(scope="launch/patient patient/Patient.rs"),
        {"decision": "yes", "patient": str(patient)},
    )

    shown = browser.get(f"/patients/{patient}/looks/").content.decode()

    assert "liet een app meekijken" in shown
