"""What other people's probes get to see."""

import contextlib
from datetime import UTC, datetime
from functools import partial

import httpx
import psycopg
import pytest
from starlette.applications import Starlette

from standvast.core.health import live, ready
from standvast.core.health.declared import (
    COMPONENTS,
    FIGURES,
    FLEETS,
    PROBES,
    READY,
    Component,
    Figure,
    NotReady,
    Observation,
    Probe,
    ProbeContext,
    Verdict,
)
from standvast.core.health.live import HealthLive
from standvast.core.health.models import Heartbeat, Pulse, Standing
from standvast.core.health.operations import HeartbeatUnknown, heartbeat_secret, record_heartbeat
from standvast.core.health.probes.heartbeat import heartbeat_probe
from standvast.core.health.threads import in_thread
from standvast.database.api import async_connect
from standvast.kit.wiring import rewired

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def _never(context: ProbeContext) -> Observation:
    raise AssertionError


class Pool:
    """Stands in for the edge's pool; counts, and can be gone."""

    def __init__(self) -> None:
        self.count = 0
        self.gone = False

    @contextlib.asynccontextmanager
    async def connection(self):
        self.count += 1
        if self.gone:
            raise psycopg.OperationalError("gone")
        async with await async_connect() as conn:
            yield conn


@pytest.fixture
def pool(monkeypatch):
    pool = Pool()
    monkeypatch.setattr(live, "edge_pool", lambda: pool)
    return pool


def client():
    app = Starlette(routes=list(HealthLive().routes()))
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://edge")


def declared():
    return rewired(
        COMPONENTS.filled(Component("mail", "Mail", "C"), Component("bare", "Bare")),
        PROBES.filled(
            Probe("mail.accept", "mail", _never), heartbeat_probe("backup", "mail", grace_s=60)
        ),
        FIGURES.filled(
            lambda now: [Figure("standvast_delivery_waiting", 7, {"lane": "mail"}, "Waiting.")]
        ),
    )


class TestHealthz:
    async def test_never_touches_the_database(self, pool):
        async with client() as http:
            answer = await http.get("/healthz")

        assert (answer.status_code, pool.count) == (200, 0)


@pytest.mark.django_db(transaction=True)
class TestFromTheDatabase:
    async def test_ready_reads_once_a_second_however_many_ask(self, pool):
        async with client() as http:
            answers = [await http.get("/readyz") for _ in range(5)]

        assert {a.status_code for a in answers} == {200}
        assert pool.count == 1

    async def test_not_ready_until_all_is_in_place_and_then_for_good(self, pool, monkeypatch):
        monkeypatch.setattr(ready, "ASK_EVERY_S", 0.0)
        against = [NotReady("coverage", "Refused: {alert}.", {"alert": "unknown ca"})]
        with rewired(READY.filled(lambda now: tuple(against))):
            async with client() as http:
                first = await http.get("/readyz")
                against.clear()
                then = await http.get("/readyz")
                against.append(NotReady("coverage", "It is over."))
                later = await http.get("/readyz")

        assert (first.status_code, first.text) == (503, "coverage: Refused: unknown ca.\n")
        assert (then.status_code, later.status_code) == (200, 200)

    async def test_not_ready_when_that_cannot_be_told(self, pool):
        def broken(now):
            raise ValueError

        with rewired(READY.filled(broken)):
            async with client() as http:
                answer = await http.get("/readyz")

        assert (answer.status_code, answer.text) == (503, ready.NOT_TOLD)

    async def test_not_ready_without_the_database(self, pool):
        pool.gone = True
        async with client() as http:
            assert (await http.get("/readyz")).status_code == 503
            answer = await http.get("/health")

        assert answer.status_code == 503
        assert answer.json()["is_known"] is False

    async def test_health_names_each_component_and_metrics_say_the_same(self, pool):
        await in_thread(
            partial(
                Standing.objects.create,
                probe="mail.accept",
                target="mail",
                verdict="red",
                row_verdict="red",
                row_count=2,
                code="health.smtp_slow",
                told_at=NOW,
                observed_at=NOW,
                since=NOW,
            ),
            name="t",
        )
        await in_thread(
            partial(
                Pulse.objects.create,
                instance="a",
                kind="serve",
                pid=1,
                started_at=NOW,
                at=datetime.now(UTC),
                figures={"errors_per_minute": 2},
            ),
            name="t",
        )
        with declared():
            async with client() as http:
                health = (await http.get("/health")).json()
                metrics = (await http.get("/metrics")).text

        mail, bare = health["components"]
        assert (mail["slug"], mail["verdict"]) == ("mail", "red")
        assert (bare["verdict"], bare["is_covered"]) == ("red", False)
        assert 'standvast_probe_up{component="mail",variant=""} 0.0' in metrics
        assert 'standvast_probe_missing{component="bare"} 1.0' in metrics
        assert 'standvast_delivery_waiting{lane="mail"} 7.0' in metrics
        assert 'standvast_process_errors{kind="serve"} 2.0' in metrics

    async def test_health_shows_what_rows_ask_to_look_at_and_goes_on_without_them(self, pool):
        def variants(answer):
            return [v["variant"] for c in answer.json()["components"] for v in c["variants"]]

        def broken():
            raise psycopg.OperationalError("gone")

        row = Probe("shop.row", "mail", _never, "row")
        with declared(), rewired(FLEETS.filled(lambda: [row])):
            async with client() as http:
                shown = await http.get("/health")
        with declared(), rewired(FLEETS.filled(broken)):
            async with client() as http:
                unread = await http.get("/health")

        assert variants(shown) == ["", "row"]
        assert (unread.status_code, variants(unread)) == (200, [""])

    async def test_a_heartbeat_is_kept_by_its_secret_only(self, pool):
        with declared():
            async with client() as http:
                wrong = await http.get("/heartbeat/backup")
                right = await http.get(f"/heartbeat/{heartbeat_secret('backup')}")

        assert (wrong.status_code, right.status_code) == (404, 200)
        assert await in_thread(lambda: [b.name for b in Heartbeat.objects.all()], name="t") == [
            "backup"
        ]


@pytest.mark.django_db
def test_a_heartbeat_nobody_waits_for_is_refused():
    with declared(), pytest.raises(HeartbeatUnknown):
        record_heartbeat(name="moon", now=NOW)


def test_verdict_words_are_what_pages_expect():
    assert [v.value for v in Verdict] == ["green", "red", "partly_red", "unknown"]
