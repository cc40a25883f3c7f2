"""The routes at the edge, over ASGI, with the database behind them."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.conf import settings
from starlette.applications import Starlette
from starlette.requests import Request

from standvast.core.lobby.api import (
    COOKIE,
    LobbyLive,
    close_lobby,
    make_pass,
    read_pass,
    verify_proof,
)
from standvast.core.lobby.loads import PageTimes
from standvast.core.lobby.models import Place, ServeLoad
from standvast.core.lobby.passes import PASS_CHARS, PassOver, PassWrong
from standvast.core.lobby.testing import crowd, let_everyone_in, lobby_at
from standvast.database.api import close_edge_pool, open_edge_pool
from standvast.kit.actor import Actor
from standvast.kit.errors import NotAllowed
from standvast.kit.ids import uuid7
from standvast.kit.tasks import end_tasks

NOW = datetime.now(UTC)
OPENING = NOW + timedelta(minutes=10)
PRACTICE, OTHER = uuid7(), uuid7()
SESSIONS = {"s-practice": PRACTICE, "s-colleague": PRACTICE, "s-other": OTHER}


async def who(request: Request) -> Actor | None:
    organisation_id = SESSIONS.get(request.cookies.get(settings.SESSION_COOKIE_NAME, ""))
    if organisation_id is None:
        return None
    return Actor(uuid7(), organisation_id, "gp", address="192.0.2.1", language="en")


def guard(request: Request) -> None:
    if request.headers.get("origin") == "https://elsewhere.example":
        raise NotAllowed("no")


def browser(live: LobbyLive, session: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=list(live.routes()))),
        base_url="http://standvast.test",
        cookies={settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: "en"},
    )


def served(scenario: Callable[[LobbyLive], Awaitable[None]]) -> None:
    """Run a scenario against one serve process."""

    async def inside() -> None:
        await open_edge_pool()
        live = LobbyLive(who, guard=guard)
        tasks = [asyncio.ensure_future(task) for task in live.tasks()]
        try:
            await live.refresher.renewed()
            await scenario(live)
        finally:
            await end_tasks(tasks)
            await close_edge_pool()

    asyncio.run(inside())


async def asked_until(client: httpx.AsyncClient, phase: str) -> dict:
    for _ in range(40):
        found = (await client.get("/lobby/night/status")).json()
        if found.get("phase") == phase:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.django_db(transaction=True)
class TestJoining:
    def test_gives_a_ticket_a_pass_and_the_place_at_once(self):
        lobby_at(OPENING)

        async def scenario(live):
            async with browser(live, "s-practice") as tab:
                answer = await tab.post("/lobby/night/join", json={"nonce": "ab" * 16})
                status = await tab.get("/lobby/night/status")

            assert answer.status_code == 200
            assert answer.json()["ticket"].startswith("ab" * 16)
            assert answer.json()["status"]["phase"] == status.json()["phase"] == "gathering"
            assert status.headers["cache-control"] == "no-store"
            cookie = answer.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=lax" in cookie

        served(scenario)

    def test_tabs_devices_and_restarts_share_one_place(self):
        lobby_at(OPENING)
        tickets = []

        async def scenario(live):
            async with browser(live, "s-practice") as tab, browser(live, "s-colleague") as other:
                answers = await asyncio.gather(
                    *(client.post("/lobby/night/join") for client in (tab, other, tab, tab))
                )
                tickets.extend(answer.json()["ticket"] for answer in answers)

        served(scenario)
        served(scenario)

        assert len(set(tickets)) == 1
        assert Place.objects.count() == 1

    @pytest.mark.parametrize("body", [b"", b"{", b'{"nonce": 7}', b'{"nonce": "zz"}', b"x" * 5_000])
    def test_takes_whatever_body(self, body):
        lobby_at(OPENING)

        async def scenario(live):
            async with browser(live, "s-practice") as tab:
                assert (await tab.post("/lobby/night/join", content=body)).status_code == 200

        served(scenario)

    def test_refuses_in_words_with_the_right_status(self):
        lobby_at(OPENING)
        lobby_at(OPENING + timedelta(days=1), slug="tomorrow")
        closed = lobby_at(OPENING, slug="closed")
        close_lobby(lobby_id=closed, now=NOW)

        async def scenario(live):
            async with browser(live, "s-practice") as tab, browser(live, "none") as stranger:
                for path, status, code in (
                    ("tomorrow", 409, "lobby.doors_shut"),
                    ("closed", 410, "lobby.closed"),
                    ("unknown", 404, "lobby.not_found"),
                ):
                    answer = await tab.post(f"/lobby/{path}/join")
                    assert (answer.status_code, answer.json()["code"]) == (status, code)
                    assert answer.json()["title"]
                assert (await stranger.post("/lobby/night/join")).status_code == 403
                forged = await tab.post(
                    "/lobby/night/join", headers={"origin": "https://elsewhere.example"}
                )
                assert forged.status_code == 403

        served(scenario)
        assert Place.objects.count() == 0

    def test_says_try_again_while_the_database_is_away(self, monkeypatch):
        lobby_at(OPENING)

        async def scenario(live):
            async def gone():
                raise OSError

            live.group._link._connect = gone
            async with browser(live, "s-practice") as tab:
                answer = await tab.post("/lobby/night/join")
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 1

        served(scenario)


@pytest.mark.django_db(transaction=True)
class TestStatus:
    def test_needs_a_pass_of_this_session_and_lobby(self):
        lobby_id = lobby_at(OPENING)
        other_id = lobby_at(OPENING, slug="other")
        later = NOW + timedelta(hours=1)

        def token(lobby=lobby_id, session="s-practice", until=later):
            return make_pass(
                lobby_id=lobby, organisation_id=PRACTICE, session_key=session, expires_at=until
            )

        good = token()
        forged = good[:20] + ("A" if good[20] != "A" else "B") + good[21:]

        async def scenario(live):
            async def asked(value):
                async with browser(live, "s-practice") as tab:
                    if value:
                        tab.cookies.set(COOKIE + "night", value)
                    answer = await tab.get("/lobby/night/status")
                    return answer.status_code, answer.json().get("code")

            assert (await asked(good))[0] == 200
            assert await asked(None) == (403, "lobby.pass_missing")
            assert await asked(forged) == (403, "lobby.pass_wrong")
            assert await asked("x") == (403, "lobby.pass_wrong")
            assert await asked(token(session="s-other")) == (403, "lobby.pass_wrong")
            assert await asked(token(lobby=other_id)) == (403, "lobby.pass_wrong")
            assert await asked(token(until=NOW - timedelta(seconds=5))) == (410, "lobby.pass_over")

        served(scenario)

    def test_does_not_touch_the_database(self):
        lobby_id = lobby_at(NOW - timedelta(minutes=1))
        crowd(lobby_id, 50, organisation_ids=[PRACTICE])

        async def scenario(live):
            async with browser(live, "s-practice") as tab:
                await tab.post("/lobby/night/join")
                await close_edge_pool()
                refreshes = live.refresher.refreshes_count
                for _ in range(100):
                    status = (await tab.get("/lobby/night/status")).json()
                await open_edge_pool()
            assert status["phase"] == "waiting"
            assert status["ahead_count"] == status["place"] - 1
            assert live.refresher.refreshes_count <= refreshes + 3

        served(scenario)

    def test_follows_a_person_inside_and_out(self):
        lobby_id = lobby_at(NOW - timedelta(minutes=1))
        crowd(lobby_id, 5, organisation_ids=[PRACTICE])

        async def scenario(live):
            async with browser(live, "s-practice") as tab:
                await tab.post("/lobby/night/join")
                await asked_until(tab, "waiting")
                await asyncio.to_thread(closing, let_everyone_in, lobby_id, datetime.now(UTC))
                inside = await asked_until(tab, "admitted")
                assert 590 <= inside["pass_left_s"] <= 600
                assert (await tab.post("/lobby/night/leave")).json() == {"left": True}
                await asked_until(tab, "left")

        served(scenario)

    def test_says_that_places_are_kept_while_it_has_not_read_them_yet(self):
        async def scenario() -> None:
            live = LobbyLive(who, guard=guard)
            async with browser(live, "s-practice") as tab:
                for answer in (
                    await tab.get("/lobby/night/status"),
                    await tab.post("/lobby/night/join"),
                ):
                    assert answer.status_code == 503
                    assert answer.json()["code"] == "lobby.not_ready"
                    assert answer.headers["retry-after"] == "1"

        asyncio.run(scenario())

    def test_streams_the_same(self):
        lobby_at(OPENING)

        async def scenario(live):
            async with browser(live, "s-practice") as tab:
                assert (await tab.get("/lobby/night/stream")).status_code == 403
                await tab.post("/lobby/night/join")
                request = tab.build_request("GET", "/lobby/night/stream")
                scope = {
                    "headers": [(b"cookie", request.headers["cookie"].encode())],
                    "query_string": b"",
                    "path_params": {"slug": "night"},
                    "type": "http",
                }
                events = live._statuses(Request(scope))
                number, name, data = await asyncio.wait_for(anext(events), 3)
                await events.aclose()
            assert (number, name, json.loads(data)["phase"]) == ("1", "status", "gathering")

        served(scenario)


@pytest.mark.django_db(transaction=True)
class TestProof:
    def test_is_for_everybody_and_holds(self):
        lobby_id = lobby_at(NOW - timedelta(minutes=1))
        crowd(lobby_id, 30)

        async def scenario(live):
            async with browser(live, "none") as anyone:
                answer = await anyone.get("/lobby/night/proof.json")
                assert (await anyone.get("/lobby/unknown/proof.json")).status_code == 404
            assert verify_proof(answer.json()) == []
            assert str(PRACTICE) not in answer.text

        served(scenario)


@pytest.mark.django_db(transaction=True)
def test_each_serve_reports_its_page_times(monkeypatch):
    times = PageTimes()
    monkeypatch.setattr("standvast.core.lobby.loads.PAGE_TIMES", times)

    async def scenario(live):
        at_s = asyncio.get_running_loop().time()
        for number in range(20):
            times.note(number / 10, at_s=at_s)
        await asyncio.sleep(1.3)

    served(scenario)

    (row,) = ServeLoad.objects.all()
    assert (row.page_p95_s, row.pages_count) == (1.9, 20)


class TestPass:
    def pass_of(self, session="s", until=NOW + timedelta(hours=1)):
        return make_pass(
            lobby_id=OTHER, organisation_id=PRACTICE, session_key=session, expires_at=until
        )

    def test_says_who_waits_where(self):
        token = self.pass_of()

        found = read_pass(token, session_key="s", now=NOW)

        assert (found.lobby_id, found.organisation_id) == (OTHER, PRACTICE)
        assert len(token) == PASS_CHARS

    def test_is_of_one_session_and_ends(self):
        with pytest.raises(PassWrong):
            read_pass(self.pass_of(), session_key="t", now=NOW)
        with pytest.raises(PassOver):
            read_pass(self.pass_of(until=NOW), session_key="s", now=NOW)

    @pytest.mark.parametrize("at", range(0, PASS_CHARS, 5))
    def test_is_worth_nothing_with_one_character_changed(self, at):
        token = self.pass_of()
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]

        with pytest.raises(PassWrong):
            read_pass(changed, session_key="s", now=NOW)

    @pytest.mark.parametrize("token", ["", "x", "é" * PASS_CHARS, "!" * PASS_CHARS, "A" * 10_000])
    def test_refuses_rubbish(self, token):
        with pytest.raises(PassWrong):
            read_pass(token, session_key="s", now=NOW)

    def test_is_worth_nothing_under_another_secret(self, settings):
        token = self.pass_of()
        settings.SECRET_KEY = str(uuid.uuid4())

        from standvast.core.lobby.passes import opened_pass

        opened_pass.cache_clear()
        with pytest.raises(PassWrong):
            read_pass(token, session_key="s", now=NOW)


def closing(work, *args):
    from django.db import connection

    with contextlib.closing(connection):
        return work(*args)
