"""Pages of reports through the Django client."""

from datetime import timedelta

import pytest
from django.test import override_settings

from standvast.desk.incidents.api import FOLLOW_UP, RIGHTS_OF_INCIDENTS
from standvast.desk.incidents.testing import a_desk, all_rights
from standvast.desk.incidents.tests.golden import FILLINGS
from standvast.desk.reports.api import AuthorRole, follow_up_of, make_report, report_view
from standvast.desk.reports.contributions import RIGHTS_OF_REPORTS
from standvast.desk.reports.models import Action, StoredReport
from standvast.desk.reports.tests.test_operations import (  # noqa: F401 - a fixture
    MORNING,
    a_run,
    an_action,
    night,
)
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses():
    with override_settings(ROOT_URLCONF="standvast.desk.incidents.tests.test_pages"):
        yield


@pytest.fixture
def lead():
    with a_desk(
        *FILLINGS,
        all_rights(*RIGHTS_OF_INCIDENTS, *RIGHTS_OF_REPORTS),
        FOLLOW_UP.filled(follow_up_of),
    ) as found:
        yield found


@pytest.fixture
def desk(lead):
    return signed_in_client(lead)


@pytest.fixture
def report_id(night, lead):  # noqa: F811
    return make_report(
        incident_ids=[night],
        language="nl",
        author_role=AuthorRole.LEAD,
        actor=lead.actor,
        now=MORNING,
    )


class TestReports:
    def test_are_made_from_numbers_rewritten_and_approved(self, desk, lead, night):  # noqa: F811
        an_action(night, lead)
        made = desk.post(
            "/desk/reports/-/make/",
            {
                "numbers": "st-2024-001",
                "language": "nl",
                "form": "report",
                "author_role": "lead",
                "grade": "public",
            },
        )
        assert made.status_code == 303
        where = made.headers["Location"]
        assert desk.get(where).status_code == 200
        view = report_view(StoredReport.objects.get().id)
        blocks = {section.value: text for section, text in view.report.blocks.items()}

        wrong = desk.post(f"{where}save/", {**blocks, "impact": "17 mensen.", "version": 1})
        assert wrong.status_code == 303
        text = desk.get(where).content.decode()
        assert "17" in text
        assert "disabled" in text
        assert desk.post(f"{where}approve/", {"version": 2}).status_code == 409
        desk.post(f"{where}save/", {**blocks, "version": 2})
        assert desk.post(f"{where}approve/", {"version": 2}).status_code == 409
        assert desk.post(f"{where}approve/", {"version": 3}).status_code == 303
        assert StoredReport.objects.get().approved_at is not None

    @pytest.mark.parametrize(
        ("kind", "begin"), [("pdf", b"%PDF-"), ("md", b"# Storings"), ("html", b"<!doctype")]
    )
    def test_come_as_files(self, desk, report_id, kind, begin):
        answer = desk.get(f"/desk/reports/{report_id}/report.{kind}")
        assert answer.content.startswith(begin)
        assert f'ST-2024-001-nl.{kind}"' in answer.headers["Content-Disposition"]

    def test_come_as_no_other_file(self, desk, report_id):
        assert desk.get(f"/desk/reports/{report_id}/report.exe").status_code == 404

    def test_are_not_for_practices_and_only_the_lead_approves(self, lead, report_id):
        gp = signed_in_client(a_colleague(Role.GP))
        assert gp.get(f"/desk/reports/{report_id}/").status_code == 403
        assert gp.get("/desk/reports/").status_code == 403
        operator = signed_in_client(a_colleague(Role.OPERATOR, lead.organisation))
        answer = operator.post(f"/desk/reports/{report_id}/approve/", {"version": 1})
        assert answer.status_code == 403

    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_pages_speak_three_languages(self, lead, report_id, language):
        lead.person.language = language
        lead.person.save()
        client = signed_in_client(lead)
        assert client.get("/desk/reports/").status_code == 200
        assert client.get(f"/desk/reports/{report_id}/").status_code == 200

    def test_unknown_numbers_are_not_found(self, desk):
        data = {
            "numbers": "ST-1999-001",
            "language": "nl",
            "form": "letter",
            "author_role": "lead",
            "grade": "public",
        }
        assert desk.post("/desk/reports/-/make/", data).status_code == 404


class TestFollowUp:
    def test_is_recorded_and_closed_by_proof(self, desk, lead, night):  # noqa: F811
        data = {
            "number": "ST-2024-001",
            "kind": "prevent",
            "text": "Niet meer wachten op mail.",
            "owner": "producteigenaar",
            "due_on": "2024-07-01",
            "proof_kind": "drill",
            "proof": "opening-night",
        }
        assert desk.post("/desk/reports/-/action/", data).status_code == 303
        assert desk.post("/desk/reports/-/action/", {**data, "proof": ""}).status_code == 422
        action = Action.objects.get()
        close = f"/desk/reports/-/action/{action.id}/close/"
        assert desk.post(close).status_code == 409
        later = action.created_at + timedelta(minutes=1)
        a_run(lead, at=later, now=later)
        assert desk.post(close).status_code == 303
        assert "opening-night" in desk.get("/desk/reports/").content.decode()
