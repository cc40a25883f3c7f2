"""The page "Lanes": what it shows, what it lets people do, what it never shows."""

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.urls import include, path, reverse

from standvast.core.delivery.api import LANES, enqueue, receipt_of
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.testing import MONDAY_9H, fake_lane
from standvast.core.journal.models import JournalEntry
from standvast.desk.lanes.api import RIGHTS as LANE_RIGHTS
from standvast.kit.wiring import rewired, wired
from standvast.registry.access.api import RIGHTS, Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.web.api import BELL, RAIL

pytestmark = pytest.mark.django_db
SECRET = "Janssen heeft griep"
urlpatterns = [
    path("", include("standvast.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("standvast.registry.people.urls")),
    path("", include("standvast.registry.access.urls")),
    path("", include("standvast.desk.lanes.urls")),
]


@pytest.fixture(autouse=True)
def ground():
    others = [right for right in wired(RIGHTS) if not right.name.startswith("desk.lanes")]
    with (
        override_settings(ROOT_URLCONF=__name__),
        rewired(
            LANES.filled(fake_lane("post", title="Sleutelpost")),
            RIGHTS.filled(*others, *LANE_RIGHTS),
            RAIL.filled(),
            BELL.filled(),
        ),
    ):
        yield


@pytest.fixture
def operator():
    return a_colleague(Role.OPERATOR)


@pytest.fixture
def client(operator):
    return signed_in_client(operator)


def a_delivery(key="order-1", *, state="waiting", reason_code="", lane="post"):
    with transaction.atomic():
        enqueue(lane=lane, subject=key, key=key, payload={"text": SECRET}, now=MONDAY_9H)
    if state == "refused":
        Delivery.objects.filter(key=key).update(
            state="refused", is_open=False, settled_at=MONDAY_9H, reason_code=reason_code
        )
    return Delivery.objects.get(key=key)


def told():
    return list(JournalEntry.objects.order_by("position").values_list("event", flat=True))


class TestAllLanes:
    def test_shows_each_lane_with_its_state(self, client):
        a_delivery(state="refused", reason_code="smtp.550")

        page = client.get(reverse("lanes:all")).content.decode()

        assert "Sleutelpost" in page
        assert reverse("lanes:one", args=["post"]) in page

    def test_shows_what_nobody_drains(self, client):
        LaneFlow.objects.create(lane="forgotten", depth_count=3, depth_max=10)

        page = client.get(reverse("lanes:all")).content.decode()

        assert "forgotten" in page
        assert "badge--harm" in page

    def test_says_what_lanes_are_for_when_there_are_none(self, client):
        with rewired(LANES.filled()):
            answer = client.get(reverse("lanes:all"))

        assert answer.status_code == 200
        assert 'class="empty"' in answer.content.decode()

    def test_asks_few_questions_of_the_database(self, client, django_assert_max_num_queries):
        client.get(reverse("lanes:all"))

        with django_assert_max_num_queries(14):
            client.get(reverse("lanes:all"))

    def test_is_not_for_a_practice(self):
        answer = signed_in_client(a_colleague()).get(reverse("lanes:all"))

        assert answer.status_code == 403

    def test_refreshes_only_its_figures(self, client):
        answer = client.get(reverse("lanes:all_now"), headers={"HX-Request": "true"})

        assert "<html" not in answer.content.decode()


class TestOneLane:
    def test_shows_what_needs_a_person_and_why_but_never_what_it_carries(self, client):
        delivery = a_delivery(state="refused", reason_code="delivery.gave_up")

        pages = [
            client.get(reverse("lanes:one", args=["post"])).content.decode(),
            client.get(reverse("lanes:delivery", args=[delivery.id])).content.decode(),
        ]

        assert "order-1" in pages[0]
        assert all(SECRET not in page for page in pages)

    def test_knows_no_lane_that_is_not_there(self, client):
        assert client.get(reverse("lanes:one", args=["nowhere"])).status_code == 404

    def test_knows_no_delivery_that_is_not_there(self, client):
        assert client.get(reverse("lanes:delivery", args=[404404])).status_code == 404

    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_can_be_read_in_each_language(self, client, language):
        a_delivery()
        client.cookies["standvast_language"] = language

        answer = client.get(reverse("lanes:one", args=["post"]), HTTP_ACCEPT_LANGUAGE=language)

        assert answer.status_code == 200


class TestActs:
    def test_pause_and_resume_are_journaled_with_who(self, client, operator):
        client.post(reverse("lanes:pause", args=["post"]), {"why": "mail server is moved"})
        flow = LaneFlow.objects.get()
        assert (flow.is_paused, flow.paused_by) == (True, operator.person.id)
        assert (
            "mail server is moved"
            in client.get(reverse("lanes:one", args=["post"])).content.decode()
        )

        answer = client.post(reverse("lanes:resume", args=["post"]))

        assert answer.status_code == 303
        assert not LaneFlow.objects.get().is_paused
        assert told() == ["lanes.paused", "lanes.resumed"]
        assert JournalEntry.objects.first().person_id == operator.person.id

    def test_a_pause_says_why(self, client):
        answer = client.post(reverse("lanes:pause", args=["post"]), {"why": " "})

        assert answer.status_code == 422
        assert not LaneFlow.objects.filter(is_paused=True).exists()
        assert told() == []

    def test_retries_one(self, client):
        delivery = a_delivery(state="refused", reason_code="smtp.550")

        client.post(reverse("lanes:retry", args=[delivery.id]))

        assert receipt_of("post", "order-1").state == "waiting"
        assert told() == ["lanes.delivery_retried"]

    def test_retries_all(self, client):
        for number in range(3):
            a_delivery(f"order-{number}", state="refused", reason_code="smtp.550")

        client.post(reverse("lanes:retry_all", args=["post"]))

        assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
        assert told() == ["lanes.lane_retried"]

    def test_hands_over_with_who_and_why(self, client):
        delivery = a_delivery()

        client.post(
            reverse("lanes:hand_over", args=[delivery.id]),
            {"handed_to": "Team post", "why": "called the practice"},
        )

        view = receipt_of("post", "order-1")
        assert (view.state, view.handed_to, view.note) == (
            "refused", "Team post", "called the practice",
        )  # fmt: skip
        assert told() == ["lanes.handed_over"]

    def test_will_not_hand_over_what_has_arrived(self, client):
        delivery = a_delivery()
        Delivery.objects.update(state="accepted", is_open=False, settled_at=MONDAY_9H)

        answer = client.post(
            reverse("lanes:hand_over", args=[delivery.id]), {"handed_to": "x", "why": "y"}
        )

        assert answer.status_code == 409
        assert told() == []

    @pytest.mark.parametrize("act", ["pause", "resume", "retry_all"])
    def test_are_not_for_a_practice(self, act):
        practice = signed_in_client(a_colleague())

        answer = practice.post(reverse(f"lanes:{act}", args=["post"]), {"why": "because"})

        assert answer.status_code == 403
        assert not LaneFlow.objects.exists()

    def test_will_not_do_it_twice_at_once(self, client):
        delivery = a_delivery()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_delivery SET state = 'leased', lease_token = gen_random_uuid(), "
                "lease_expires_at = now() + interval '1 minute'"
            )

        answer = client.post(reverse("lanes:retry", args=[delivery.id]))

        assert answer.status_code == 409
