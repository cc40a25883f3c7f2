"""The live routes over ASGI, with the database behind them: right answers, right refusals."""

import asyncio
import contextlib
from uuid import uuid4

import httpx
import pytest
from django.conf import settings
from starlette.applications import Starlette

from standvast.care.campaigns.live import CampaignsLive
from standvast.care.campaigns.models import Order, Season
from standvast.care.campaigns.testing import a_season, counts_wrong, day_dates, invite
from standvast.database.api import async_connect, close_edge_pool, database_now, open_edge_pool
from standvast.kit.tasks import end_tasks
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, csrf_value, prepare_session

pytestmark = pytest.mark.django_db(transaction=True)


class Night:
    """A season, one practice at work, and the edge's routes."""

    def __init__(self):
        self.gp = a_colleague(Role.GP)
        self.season = a_season(now=database_now(), doses_max=300)
        invite(self.season, self.gp.organisation)
        self.on = day_dates(self.season.id)[0]
        self.session = prepare_session(self.gp.person.id, self.gp.organisation.id)
        self.csrf = csrf_value()
        self.live = CampaignsLive()

    def address(self, tail):
        return f"/campaigns/{self.season.slug}/{tail}"

    def body(self, **changed):
        return {"on": self.on.isoformat(), "doses": 100, "key": str(uuid4())} | changed

    def browser(self, *, session=None, token=None, origin="http://standvast.test"):
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=list(self.live.routes()))),
            base_url="http://standvast.test",
            cookies={
                settings.SESSION_COOKIE_NAME: self.session if session is None else session,
                settings.CSRF_COOKIE_NAME: self.csrf,
            },
            headers={"x-csrftoken": token or self.csrf, "origin": origin},
        )

    @contextlib.asynccontextmanager
    async def running(self):
        await open_edge_pool()
        tasks = [asyncio.create_task(task) for task in self.live.tasks()]
        try:
            await self.live.book.refresh()
            yield self
        finally:
            await end_tasks(tasks)
            await close_edge_pool()


@pytest.fixture
def night(transactional_db):
    return Night()


async def written(text, values=()):
    """Write past every operation, as somebody else would."""
    conn = await async_connect()
    try:
        await conn.execute(text, values)
    finally:
        await conn.close()


def test_an_order_from_hold_to_confirmed_and_the_calendar_follows(night):
    async def scenario():
        async with night.running(), night.browser() as browser:
            held = await browser.post(night.address("hold"), json=night.body())
            assert held.status_code == 201, held.text
            order_id = held.json()["id"]
            confirmed = await browser.post(
                night.address(f"orders/{order_id}/confirm"), json={"key": "confirm-1"}
            )
            await night.live.book.refresh()
            calendar = await browser.get(night.address("calendar.json"))

        assert confirmed.status_code == 200
        assert confirmed.json()["state"] == "confirmed"
        assert calendar.json()["days"][0]["doses_left"] == 200

    asyncio.run(scenario())
    assert counts_wrong(night.season.id) == []


def test_the_same_key_twice_is_one_order(night):
    async def scenario():
        body = night.body()
        async with night.running(), night.browser() as browser:
            first, second = await asyncio.gather(
                browser.post(night.address("place"), json=body),
                browser.post(night.address("place"), json=body),
            )

        assert {first.status_code, second.status_code} == {200, 201}
        assert first.json()["id"] == second.json()["id"]

    asyncio.run(scenario())
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"doses": 0}, 422, "campaigns.doses_wrong"),
        ({"doses": -10}, 422, "campaigns.doses_wrong"),
        ({"doses": 15}, 422, "campaigns.doses_wrong"),
        ({"doses": 10**9}, 422, "campaigns.doses_wrong"),
        ({"doses": 10**30}, 422, "campaigns.body_unreadable"),
        ({"doses": "many"}, 422, "campaigns.body_unreadable"),
        ({"doses": 400}, 409, "campaigns.day_full"),
        ({"on": "2020-01-01"}, 422, "campaigns.day_unknown"),
        ({"on": "soon"}, 422, "campaigns.body_unreadable"),
        ({"key": "x"}, 422, "campaigns.body_unreadable"),
        ({"key": "x" * 300}, 422, "campaigns.body_unreadable"),
        ({"more": "than asked"}, 422, "campaigns.body_unreadable"),
        ({"key": "k" * 9 + "y" * 9_000}, 422, "campaigns.body_unreadable"),
    ],
)
def test_bad_input_is_refused_in_words_and_nothing_is_done(night, changed, status, code):
    async def scenario():
        async with night.running(), night.browser() as browser:
            answer = await browser.post(night.address("place"), json=night.body(**changed))

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "{" not in answer.json()["title"]

    asyncio.run(scenario())
    assert Order.objects.count() == 0


