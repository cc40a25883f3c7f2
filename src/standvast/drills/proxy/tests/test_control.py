"""The API: paths, fields and status codes as the original's."""

import httpx
import pytest

from standvast.drills.proxy.control import Control
from standvast.drills.proxy.listener import NotLoopback
from standvast.drills.proxy.process import run_proxy

pytestmark = pytest.mark.enable_socket

SIDEWAYS = "stream was invalid, can be either upstream or downstream"
LATENCY = {"type": "latency", "attributes": {"latency": 100}}


@pytest.fixture
async def http():
    control = Control()
    transport = httpx.ASGITransport(app=control.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://proxy") as client:
        yield client
    control.close()


async def make(http, name="mail", **more):
    return await http.post("/proxies", json={"name": name, "upstream": "127.0.0.1:1", **more})


class TestProxies:
    async def test_makes_shows_and_deletes(self, http):
        made = await make(http)
        assert made.status_code == 201
        shown = made.json()
        assert int(shown.pop("listen").rsplit(":", 1)[1]) > 0
        assert shown == {"name": "mail", "upstream": "127.0.0.1:1", "enabled": True, "toxics": []}
        assert list((await http.get("/proxies")).json()) == ["mail"]
        assert (await http.get("/proxies/mail")).json() == made.json()

        assert (await http.delete("/proxies/mail")).status_code == 204
        gone = await http.get("/proxies/mail")
        assert (gone.status_code, gone.json()) == (404, {"error": "proxy not found", "status": 404})

    async def test_says_what_is_missing_known_or_elsewhere(self, http):
        await make(http)
        assert (await make(http)).json() == {"error": "proxy already exists", "status": 409}
        missing = await http.post("/proxies", json={"name": "x"})
        assert missing.json() == {"error": "missing required field: upstream", "status": 400}
        assert (await http.post("/proxies", content=b"{")).status_code == 400
        for field in ("listen", "upstream"):
            assert (await make(http, "y", **{field: "0.0.0.0:1"})).status_code == 400

    async def test_a_taken_port_is_an_error_and_leaves_no_proxy(self, http):
        listen = (await make(http)).json()["listen"]

        taken = await make(http, "other", listen=listen)

        assert taken.status_code == 500
        assert list((await http.get("/proxies")).json()) == ["mail"]

    @pytest.mark.parametrize("method", ["POST", "PATCH"])
    async def test_takes_down_and_up_keeping_its_port(self, http, method):
        before = (await make(http)).json()

        down = await http.request(method, "/proxies/mail", json={"enabled": False})
        up = await http.request(method, "/proxies/mail", json={"enabled": True})

        assert (down.status_code, down.json()["enabled"]) == (200, False)
        assert up.json() == before

    async def test_populate_makes_keeps_and_replaces(self, http):
        kept = (await make(http)).json()
        await http.post("/proxies/mail/toxics", json=LATENCY)
        await make(http, "old")

        answer = await http.post(
            "/populate",
            json=[
                {"name": "mail", "listen": kept["listen"], "upstream": "127.0.0.1:1"},
                {"name": "old", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:2"},
                {"name": "new", "upstream": "127.0.0.1:3", "enabled": False},
            ],
        )

        assert answer.status_code == 201
        mail, old, new = answer.json()["proxies"]
        assert (len(mail["toxics"]), old["upstream"], new["enabled"]) == (1, "127.0.0.1:2", False)
        bad = await http.post("/populate", json=[{"name": "z"}])
        assert bad.json()["error"] == "missing required field: upstream at proxy 1"

    async def test_reset_enables_and_cleans_all(self, http):
        await make(http)
        await http.post("/proxies/mail/toxics", json=LATENCY)
        await http.post("/proxies/mail", json={"enabled": False})

        assert (await http.post("/reset")).status_code == 204

        shown = (await http.get("/proxies/mail")).json()
        assert (shown["enabled"], shown["toxics"]) == (True, [])

    async def test_has_a_version_and_refuses_browsers(self, http):
        assert "version" in (await http.get("/version")).json()
        browser = await http.post("/reset", headers={"User-Agent": "Mozilla/5.0"})
        assert browser.status_code == 403


class TestToxics:
    async def test_makes_one_with_the_originals_defaults(self, http):
        await make(http)

        made = await http.post("/proxies/mail/toxics", json=LATENCY)

        assert made.status_code == 200
        assert made.json() == {
            "attributes": {"latency": 100, "jitter": 0},
            "name": "latency_downstream",
            "type": "latency",
            "stream": "downstream",
            "toxicity": 1.0,
        }
        assert (await http.get("/proxies/mail/toxics")).json() == [made.json()]

    @pytest.mark.parametrize(
        ("body", "status", "error"),
        [
            ({"type": "fog"}, 400, "invalid toxic type"),
            (
                LATENCY | {"stream": "sideways"},
                400,
                "stream was invalid, can be either upstream or downstream",
            ),
            (LATENCY | {"toxicity": 2}, 400, "bad request body"),
            (LATENCY | {"attributes": {"latency": "slow"}}, 400, "bad request body"),
            (LATENCY | {"attributes": {"latency": -1}}, 400, "bad request body"),
            (LATENCY, 409, "toxic already exists"),
        ],
    )
    async def test_refuses_what_cannot_be(self, http, body, status, error):
        await make(http)
        await http.post("/proxies/mail/toxics", json=LATENCY)

        answer = await http.post("/proxies/mail/toxics", json=body)

        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert len((await http.get("/proxies/mail/toxics")).json()) == 1

    async def test_trap_8_only_delete_deletes(self, http):
        await make(http)
        await http.post("/proxies/mail/toxics", json=LATENCY)
        one = "/proxies/mail/toxics/latency_downstream"

        assert (await http.get(one)).status_code == 200
        changed = await http.post(one, json={"attributes": {"jitter": 5}})
        assert changed.json()["attributes"] == {"latency": 100, "jitter": 5}
        assert (await http.patch(one, json={"toxicity": 0.5})).json()["toxicity"] == 0.5
        assert len((await http.get("/proxies/mail/toxics")).json()) == 1

        assert (await http.delete(one)).status_code == 204
        for method in ("GET", "POST", "DELETE"):
            gone = await http.request(method, one, json={})
            assert (gone.status_code, gone.json()["error"]) == (404, "toxic not found")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "localhost.example"])
async def test_trap_9_the_api_listens_on_loopback_only(address):
    with pytest.raises(NotLoopback):
        await run_proxy(None, port=0, address=address)
