"""The page of the draw."""

import pytest
from django.urls import include, path

from standvast.core.lobby.api import COOKIE, draw_if_due, make_pass, place_view
from standvast.core.lobby.models import Lobby
from standvast.core.lobby.operations.night import witness
from standvast.core.lobby.testing import crowd, lobby_at
from standvast.core.lobby.tests.conftest import AFTER, BEFORE, START
from standvast.kit.wiring import rewired
from standvast.web.api import BELL, NOTICES, RAIL, WHO

urlpatterns = [
    path("", include("standvast.web.urls")),
    path("", include("standvast.core.lobby.urls")),
]


@pytest.fixture(autouse=True)
def alone(settings):
    """The lobby's addresses and nobody else's, whatever the project includes."""
    settings.ROOT_URLCONF = __name__
    with rewired(WHO.filled(), RAIL.filled(), BELL.filled(), NOTICES.filled()):
        yield


@pytest.mark.django_db
class TestProofPage:
    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_shows_what_is_fixed_before_and_after_the_draw(self, client, language):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 7, drawn=False)
        headers = {"Accept-Language": language}
        before = client.get("/lobby/night/proof", headers=headers)
        witness(lobby_id, BEFORE)
        crowd(lobby_id, 1)
        after = client.get("/lobby/night/proof", headers=headers)

        seed = after.content.decode()
        assert before.status_code == after.status_code == 200
        assert before.headers["Content-Language"] == language
        assert "/lobby/night/proof.json" in seed
        assert before.content != after.content

    def test_says_that_nothing_was_drawn_where_nobody_had_come_and_does_not_say_closed(
        self, client
    ):
        lobby_at(START)
        draw_if_due(AFTER)

        text = client.get("/lobby/night/proof", headers={"Accept-Language": "en"}).content.decode()

        assert "Nothing was drawn: nobody had joined before the opening." in text
        assert "closed" not in text

    def test_shows_the_own_ticket_to_who_has_a_pass_and_to_nobody_else(self, client, settings):
        one, other = crowd(lobby_at(START), 2)
        lobby_id = Lobby.objects.get().id
        place = place_view("night", one)

        def shown(organisation_id, session="s"):
            client.cookies.clear()
            client.cookies[settings.SESSION_COOKIE_NAME] = session
            client.cookies[COOKIE + "night"] = make_pass(
                lobby_id=lobby_id, organisation_id=organisation_id, session_key="s",
                expires_at=START,
            )  # fmt: skip
            return client.get("/lobby/night/proof").content.decode()

        assert place.ticket in shown(one)
        assert place.ticket not in shown(other)
        assert place.ticket not in shown(one, session="t")
        assert place.ticket not in client.get("/lobby/night/proof").content.decode()

    def test_asks_little_of_the_database(self, client, django_assert_max_num_queries):
        crowd(lobby_at(START), 500)

        with django_assert_max_num_queries(3):
            client.get("/lobby/night/proof")

    def test_knows_no_other(self, client):
        assert client.get("/lobby/unknown/proof").status_code == 404
        assert client.post("/lobby/unknown/proof").status_code in (403, 405)
