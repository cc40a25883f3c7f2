"""Targets that are apps: what goes along, who sees them, and what the desk may propose."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from standvast.care.launches.destinations.own_page import Form
from standvast.care.launches.models import Hour
from standvast.care.launches.operations.proposing import propose
from standvast.care.launches.queries.targets import targets_for
from standvast.care.launches.rules.addresses import TargetNotRight
from standvast.care.launches.rules.targets import Contract, Kind, check_draft
from standvast.care.launches.testing import a_draft, a_target, walked
from standvast.core.journal.api import who_looked
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.api import AppNotFound, begin_use, end_use, set_open
from standvast.registry.grants.models import App
from standvast.registry.grants.testing import an_app, code_from
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
STARTS = "https://app.example/launch"


@pytest.fixture(autouse=True)
def simulated(settings):
    settings.OUTSIDE = "http://127.0.0.1:1"


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD).actor


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def app(gp):
    return an_app(gp.actor, now=NOW, launch_url=STARTS)


@pytest.fixture
def patient(gp):
    return a_patient(gp.actor, NOW, family="Zonderling").patient_id


@pytest.fixture
def chart(lead, app):
    return a_target(lead, now=NOW, slug="growth-chart", address=STARTS, app=app.client_id)


@pytest.fixture
def roster(lead, app):
    told = {"address": "https://app.example/sign-in", "opens": "https://app.example/today"}
    return a_target(lead, now=NOW, slug="duty-roster", app=app.client_id, **told)


def pressed(who, address):
    answer = signed_in_client(who).post(address)
    assert answer.status_code == 200, answer.text
    form = Form()
    form.feed(answer.text)
    return form


def told_in(address):
    return {name: one for name, [one] in parse_qs(urlsplit(address).query).items()}


class TestASmartApp:
    def test_is_started_with_who_we_are_and_a_text_that_says_nothing(
        self, gp, patient, chart, settings
    ):
        there = pressed(gp, f"/launch/out/growth-chart/{patient}/")

        told = told_in(there.address)
        assert there.address.startswith(f"{STARTS}?")
        assert there.fields == []
        assert told["iss"] == f"{settings.ADDRESS}/fhir"
        assert told.keys() == {"iss", "launch"}
        assert len(told["launch"]) >= 43
        for said in (str(patient), "Zonderling", str(gp.person.id), str(gp.organisation.id)):
            assert said not in there.address

    def test_gets_that_patient_the_practice_and_the_task_with_its_tokens(
        self, gp, patient, chart, app
    ):
        launch = told_in(pressed(gp, f"/launch/out/growth-chart/{patient}/").address)["launch"]
        browser = signed_in_client(gp)
        scope = "launch openid fhirUser patient/Patient.rs"

        code = code_from(browser, app, scope=scope, launch=launch)
        told = app.tokens(Client(), code).json()

        assert told["patient"] == str(patient)
        assert told["tenant"] == str(gp.organisation.id)
        assert told["intent"] == "growth"

    def test_is_started_once_with_it_and_by_nobody_else(self, gp, patient, chart, app, lead):
        launch = told_in(pressed(gp, f"/launch/out/growth-chart/{patient}/").address)["launch"]
        asked = {"scope": "launch openid patient/Patient.rs", "launch": launch}
        colleague = a_colleague(Role.GP, gp.organisation)

        stolen = signed_in_client(colleague).post(app.question(**asked), {"decision": "yes"})
        assert "error=invalid_request" in stolen.text
        code_from(signed_in_client(gp), app, **asked)
        again = signed_in_client(gp).post(app.question(**asked), {"decision": "yes"})
        assert "error=invalid_request" in again.text

    def test_is_written_down_at_the_patient_and_counted(self, gp, patient, chart):
        pressed(gp, f"/launch/out/growth-chart/{patient}/")

        events = [
            one.event for one in who_looked("patients.patient", str(patient), gp.organisation.id)
        ]
        assert "launches.gone" in events
        assert Hour.objects.get(target_id=chart.target_id).count == 1

    def test_of_another_organisations_patient_is_not_started(self, gp, chart):
        theirs = a_patient(a_colleague(Role.GP).actor, NOW).patient_id

        answer = signed_in_client(gp).post(f"/launch/out/growth-chart/{theirs}/")

        assert answer.status_code == 404

    def test_is_greyed_alone_when_its_walk_is_red(self, gp, patient, chart, roster):
        walked("growth-chart", now=datetime.now(UTC), code="launches.refuses", status=403)

        page = signed_in_client(gp).get(f"/patients/{patient}/").text
        answer = signed_in_client(gp).post(f"/launch/out/growth-chart/{patient}/")

        assert page.count("offers__one--off") == 1
        assert answer.status_code == 503

    def test_that_moved_since_it_was_tried_is_not_started_where_nobody_tried(
        self, gp, patient, chart, app
    ):
        moved = "https://app.example/elsewhere"
        App.objects.filter(id=app.app_id).update(launch_url=moved)

        answer = signed_in_client(gp).post(f"/launch/out/growth-chart/{patient}/")

        assert answer.status_code == 409
        assert moved not in answer.text


class TestAnAppThatSignsInWithUs:
    def test_is_told_who_we_are_and_what_to_open_and_not_who_comes(self, gp, roster, settings):
        there = pressed(gp, "/launch/out/duty-roster/")

        assert there.address.startswith("https://app.example/sign-in?")
        assert told_in(there.address) == {
            "iss": settings.ADDRESS,
            "target_link_uri": "https://app.example/today",
        }


class TestWhoSees:
    def test_only_those_who_use_the_app(self, gp, chart, roster):
        other = a_colleague(Role.GP)

        assert len(targets_for(gp.organisation.id)) == 2
        assert targets_for(other.organisation.id) == ()
        assert signed_in_client(other).post("/launch/out/duty-roster/").status_code == 404

    def test_nobody_any_more_once_the_use_ended_or_the_app_closed(self, gp, chart, app):
        used = {"app_id": app.app_id, "organisation_id": gp.organisation.id}
        end_use(actor=gp.actor, **used, now=NOW)
        assert targets_for(gp.organisation.id) == ()

        begin_use(actor=gp.actor, **used, now=NOW)
        assert len(targets_for(gp.organisation.id)) == 1
        set_open(actor=gp.actor, app_id=app.app_id, is_open=False, now=NOW)
        assert targets_for(gp.organisation.id) == ()

    def test_one_button_for_an_app_that_is_a_target_and_the_other_card_for_the_rest(
        self, gp, patient, chart, app
    ):
        an_app(gp.actor, now=NOW, title="Andere app")

        page = signed_in_client(gp).get(f"/patients/{patient}/").text

        assert page.count(f'value="{app.app_id}"') == 0
        assert "Groeicurve" in page
        assert "Andere app" in page


class TestWhatTheDeskProposes:
    def test_is_an_app_that_it_registered_and_not_closed(self, lead, app, gp):
        with pytest.raises(AppNotFound):
            self.proposed(lead, app="nothing")

        set_open(actor=gp.actor, app_id=app.app_id, is_open=False, now=NOW)
        with pytest.raises(AppNotFound):
            self.proposed(lead, app=app.client_id)

    def test_is_started_where_it_was_registered_to_be(self, lead, app):
        with pytest.raises(TargetNotRight):
            self.proposed(lead, app=app.client_id, address="https://evil.example/launch")

    def test_may_ask_for_what_it_needs(self, lead, gp):
        plain = an_app(gp.actor, now=NOW, launch_url=STARTS, scopes="openid profile")

        with pytest.raises(TargetNotRight):
            self.proposed(lead, app=plain.client_id)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"app": ""},
            {"claims": {"a": "user"}},
            {"opens": "https://app.example/x"},
            {"contract": Contract(marker="x", echoes=("context.family",))},
            {"kind": Kind.SIGNED, "claims": {"a": "user"}, "contract": Contract(marker="x")},
            {"kind": Kind.OPENID, "opens": "https://evil.example/"},
            {"kind": Kind.OPENID, "opens": "http://app.example/"},
        ],
    )
    def test_hangs_together(self, wrong):
        draft = {"address": STARTS, "app": "growth-chart", **wrong}

        with pytest.raises(TargetNotRight):
            check_draft(a_draft("growth-chart", **draft))

    @staticmethod
    def proposed(lead, **told):
        draft = a_draft("growth-chart", **{"address": STARTS, **told})
        return propose(actor=lead, slug="growth-chart", draft=draft, now=NOW)
