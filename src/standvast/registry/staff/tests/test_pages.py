"""The pages of the staff: happy, refused, not mine, and how many questions they ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from standvast.kit.wiring import rewired
from standvast.registry.access.models import Membership
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.people.models import AddressDoubt
from standvast.registry.staff.contributions import COLLEAGUE_CARDS
from standvast.registry.staff.models import Request

pytestmark = pytest.mark.django_db
ASKED = {
    "name": "Jan Jansen",
    "email": "jan@praktijk.example",
    "mobile": "0612345678",
    "role": "assistant",
}
REQUESTS = "/staff/requests/"


@pytest.fixture
def gp():
    return a_colleague(language="en", name="Dokter Een")


@pytest.fixture
def assistant(gp):
    return a_colleague(Role.ASSISTANT, gp.organisation, language="en", name="Sanne")


def page_of(who):
    return reverse("staff:colleague", args=[Membership.objects.get(person=who.person).id])


class TestRequests:
    def test_an_assistant_asks_and_the_gp_invites(self, gp, assistant):
        client, manager = signed_in_client(assistant), signed_in_client(gp)

        assert client.post(REQUESTS, ASKED).status_code == 303
        seen = client.get(REQUESTS).content.decode()
        assert "waits for an answer" in seen
        assert "Mail an invitation to" not in seen
        assert "Mail an invitation to Jan Jansen" in manager.get(REQUESTS).content.decode()

        asked = Request.objects.get()
        assert client.post(reverse("staff:invite", args=[asked.id])).status_code == 403
        assert manager.post(reverse("staff:invite", args=[asked.id])).status_code == 303
        assert "invited" in client.get(REQUESTS).content.decode()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"mobile": ""}, "required"),
            ({"mobile": "030 2345678"}, "This is no mobile number."),
            ({"role": "operator"}, "operator"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, assistant, wrong, said):
        answer = signed_in_client(assistant).post(REQUESTS, {**ASKED, **wrong})

        assert answer.status_code == 422
        assert "jan@praktijk.example" in answer.content.decode()
        assert Request.objects.count() == 0

    def test_a_no_needs_its_reason(self, gp, assistant):
        signed_in_client(assistant).post(REQUESTS, ASKED)
        there = reverse("staff:decline", args=[Request.objects.get().id])
        manager = signed_in_client(gp)

        assert manager.post(there, {"reason": ""}).status_code == 422
        assert manager.post(there, {"reason": "Not before January"}).status_code == 303
        assert "Not before January" in manager.get(REQUESTS).content.decode()

    def test_takes_few_questions(self, gp, django_assert_max_num_queries):
        client = signed_in_client(gp)
        for number in range(8):
            client.post(REQUESTS, {**ASKED, "email": f"{number}@x.example"})

        with django_assert_max_num_queries(15):
            client.get(REQUESTS)


class TestColleague:
    def test_says_what_they_do_and_when(self, gp, assistant):
        client = signed_in_client(assistant)
        said = {"functions": ["assistant", "manager"], "workdays": ["0", "3"]}

        assert client.post(page_of(assistant), said).status_code == 303

        shown = signed_in_client(gp).get(reverse("access:staff")).content.decode()
        assert "practice assistant, practice manager" in shown

    def test_four_functions_are_too_many(self, assistant):
        said = {"functions": ["assistant", "manager", "gp", "locum"], "workdays": ["0"]}

        answer = signed_in_client(assistant).post(page_of(assistant), said)

        assert answer.status_code == 422
        assert "Choose at most 3 functions." in answer.content.decode()

    def test_an_absence_shows_on_the_list(self, gp, assistant):
        today = datetime.now(UTC).date()
        days = {"from_on": today - timedelta(1), "until_on": today + timedelta(3)}
        client = signed_in_client(assistant)

        assert client.post(page_of(assistant) + "absences/", days).status_code == 303
        again = client.post(page_of(assistant) + "absences/", days)

        assert again.status_code == 422
        assert "absent until" in signed_in_client(gp).get("/access/staff/").content.decode()

    def test_a_colleague_may_look_and_not_change(self, gp, assistant):
        client = signed_in_client(assistant)

        assert f'action="{page_of(gp)}' not in client.get(page_of(gp)).content.decode()
        assert client.post(page_of(gp), {"functions": ["gp"]}).status_code == 403

    def test_somebody_elsewhere_is_not_there(self, assistant):
        assert signed_in_client(a_colleague()).get(page_of(assistant)).status_code == 404

    def test_leaves_a_place_for_what_others_know(self, gp):
        asked = []
        with rewired(COLLEAGUE_CARDS.filled(lambda *whom: asked.append(whom[2]))):
            signed_in_client(gp).get(page_of(gp))

        assert asked == [gp.person.id]


class TestStaffPage:
    def test_warns_who_manages_of_a_doubtful_address(self, gp, assistant):
        AddressDoubt.objects.create(
            person=assistant.person, email=assistant.person.email, doubted_at=datetime.now(UTC)
        )

        assert "mail may not arrive" in signed_in_client(gp).get("/access/staff/").content.decode()
        seen = signed_in_client(assistant).get("/access/staff/").content.decode()
        assert "mail may not arrive" not in seen
