"""The simulated apps by themselves: whom they do not let in. Whom they do: the walks to them."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from standvast.outside.apps.client import ON_THE_WAY_MAX, Client, NotLetIn
from standvast.outside.apps.keys import app_key, key_set
from standvast.outside.apps.pages import AppPages
from standvast.outside.apps.system import ALL, AppSystem
from standvast.outside.site import Neighbour, site

STANDVAST = "http://127.0.0.1:1"
CONFIG = {
    "issuer": STANDVAST,
    "authorization_endpoint": f"{STANDVAST}/oauth/authorize/",
    "token_endpoint": f"{STANDVAST}/oauth/token/",
    "jwks_uri": f"{STANDVAST}/oauth/keys/",
}


@pytest.fixture
def chart(tmp_path):
    return AppSystem(ALL[0], folder=tmp_path, standvast=STANDVAST)


@pytest.fixture
def known(monkeypatch):
    async def told(http, address, fields=None):
        assert fields is None, "nobody hands in a code here"
        return CONFIG

    monkeypatch.setattr("standvast.outside.apps.client._json", told)


@pytest.fixture
async def browser(chart):
    here = Neighbour("/apps", "", "", "", AppPages([chart]).routes(), lambda: True)
    transport = httpx.ASGITransport(app=site([here]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9") as found:
        yield found


def start(launch="x"):
    return {"iss": f"{STANDVAST}/fhir", "launch": launch}


class TestStarting:
    async def test_asks_where_it_was_told_of_with_all_that_is_due(self, browser, known):
        answer = await browser.get("/apps/growth-chart/start", params=start("opaque"))

        asked = {k: v for k, [v] in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        assert answer.headers["location"].startswith(CONFIG["authorization_endpoint"])
        assert asked["launch"] == "opaque"
        assert asked["aud"] == f"{STANDVAST}/fhir"
        assert asked["redirect_uri"] == "http://127.0.0.1:9/apps/growth-chart/callback"
        assert asked["code_challenge_method"] == "S256"

    @pytest.mark.parametrize("iss", ["https://evil.example/fhir", "", STANDVAST])
    async def test_by_somebody_else_goes_nowhere(self, browser, known, iss):
        answer = await browser.get("/apps/growth-chart/start", params={**start(), "iss": iss})

        assert answer.status_code == 403

    async def test_while_standvast_is_away_says_so(self, browser):
        answer = await browser.get("/apps/growth-chart/start", params=start())

        assert answer.status_code == 403
        assert "does not answer" in answer.text

    @pytest.mark.parametrize(("mood", "status"), [("fault", 500), ("sign_in", 200)])
    async def test_in_trouble_shows_it(self, browser, mood, status):
        headers = {"Origin": "http://127.0.0.1:9"}
        await browser.post("/apps/growth-chart/mood", data={"mood": mood}, headers=headers)

        answer = await browser.get("/apps/growth-chart/start", params=start())

        assert answer.status_code == status


class TestComingBack:
    async def test_in_another_browser_lets_nobody_in(self, browser, known):
        answer = await browser.get("/apps/growth-chart/start", params=start())
        state = parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]
        browser.cookies.clear()

        told = {"state": state, "code": "x", "iss": STANDVAST}
        answer = await browser.get("/apps/growth-chart/callback", params=told)

        assert answer.status_code == 403

    @pytest.mark.parametrize("told", [{}, {"iss": "https://evil.example"}, {"error": "no"}])
    async def test_without_a_code_of_ours_lets_nobody_in(self, chart, known, told):
        _, state = await chart.begin(**start(), redirect_uri="http://127.0.0.1:9/back")

        with pytest.raises(NotLetIn):
            await chart.let_in({"iss": STANDVAST, "state": state, **told})
        with pytest.raises(NotLetIn):  # a question is answered once
            await chart.let_in({"iss": STANDVAST, "state": state, "code": "x"})
        assert chart.refused_count == 2

    async def test_of_too_many_forgets_the_first(self, known):
        client = Client(client_id="x", scope="openid", issuer=STANDVAST)
        for _ in range(ON_THE_WAY_MAX + 1):
            await client.begin(iss=STANDVAST, launch="", redirect_uri="http://127.0.0.1:9/")

        assert len(client._on_the_way) == ON_THE_WAY_MAX


def test_an_app_keeps_its_key_and_hands_in_half(tmp_path):
    key = app_key(tmp_path, "growth-chart")

    assert app_key(tmp_path, "growth-chart").private_numbers() == key.private_numbers()
    assert '"d"' not in key_set(tmp_path, "growth-chart")
