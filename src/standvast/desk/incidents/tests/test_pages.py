"""Pages through the Django client: each happy, refused and not for others."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from django.urls import include, path

from standvast.desk.incidents.api import (
    PAGE_LANE,
    RAIL_OF_INCIDENTS,
    RIGHTS_OF_INCIDENTS,
    Severity,
    override_severity,
    record_call,
)
from standvast.desk.incidents.models import Call, Duty, Incident
from standvast.desk.incidents.pages.acts import ACTS
from standvast.desk.incidents.testing import a_desk, all_rights
from standvast.desk.incidents.tests.golden import FILLINGS, replay
from standvast.project import urls as project_urls
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.testing import an_organisation

pytestmark = [pytest.mark.django_db]
BSN = "111222333"


def _names():
    return {getattr(entry, "app_name", None) for entry in project_urls.urlpatterns}


urlpatterns = [
    *project_urls.urlpatterns,
    *(
        path("", include(f"standvast.desk.{name}.urls"))
        for name in ("incidents", "reports")
        if name not in _names()
    ),
]


@pytest.fixture(autouse=True)
def addresses():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def lead():
    from standvast.desk.reports.contributions import RIGHTS_OF_REPORTS

    with a_desk(*FILLINGS, all_rights(*RIGHTS_OF_INCIDENTS, *RIGHTS_OF_REPORTS)) as found:
        yield found


@pytest.fixture
def desk(lead):
    return signed_in_client(lead)


@pytest.fixture
def gp(lead):
    return signed_in_client(a_colleague(Role.GP))


def incident_of(lead, case="000-2"):
    return replay(case, lead).incident("consults")


class TestLists:
    def test_an_empty_desk_says_what_it_is_for(self, desk):
        answer = desk.get("/desk/incidents/")
        assert answer.status_code == 200
        assert "/desk/incidents/new-call/" in answer.content.decode()

    def test_ranks_open_work(self, desk, lead):
        replay("001-13", lead)
        text = desk.get("/desk/incidents/-/now/").content.decode()
        assert text.index("ST-2026-005") < text.index("ST-2026-001")

    @pytest.mark.parametrize("where", ["", "-/now/", "-/duty/", "new-call/", "ST-2023-001/"])
    def test_is_not_for_practices(self, gp, lead, where):
        incident_of(lead)
        assert gp.get(f"/desk/incidents/{where}").status_code == 403

    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_speaks_three_languages(self, lead, language):
        lead.person.language = language
        lead.person.save()
        incident_of(lead)
        client = signed_in_client(lead)
        for where in ("", "ST-2023-001/", "new-call/", "-/duty/"):
            assert client.get(f"/desk/incidents/{where}").status_code == 200


class TestOneIncident:
    def test_shows_timeline_calls_and_every_act(self, desk, lead):
        incident_of(lead, "000-5")
        text = desk.get("/desk/incidents/ST-2023-001/").content.decode()
        for name in set(ACTS) - {"acknowledge", "without-report", "walk"}:
            assert f"/ST-2023-001/{name}/" in text, name

    def test_costs_a_bounded_number_of_queries(self, desk, lead, django_assert_max_num_queries):
        incident_of(lead, "000-5")
        with django_assert_max_num_queries(60):
            desk.get("/desk/incidents/ST-2023-001/")

    def test_an_unknown_number_is_not_found(self, desk):
        assert desk.get("/desk/incidents/ST-2023-999/").status_code == 404

    def test_shows_rule_and_override_beside_each_other(self, desk, lead):
        incident = incident_of(lead)
        override_severity(
            incident_id=incident.id,
            severity=Severity.MINOR,
            reason="Eén praktijk meldt zich af.",
            actor=lead.actor,
            now=datetime(2023, 8, 19, 16, tzinfo=UTC),
        )
        lead.person.language = "en"
        lead.person.save()
        text = signed_in_client(lead).get("/desk/incidents/ST-2023-001/").content.decode()
        assert "Set by hand; the rule says Critical: 2 callers." in text

    def test_escapes_what_callers_say(self, desk, lead):
        record_call(
            actor=lead.actor,
            via="phone",
            component="mail",
            text="<script>alert(1)</script>",
            contact="030-1234567",
            now=datetime.now(UTC),
        )
        number = Incident.objects.get().number
        text = desk.get(f"/desk/incidents/{number}/").content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;" in text


class TestActs:
    @pytest.fixture
    def now_open(self, lead):
        taken = record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="Geen gesprekken.",
            contact="030-1234567",
            now=datetime.now(UTC) - timedelta(minutes=1),
        )
        return taken.number

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("acknowledge", {}),
            ("entry", {"kind": "note", "text": "Gezien."}),
            ("entry", {"kind": "attempt_without_effect", "text": "Herstart."}),
            ("news", {"nl": "We zoeken de oorzaak."}),
            ("cause", {"trigger": "Proxy viel uit", "cause": "Eén proxy voor alles"}),
            ("severity", {"severity": "minor", "reason": "Een proef."}),
            ("scope", {"variants": "e-consult", "used_percent": "2", "reason": "Alleen dit."}),
            ("mitigation", {"kind": "workaround", "text": "Bel.", "rest_is_listed": "on"}),
            ("undertake", {"to": "posten", "due_at": "2099-01-01T09:00"}),
            ("round", {}),
            ("milestone", {"step": "registratie", "confirmed_by": "Sciensano"}),
            (
                "recovery",
                {
                    "lane": "mail",
                    "expected": 2,
                    "sent": 1,
                    "confirmed": 1,
                    "refused": 0,
                    "refused_owned": 0,
                },
            ),
            ("handling", {"team": "platform"}),
            ("walk", {"variant": ""}),
        ],
    )
    def test_leads_back_to_the_incident(self, desk, now_open, name, data):
        answer = desk.post(f"/desk/incidents/{now_open}/{name}/", data)
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"/desk/incidents/{now_open}/",
        )
        assert desk.get(f"/desk/incidents/{now_open}/").status_code == 200

    @pytest.mark.parametrize(
        ("name", "data", "status"),
        [
            ("entry", {"kind": "note", "text": ""}, 422),
            ("entry", {"kind": "call", "text": "x"}, 422),
            ("entry", {"kind": "note", "text": f"BSN {BSN}"}, 422),
            ("move", {"target": "solved"}, 409),
            ("move", {"target": "elsewhere"}, 422),
            ("undertake", {"to": "posten", "due_at": "2001-01-01T09:00"}, 422),
            ("merge", {"number": "ST-1999-001"}, 404),
            ("dance", {}, 404),
        ],
    )
    def test_refuses_with_the_right_status_and_changes_nothing(
        self, desk, now_open, name, data, status
    ):
        before = Incident.objects.values().get()
        assert desk.post(f"/desk/incidents/{now_open}/{name}/", data).status_code == status
        assert Incident.objects.values().get() == before

    def test_is_not_for_practices(self, gp, now_open):
        answer = gp.post(f"/desk/incidents/{now_open}/acknowledge/")
        assert answer.status_code == 403
        assert Incident.objects.get().state == "reported"


class TestNewCall:
    def test_takes_a_call_and_shows_its_incident(self, desk):
        practice = an_organisation(name="Praktijk De Linde")
        data = {
            "component": "consults",
            "text": "Geen gesprekken.",
            "via": "phone",
            "organisation": str(practice.id),
        }
        answer = desk.post("/desk/incidents/new-call/", data)
        assert answer.status_code == 303
        assert Call.objects.get().organisation_id == practice.id

    def test_finds_organisations_while_typing(self, desk):
        an_organisation(name="Praktijk De Zonnewijzer")
        text = desk.get("/desk/incidents/-/organisations/?q=zonnew").content.decode()
        assert "De Zonnewijzer" in text

    @pytest.mark.parametrize(
        "data",
        [
            {"component": "consults", "text": f"Patiënt {BSN}", "via": "phone", "contact": "x"},
            {"component": "consults", "text": "Stuk.", "via": "phone"},
            {"component": "nothing", "text": "Stuk.", "via": "phone", "contact": "x"},
        ],
    )
    def test_says_why_a_call_is_not_kept(self, desk, data):
        answer = desk.post("/desk/incidents/new-call/", data)
        assert answer.status_code == 422
        assert not Call.objects.exists()


class TestReportAProblem:
    def test_is_for_practices_and_counts_once_for_one_form(self, gp):
        form = gp.get("/help/report/").content.decode()
        key = re.search(r'name="key" value="([0-9a-f]+)"', form)[1]
        data = {"component": "mail", "text": "Geen mail.", "key": key}
        for _ in range(2):
            answer = gp.post("/help/report/", data)
            assert answer.status_code == 303
        assert gp.get(answer.headers["Location"]).status_code == 200
        assert Call.objects.count() == 1

    def test_shows_no_internal_component(self, gp):
        assert "release-line" not in gp.get("/help/report/").content.decode()

    def test_says_why_a_text_is_not_kept(self, gp):
        data = {"component": "mail", "text": f"Patiënt {BSN}", "key": "a"}
        answer = gp.post("/help/report/", data)
        assert answer.status_code == 422
        assert BSN not in answer.content.decode().replace(f">Patiënt {BSN}", "").replace(
            f"\nPatiënt {BSN}", ""
        )
        assert not Call.objects.exists()


class TestDuty:
    def test_adds_and_ends_a_duty(self, desk, lead):
        data = {
            "role": "first_line",
            "person": str(lead.person.id),
            "address": "duty@desk.example",
            "from_at": "2099-01-01T09:00",
            "until_at": "2099-01-02T09:00",
        }
        assert desk.post("/desk/incidents/-/duty/", data).status_code == 303
        duty = Duty.objects.get()
        assert "duty@desk.example" in desk.get("/desk/incidents/-/duty/").content.decode()
        assert desk.post(f"/desk/incidents/-/duty/{duty.id}/end/").status_code == 303
        assert not Duty.objects.exists()

    def test_refuses_a_duty_without_length(self, desk, lead):
        data = {
            "role": "first_line",
            "person": str(lead.person.id),
            "address": "duty@desk.example",
            "from_at": "2099-01-02T09:00",
            "until_at": "2099-01-01T09:00",
        }
        assert desk.post("/desk/incidents/-/duty/", data).status_code == 422


def test_contributions_name_pages_and_rights_that_exist():
    names = {right.name for right in RIGHTS_OF_INCIDENTS}
    assert {item.right for item in RAIL_OF_INCIDENTS} <= names
    assert PAGE_LANE.name == "desk.page"


class TestDeskHome:
    def test_names_what_is_open_though_every_probe_is_green(self, lead, desk):
        incident = incident_of(lead)

        text = desk.get("/desk/", headers={"Accept-Language": "en"}).text

        assert incident.number in text
        assert f"/desk/incidents/{incident.number}/" in text
