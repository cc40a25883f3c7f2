"""Pages of releases through the Django client."""

import pytest

from standvast.desk.releases.models import BrokenGlass, OutsideChange, Release, StoredEvidence
from standvast.desk.releases.operations.planning import change_build
from standvast.desk.releases.rules.states import State
from standvast.desk.releases.tests.golden import DIGEST, EARLIER, at
from standvast.desk.releases.tests.test_operations import planned, show_all
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client

pytestmark = pytest.mark.django_db
ONE = "/desk/releases/5.85/"


@pytest.fixture
def desk(lead):
    lead.person.language = "en"
    lead.person.save()
    return signed_in_client(lead)


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestTheRegister:
    def test_says_when_a_release_may_start_and_what_it_is_for(self, desk):
        page = said(desk.get("/desk/releases/"))

        assert "A release may start from" in page
        assert "Plan the first release" in page

    def test_a_build_is_planned_from_the_page(self, desk):
        answer = desk.post(
            "/desk/releases/-/plan/",
            {"version": "5.85", "digest": DIGEST, "planned_at": "2026-05-12T22:00"},
        )

        assert answer.headers["Location"] == ONE
        assert Release.objects.get().planned_at == at("05-12 22:00")

    def test_a_half_plan_stands_with_its_faults(self, desk):
        answer = desk.post("/desk/releases/-/plan/", {"version": "5.85", "digest": "a"})

        assert answer.status_code == 422
        assert '<details id="act-plan" open>' in said(answer)

    def test_a_change_of_a_supplier_is_recorded(self, desk):
        sent = {"whose": "Accounts Ltd", "what": "x", "at": "2026-05-12T09:00", "source": "mail"}
        desk.post("/desk/releases/-/outside/", sent)

        assert OutsideChange.objects.get().at == at("05-12 09:00")
        assert desk.post("/desk/releases/-/outside/", {}).status_code == 422


class TestOneRelease:
    def test_a_late_change_is_told_at_every_gate(self, desk, lead):
        planned(lead)
        show_all(lead)
        assert "The build changed since this was shown" not in said(desk.get(ONE))

        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=at("05-11 17:00"))

        assert said(desk.get(ONE)).count("The build changed since this was shown") >= 7

    def test_a_start_that_is_refused_says_why_and_starts_nothing(self, desk, lead):
        planned(lead)
        answer = desk.post(f"{ONE}start/")

        assert answer.status_code == 409
        assert "Nothing was shown yet." in said(answer)
        assert Release.objects.get().state == State.PLANNED

    def test_broken_glass_stands_above_everything(self, desk, lead):
        planned(lead)
        names = {"first_name": "Anneke Smit", "second_name": "Bart Mulder", "reason": "Sign-in"}
        desk.post(f"{ONE}break-glass/", names)

        assert BrokenGlass.objects.get().digest == DIGEST
        assert "The glass was broken by Anneke Smit and Bart Mulder: Sign-in" in said(desk.get(ONE))
        assert desk.post(f"{ONE}break-glass/", {}).status_code == 422

    def test_a_build_goes_down_the_road_from_its_page(self, desk, lead):
        planned(lead)
        assert desk.post(f"{ONE}finish-in/", {"place": "test"}).status_code == 409
        assert desk.post(f"{ONE}start-in/", {"place": "production"}).status_code == 422
        assert "being tried" not in said(desk.get(ONE))

        desk.post(f"{ONE}start-in/", {"place": "test"})
        assert "being tried" in said(desk.get(ONE))
        desk.post(f"{ONE}finish-in/", {"place": "test"})

        assert "This build was not finished in acceptance." in said(desk.get(ONE))

    def test_the_calendar_of_others_is_looked_at_from_its_page(self, desk, lead):
        planned(lead)
        desk.post(f"{ONE}calendar/")

        assert StoredEvidence.objects.get().gate == "outside"

    def test_approving_is_for_the_lead_who_did_not_build_it(self, desk, lead):
        planned(lead)
        operator = signed_in_client(a_colleague(Role.OPERATOR))
        other = signed_in_client(a_colleague(Role.OPERATOR_LEAD))

        assert operator.post(f"{ONE}approve/").status_code == 403
        assert desk.post(f"{ONE}approve/").status_code == 409
        assert other.post(f"{ONE}approve/").status_code == 303
        assert Release.objects.get().approved_by is not None

    def test_what_is_not_there_is_not_found(self, desk, lead):
        planned(lead)
        assert desk.get("/desk/releases/0.0/").status_code == 404
        assert desk.post(f"{ONE}dance/").status_code == 404