def test_strangers_and_other_sites_get_nothing(night):
    async def scenario():
        async with night.running():
            async with night.browser(session="") as nobody:
                assert (
                    await nobody.post(night.address("place"), json=night.body())
                ).status_code == 401
            async with night.browser(origin="https://elsewhere.example") as elsewhere:
                assert (
                    await elsewhere.post(night.address("place"), json=night.body())
                ).status_code == 403
            async with night.browser(token="0" * 32) as forged:
                assert (
                    await forged.post(night.address("place"), json=night.body())
                ).status_code == 403

    asyncio.run(scenario())
    assert Order.objects.count() == 0


def test_another_practices_order_is_not_found(night):
    other = a_colleague(Role.GP)
    session = prepare_session(other.person.id, other.organisation.id)

    async def scenario():
        async with (
            night.running(),
            night.browser() as mine,
            night.browser(session=session) as them,
        ):
            held = await mine.post(night.address("hold"), json=night.body())
            answer = await them.post(
                night.address(f"orders/{held.json()['id']}/confirm"), json={"key": "confirm-1"}
            )
            gone = await them.post(
                night.address(f"orders/{held.json()['id']}/release"), json={"key": "release-1"}
            )

        assert answer.status_code == gone.status_code == 404

    asyncio.run(scenario())
    assert Order.objects.get().state == "held"


def test_an_order_needs_a_pass_where_there_is_a_lobby(night):
    Season.objects.filter(id=night.season.id).update(lobby="flu-night")

    async def scenario():
        async with night.running(), night.browser() as browser:
            without = await browser.post(night.address("place"), json=night.body())
            browser.cookies["standvast_pass_flu-night"] = "A" * 86
            forged = await browser.post(night.address("place"), json=night.body())

        assert (without.status_code, without.json()["code"]) == (403, "campaigns.pass_needed")
        assert (forged.status_code, forged.json()["code"]) == (403, "lobby.pass_wrong")

    asyncio.run(scenario())


def test_a_hold_that_is_over_is_gone(night):
    async def scenario():
        async with night.running(), night.browser() as browser:
            held = await browser.post(night.address("hold"), json=night.body())
            await written(
                "UPDATE campaigns_order SET held_until = clock_timestamp() - interval '6 s'"
            )
            answer = await browser.post(
                night.address(f"orders/{held.json()['id']}/confirm"), json={"key": "confirm-1"}
            )

        assert (answer.status_code, answer.json()["code"]) == (410, "campaigns.hold_expired")

    asyncio.run(scenario())


def test_a_paused_and_a_closed_season_say_so(night):
    async def scenario():
        async with night.running(), night.browser() as browser:
            await written("UPDATE campaigns_season SET state = 'paused', paused_at = now()")
            paused = await browser.post(night.address("place"), json=night.body())
            await written("UPDATE campaigns_season SET state = 'closed', paused_at = NULL")
            closed = await browser.post(night.address("place"), json=night.body())

        assert (paused.status_code, paused.json()["code"]) == (409, "campaigns.season_paused")
        assert (closed.status_code, closed.json()["code"]) == (410, "campaigns.season_closed")

    asyncio.run(scenario())


def test_a_form_without_scripts_goes_back_to_its_page(night):
    async def scenario():
        fields = night.body() | {"csrfmiddlewaretoken": night.csrf}
        async with night.running(), night.browser(token="-") as browser:
            held = await browser.post(night.address("hold"), data=fields)
            full = await browser.post(night.address("hold"), data=fields | {"doses": "15"})
            forged = await browser.post(
                night.address("hold"), data=fields | {"csrfmiddlewaretoken": "0" * 32}
            )

        assert held.status_code == full.status_code == forged.status_code == 303
        assert held.headers["location"] == night.address("")
        assert "refused=campaigns.key_used_otherwise" in full.headers["location"]
        assert "refused=web.origin_not_ours" in forged.headers["location"]

    asyncio.run(scenario())
    assert Order.objects.count() == 1


def test_a_stream_begins_with_the_whole_calendar(night):
    async def scenario():
        async with night.running():
            changes = night.live.book.changes(night.season.slug)
            number, name, data = await anext(changes)
            await changes.aclose()

        assert name == "days"
        assert data.count('"on"') == 3
        assert int(number) > 0

    asyncio.run(scenario())
