"""The watch against a real database: leading, failing over, going blind, catching up."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime

import psycopg
import pytest

from standvast.core.health import operations
from standvast.core.health.declared import (
    BLIND_HEARERS,
    COMPONENTS,
    EDGES,
    FLEETS,
    HEARERS,
    PROBES,
    SWEEPS,
    Component,
    Edge,
    Observation,
    Probe,
    Sweep,
    Verdict,
)
from standvast.core.health.models import Finding, Hour, Pulse, Standing
from standvast.core.health.models import Observation as Look
from standvast.core.health.queries import component_views, open_findings, verdict_of
from standvast.core.health.watch import crew, loop, standby
from standvast.core.health.watch.loop import Watch, run_watch
from standvast.core.health.watch.pulse import pulse_task
from standvast.database.api import async_connect
from standvast.kit.wiring import rewired

pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """A probe that sees what it is told to see."""

    def __init__(self, name, target, **more) -> None:
        self.sees = Verdict.GREEN
        self.looks = 0
        fast = {"interval_s": 0.01, "deadline_s": 0.5, **more}
        self.probe = Probe(name, target, self._run, **fast)

    async def _run(self, context):
        self.looks += 1
        return Observation(self.sees, "told", 1)


def declared(
    *, probes=(), sweeps=(), hearers=(), blind=(), fleets=(), components=("mail",), edges=()
):
    return rewired(
        COMPONENTS.filled(*(Component(slug, slug) for slug in components)),
        EDGES.filled(*edges),
        PROBES.filled(*probes),
        FLEETS.filled(*fleets),
        SWEEPS.filled(*sweeps),
        HEARERS.filled(*hearers),
        BLIND_HEARERS.filled(*blind),
    )


async def until(condition, *watches, within_s=10.0):
    deadline = time.monotonic() + within_s
    while True:
        for watch in watches:
            await watch.tick()
        found = await asyncio.to_thread(condition)
        if found:
            return found
        assert time.monotonic() < deadline, "not within the time"
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.setattr("standvast.core.health.watch.rounds.FIRST_S_MAX", 0.0)


async def db(work):
    from standvast.core.health.threads import in_thread

    return await in_thread(work, name="test")


class TestLeading:
    async def test_opens_a_finding_after_two_red_looks_and_ends_it_after_three_green(
        self, tmp_path
    ):
        told, heard = Told("mail.accept", "mail"), []
        with declared(probes=[told.probe], hearers=[lambda f, now: heard.append(f)]):
            watch = Watch(tmp_path)
            await until(lambda: verdict_of("mail", datetime.now(UTC)) is Verdict.GREEN, watch)
            told.sees = Verdict.RED
            found = await until(lambda: open_findings(datetime.now(UTC)), watch)
            told.sees = Verdict.GREEN
            await until(lambda: Finding.objects.filter(heard_end=True).exists(), watch)
            await watch.close()

        assert [(f.kind, f.target, f.code) for f in found] == [("down", "mail", "told")]
        assert [f.is_open for f in heard] == [True, False]
        looks = await db(
            lambda: list(Look.objects.order_by("id").values_list("verdict", flat=True))
        )
        reds = [i for i, verdict in enumerate(looks) if verdict == "red"]
        assert len(reds) >= 2
        hours = await db(lambda: sum(h.green_count + h.red_count for h in Hour.objects.all()))
        assert hours == len(looks)

    async def test_a_component_and_an_edge_without_a_probe_are_red_findings_at_once(self, tmp_path):
        edge = Edge("orders", "mail")
        with declared(components=("mail", "orders"), edges=[edge]):
            watch = Watch(tmp_path)
            await watch.tick()
            found = await db(lambda: open_findings(datetime.now(UTC)))
            views = await db(lambda: component_views(datetime.now(UTC)))
            await watch.close()

        assert {(f.kind, f.target) for f in found} == {
            ("no_probe", "mail"),
            ("no_probe", "orders"),
            ("no_probe", "orders>mail"),
        }
        assert {v.verdict for v in views} == {Verdict.RED}

    async def test_a_child_of_a_red_parent_is_found_but_held_and_freed_when_the_parent_is_green(
        self, tmp_path
    ):
        mail = Told("mail.accept", "mail", green_after=1)
        orders = Told("orders.walk", "orders")
        edge = Told("edge", "orders>mail")
        heard = []
        with declared(
            probes=[mail.probe, orders.probe, edge.probe],
            components=("mail", "orders"),
            edges=[Edge("orders", "mail")],
            hearers=[lambda f, now: heard.append((f.target, f.below, f.is_open))],
        ):
            watch = Watch(tmp_path)
            mail.sees = orders.sees = Verdict.RED
            await until(lambda: len(open_findings(datetime.now(UTC))) == 2, watch)
            held = await db(lambda: {f.target: f.below for f in open_findings(datetime.now(UTC))})
            mail.sees = Verdict.GREEN
            await until(
                lambda: Finding.objects.filter(target="orders", below="", heard_open=True).exists(),
                watch,
            )
            await watch.close()

        assert held == {"mail": "", "orders": "mail"}
        assert ("orders", "mail", True) in heard
        assert heard[-1] == ("orders", "", True) or ("orders", "", True) in heard
        assert ("mail", "", False) in heard

    async def test_a_sweep_that_fails_stops_no_other_and_is_a_finding(self, tmp_path):
        ran = []

        def broken(now):
            raise ZeroDivisionError

        def stuck(now):
            time.sleep(0.3)

        sweeps = [
            Sweep("broken", 0.01, broken),
            Sweep("stuck", 0.01, stuck, deadline_s=0.05),
            Sweep("sound", 0.01, ran.append),
        ]
        with declared(components=("watch",), sweeps=sweeps):
            watch = Watch(tmp_path)
            await until(lambda: len(open_findings(datetime.now(UTC))) == 2, watch)
            found = await db(lambda: open_findings(datetime.now(UTC)))
            before = len(ran)
            await until(lambda: len(ran) > before + 3, watch)
            await watch.close()

        codes = {f.variant: f.code for f in found}
        assert codes == {
            "sweep broken": "health.sweep_failed",
            "sweep stuck": "health.sweep_late",
        }

    async def test_a_hearer_that_fails_is_told_again_and_keeps_it_from_nobody(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(loop, "HEAR_AGAIN_S", 0.05)
        heard, failures = [], []

        def stubborn(finding, now):
            failures.append(finding.id)
            if len(failures) < 3:
                raise ZeroDivisionError

        with declared(hearers=[stubborn, lambda f, now: heard.append(f.id)]):
            watch = Watch(tmp_path)
            await until(lambda: Finding.objects.filter(heard_open=True).exists(), watch)
            await watch.close()

        assert len(failures) == 3
        assert len(set(heard)) == 1


class TestFleets:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch):
        monkeypatch.setattr(crew, "READ_EVERY_S", 0.02)

    def fleet(self, read):
        mail = Told("mail.accept", "mail")
        return declared(probes=[mail.probe], fleets=[read])

    def row(self):
        told = Told("shop.row", "mail", variant="row", red_after=1, green_after=1)
        told.sees = Verdict.RED
        return told

    async def test_a_row_is_looked_at_from_then_on_and_its_finding_goes_with_it(self, tmp_path):
        told, rows = self.row(), []
        with self.fleet(lambda: [told.probe for _ in rows]):
            watch = Watch(tmp_path)
            await until(lambda: verdict_of("mail", datetime.now(UTC)) is Verdict.GREEN, watch)
            rows.append("a row")
            found = await until(lambda: open_findings(datetime.now(UTC)), watch)
            partly = await db(lambda: verdict_of("mail", datetime.now(UTC)))
            rows.clear()
            await until(lambda: not open_findings(datetime.now(UTC)), watch)
            await watch.close()

        assert [(one.variant, one.probe) for one in found] == [("row", "shop.row")]
        assert partly is Verdict.PARTLY_RED

    async def test_rows_that_cannot_be_read_leave_those_who_look_in_place(self, tmp_path):
        told, troubled = self.row(), []

        def read():
            if troubled:
                raise psycopg.OperationalError("gone")
            return [told.probe]

        with self.fleet(read):
            watch = Watch(tmp_path)
            await until(lambda: open_findings(datetime.now(UTC)), watch)
            troubled.append("from now on")
            before = told.looks
            await until(lambda: told.looks > before + 10, watch)
            assert await db(lambda: Finding.objects.get().ended_at) is None
            await watch.close()

    async def test_a_new_leader_ends_nothing_before_it_has_read_the_rows(self, tmp_path):
        told, waiting = self.row(), threading.Event()
        with self.fleet(lambda: [told.probe]):
            first = Watch(tmp_path / "a")
            await until(lambda: open_findings(datetime.now(UTC)), first)
            await first.close()
        with self.fleet(lambda: (waiting.wait(5), [told.probe])[1]):
            second = Watch(tmp_path / "b")
            for _ in range(5):
                await second.tick()
            assert second.leads
            assert await db(lambda: Finding.objects.get().ended_at) is None
            waiting.set()
            before = told.looks
            await until(lambda: told.looks > before, second)
            await second.close()

        assert await db(Finding.objects.count) == 1


class TestFailOver:
    async def test_only_one_leads_and_the_other_follows_when_its_connection_is_gone(self, tmp_path):
        told = Told("mail.accept", "mail")
        with declared(probes=[told.probe]):
            first, second = Watch(tmp_path / "a"), Watch(tmp_path / "b")
            await first.tick()
            await second.tick()
            assert (first.leads, second.leads) == (True, False)

            await first._conn.close()  # as when its machine loses the network
            await until(lambda: second.leads, second)
            await first.tick()
            await first.tick()
            assert (first.leads, second.leads) == (False, True)
            await first.close()
            await second.close()

    async def test_a_new_leader_goes_on_counting_where_the_old_one_was(self, tmp_path):
        told = Told("mail.accept", "mail", red_after=2)
        with declared(probes=[told.probe]):
            first = Watch(tmp_path / "a")
            await until(lambda: told.looks, first)
            await until(Standing.objects.exists, first)
            told.sees = Verdict.RED
            await until(lambda: open_findings(datetime.now(UTC)), first)
            await first.close()
            second = Watch(tmp_path / "b")
            await second.tick()
            found = await db(Finding.objects.count)
            await second.close()

        assert found == 1

    async def test_a_leader_that_hangs_on_to_its_lock_is_deposed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(standby, "HUNG_AFTER_S", 0.2)
        with declared():
            hung, other = Watch(tmp_path / "a"), Watch(tmp_path / "b")
            await hung.tick()  # and never again: it gives no pulse either
            await until(lambda: other.leads, other)
            assert other.leads
            await hung.tick()
            assert not hung.leads
            await hung.close()
            await other.close()

    async def test_a_deposed_leader_cannot_write(self, tmp_path):
        told = Told("mail.accept", "mail")
        with declared(probes=[told.probe]):
            old = Watch(tmp_path / "a")
            await until(Look.objects.exists, old)
            async with await async_connect() as conn:
                cursor = await conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'standvast watch'"
                )
                assert await cursor.fetchall() == [(True,)]
            new = Watch(tmp_path / "b")
            await until(lambda: new.leads, new)
            await old.tick()
            assert not old.leads
            await old.close()
            await new.close()


class TestBlind:
    @pytest.fixture
    def no_database(self, monkeypatch):
        """A switch: while it is on, no connection can be made and the open one breaks."""
        gone = asyncio.Event()

        async def connect(**more):
            if gone.is_set():
                raise psycopg.OperationalError("gone")
            return await async_connect(**more)

        monkeypatch.setattr(loop, "async_connect", connect)
        monkeypatch.setattr(loop, "BLIND_AFTER_S", 0.0)
        return gone

    async def test_goes_on_probing_says_so_spools_and_catches_up_once(self, tmp_path, no_database):
        mail = Told("mail.accept", "mail", without_database=True)
        lanes = Told("lanes.age", "mail", variant="age")
        said = []
        with declared(
            probes=[mail.probe, lanes.probe],
            blind=[lambda findings, now: said.append([f.target for f in findings])],
        ):
            watch = Watch(tmp_path)
            await until(lambda: Look.objects.count() > 4, watch)
            no_database.set()
            await watch._conn.close()
            mail.sees = Verdict.RED
            await watch.tick()
            lanes_before = lanes.looks
            await until(lambda: ["mail"] in said, watch)
            assert lanes.looks - lanes_before <= 1
            spooled = (tmp_path / "spool-0.jsonl").read_bytes()
            assert b'"kind":"finding"' in spooled

            no_database.clear()
            await until(lambda: watch.leads, watch)
            assert not watch.blind
            found = await db(lambda: list(Finding.objects.filter(kind="down")))
            looks = await db(Look.objects.count)
            hours = await db(lambda: list(Hour.objects.values_list("red_count", "green_count")))
            await watch.close()

            # the crash between commit and emptying: the same file is played once more
            (tmp_path / "spool-0.jsonl").write_bytes(spooled)
            again = Watch(tmp_path)
            monkey = again._rounds
            monkey._probes = ()
            await again.tick()
            assert again.leads
            await again.close()

        assert [(f.target, f.ended_at) for f in found] == [("mail", None)]
        assert await db(lambda: Finding.objects.filter(kind="down").count()) == 1
        assert await db(Look.objects.count) >= looks
        reds = await db(lambda: Look.objects.filter(verdict="red").count())
        assert (
            sum(
                r
                for r, _ in await db(
                    lambda: list(Hour.objects.values_list("red_count", "green_count"))
                )
            )
            == reds
        )
        assert hours

    async def test_a_fault_that_came_and_went_blind_is_in_the_history(self, tmp_path, no_database):
        mail = Told("mail.accept", "mail", without_database=True, green_after=1)
        said = []
        with declared(
            probes=[mail.probe], blind=[lambda findings, now: said.append(len(findings))]
        ):
            watch = Watch(tmp_path)
            no_database.set()
            mail.sees = Verdict.RED
            await until(lambda: 1 in said, watch)
            mail.sees = Verdict.GREEN
            await until(lambda: said[-1] == 0, watch)
            no_database.clear()
            await until(lambda: watch.leads, watch)
            await watch.close()

        rows = await db(lambda: list(Finding.objects.all()))
        assert [(f.target, f.ended_at is not None) for f in rows] == [("mail", True)]

    async def test_what_a_standby_saw_blind_becomes_history_and_never_a_second_open_finding(
        self, tmp_path, no_database
    ):
        mail = Told("mail.accept", "mail", without_database=True)
        with declared(probes=[mail.probe]):
            leader, other = Watch(tmp_path / "a"), Watch(tmp_path / "b")
            await leader.tick()
            await other.tick()
            assert (leader.leads, other.leads) == (True, False)
            no_database.set()
            await leader._conn.close()
            await other._conn.close()
            mail.sees = Verdict.RED
            await until(lambda: leader._judge.open and other._judge.open, leader, other)
            no_database.clear()
            await until(lambda: leader.leads, leader)
            await until(lambda: not other.blind, other)
            assert (tmp_path / "b" / "spool-0.jsonl").read_bytes() == b""
            await leader.close()
            await other.close()

        rows = await db(lambda: list(Finding.objects.filter(kind="down")))
        assert [row.ended_at for row in rows] == [None]

    async def test_half_a_line_and_a_strange_line_do_not_stop_the_rest(self, tmp_path):
        row = {
            "id": "0190b2f0-0000-7000-8000-000000000001",
            "probe": "p",
            "at": "2026-03-02T09:00:00+00:00",
            "verdict": "red",
            "duration_ms": 1,
            "value": None,
            "code": "",
        }
        text = "not json\n" + json.dumps({"kind": "look", "row": row}) + '\n{"kind": "lo'
        (tmp_path / "spool-0.jsonl").write_text(text)
        with declared():
            watch = Watch(tmp_path)
            await watch.tick()
            await watch.close()

        assert await db(Look.objects.count) == 1


class TestRunWatch:
    async def test_stops_within_three_seconds_and_says_so_even_with_a_stuck_sweep(
        self, settings, tmp_path
    ):
        settings.VAR = tmp_path
        stop = asyncio.Event()
        freed = threading.Event()
        with declared(sweeps=[Sweep("stuck", 1, lambda now: freed.wait(10), deadline_s=9)]):
            watching = asyncio.create_task(run_watch(stop))
            await asyncio.sleep(1.5)
            started = time.monotonic()
            stop.set()
            await watching
            took_s = time.monotonic() - started
            freed.set()
            await asyncio.sleep(0.2)

        assert took_s < 3
        pulses = await db(lambda: list(Pulse.objects.all()))
        assert [(p.kind, p.stopped_at is not None) for p in pulses] == [("watch", True)]

    async def test_a_pulse_is_written_and_ends_on_purpose(self):
        task = asyncio.create_task(pulse_task("courier", figures=lambda: {"asked": 3}))
        await until(Pulse.objects.exists)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        row = await db(Pulse.objects.get)
        assert (row.kind, row.figures["asked"]) == ("courier", 3)
        assert row.stopped_at is not None


class TestPurge:
    def test_keeps_what_is_young(self):
        old = datetime(2020, 1, 1, tzinfo=UTC)
        young = datetime(2026, 3, 1, tzinfo=UTC)
        for at in (old, young):
            Look.objects.create(probe="p", at=at, verdict="red", duration_ms=1)

        operations.purge(datetime(2026, 3, 2, tzinfo=UTC))

        assert [look.at for look in Look.objects.all()] == [young]
