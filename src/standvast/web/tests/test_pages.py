import uuid

import pytest

from standvast.kit.actor import Actor
from standvast.kit.wiring import rewired
from standvast.web.api import MAY, NOTICES, RAIL, TILES, WHO, RailItem, Tile, Who
from standvast.web.icons import IconMissing, icon


@pytest.mark.django_db
class TestGallery:
    def test_shows_every_part(self, client):
        answer = client.get("/web/gallery/")

        assert answer.status_code == 200
        assert b"<style" not in answer.content
        assert b" style=" not in answer.content
        assert b"onclick" not in answer.content

    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_speaks_the_browsers_language(self, client, language):
        answer = client.get("/web/gallery/", headers={"Accept-Language": language})

        assert answer.headers["Content-Language"] == language


WHO_NOBODY = Who(name="Noor")
ACTOR = Actor(uuid.uuid4(), uuid.uuid4(), "gp")
WHO_AT_WORK = Who(name="Noor", actor=ACTOR, organisation="De Linde", switch_url="/", leave_url="/")


class TestFirstPage:
    def test_strangers_sign_in_and_come_back(self, client):
        with rewired(WHO.filled()):
            answer = client.get("/")

        assert answer.status_code == 302
        assert answer.headers["Location"] == "/accounts/login/?next=/"

    def test_who_works_nowhere_is_told_whom_to_ask(self, client):
        with rewired(WHO.filled(lambda _: WHO_NOBODY)):
            answer = client.get("/", headers={"Accept-Language": "nl"})

        assert "U werkt nog nergens" in answer.content.decode()

    def test_shows_tiles_and_only_the_services_one_has_a_right_to(self, client):
        tile = Tile("Orders", "Your order <b>stands</b>.", "/x/")
        mine = RailItem("Mine", "web:language", "see", "syringe", lambda _: 1200)
        other = RailItem("Other", "web:screen", "never", "siren")

        with rewired(
            WHO.filled(lambda _: WHO_AT_WORK),
            MAY.filled(lambda _, right: right == "see"),
            RAIL.filled(mine, other),
            TILES.filled(lambda _actor, _now: [tile]),
            NOTICES.filled(),
        ):
            text = client.get("/", headers={"Accept-Language": "nl"}).content.decode()

        assert "Mine" in text
        assert "1.200" in text
        assert "Other" not in text
        assert "&lt;b&gt;stands" in text

    def test_the_rail_says_where_one_is(self, client):
        items = RailItem("Gallery", "web:gallery", "", "eye")

        with rewired(WHO.filled(lambda _: WHO_AT_WORK), RAIL.filled(items), NOTICES.filled()):
            text = client.get("/web/gallery/").content.decode()

        assert text.count('aria-current="page"') == 2  # the rail, and a tab of the gallery
        assert 'href="/web/gallery/" aria-current="page"' in text


def test_an_icon_that_is_not_taken_is_an_error():
    with pytest.raises(IconMissing):
        icon("unicorn")


class TestWayBack:
    def test_leads_to_the_page_on_which_a_refused_act_was_done(self, client):
        before = "http://testserver/web/gallery/?a=1"
        answer = client.post("/web/gallery/refuse/", headers={"Referer": before})

        assert 'name="next" value="/web/gallery/?a=1"' in answer.text

    @pytest.mark.parametrize("before", ["", "http://elsewhere.example/x", "javascript:alert(1)"])
    def test_leads_to_the_first_page_when_nobody_knows(self, client, before):
        answer = client.post("/web/gallery/refuse/", headers={"Referer": before})

        assert 'name="next" value="/"' in answer.text

    def test_an_address_of_an_act_says_that_there_is_nothing_to_read(self, client):
        answer = client.get("/web/language/")

        assert answer.status_code == 405
        assert answer.headers["Allow"] == "POST"
        assert "<h1" in answer.text
