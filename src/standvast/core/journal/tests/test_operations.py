"""Writing: in the caller's transaction, in order, the same from both sides."""

import asyncio
import time
import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from standvast.core.journal.api import (
    Entry,
    ensure_partitions,
    entry_of,
    recent,
    record,
    record_many,
    record_set,
    stray_count,
    verify,
    who_looked,
)
from standvast.database.api import async_connect
from standvast.kit.actor import Actor
from standvast.kit.ids import uuid7

NOW = datetime(2026, 11, 22, 21, 45, tzinfo=UTC)


def looked(organisation_id: uuid.UUID, number: int = 1, **more: object) -> Entry:
    values = {
        "organisation_id": organisation_id,
        "at": NOW,
        "action": "R",
        "event": "order.seen",
        "record_kind": "order",
        "record_id": str(number),
    }
    return Entry(**(values | more))  # type: ignore[arg-type]


@pytest.mark.django_db
class TestRecord:
    def test_keeps_who_did_what_for_whom_from_where(self):
        office, practice, person = uuid7(), uuid7(), uuid7()
        helper = Actor(person, practice, "office", address="192.0.2.1", helping_from=office)

        record(
            entry_of(
                helper,
                at=NOW,
                action="U",
                event="order.changed",
                record_kind="order",
                record_id="7",
                detail={"tens": 3, "why": "aan de telefoon"},
            )
        )

        (row,) = recent(practice)
        assert (row.person_id, row.on_behalf_of, row.helping_from) == (person, practice, office)
        assert (row.position, row.at, row.action, row.from_address) == (1, NOW, "U", "192.0.2.1")
        assert row.detail == {"tens": 3, "why": "aan de telefoon"}

    def test_numbers_several_of_one_organisation_in_the_order_given(self):
        one, other = uuid7(), uuid7()

        record_many([looked(one, 1), looked(other, 2), looked(one, 3)])
        record_many([looked(one, 4)])

        assert [(row.position, row.record_id) for row in recent(one)] == [
            (3, "4"), (2, "3"), (1, "1"),
        ]  # fmt: skip
        assert verify(one) == verify(other) == []

    def test_takes_no_entries_without_a_word(self):
        one = uuid7()
        record_many([looked(one, 1)])

        record_many([])

        assert [row.position for row in recent(one)] == [1]

    def test_holds_more_than_one_set(self):
        one = uuid7()

        record_many([looked(one, number) for number in range(1_001)])

        assert recent(one, limit=1)[0].position == 1_001
        assert verify(one) == []

    @pytest.mark.parametrize(
        "wrong", [{"action": "X"}, {"outcome": 5}, {"event": ""}, {"role": "x" * 41}]
    )
    def test_refuses_what_the_table_does_not_know(self, wrong):
        with pytest.raises(DatabaseError), transaction.atomic():
            record(looked(uuid7(), **wrong))


@pytest.mark.django_db(transaction=True)
class TestInTheCallersTransaction:
    def test_is_refused_outside_one(self):
        with pytest.raises(AssertionError):
            record(looked(uuid7()))

    def test_vanishes_with_what_it_tells_of(self):
        one = uuid7()

        transaction.set_autocommit(False)
        with transaction.atomic():
            record(looked(one))
        transaction.rollback()
        transaction.set_autocommit(True)
        with transaction.atomic():
            record(looked(one))

        assert [row.position for row in recent(one)] == [1]
        assert verify(one) == []


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize(
        "text",
        [
            "UPDATE journal_entry SET role = 'other'",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
            "TRUNCATE journal_entry_default",
            "TRUNCATE journal_entry_y2026m11",
            "UPDATE journal_entry_y2026m11 SET role = 'other'",
            "DELETE FROM journal_head",
            "TRUNCATE journal_head",
            "UPDATE journal_head SET hash = sha256('x')",
            "UPDATE journal_head SET count = count - 1",
        ],
    )
    def test_the_tables_refuse(self, text):
        ensure_partitions(NOW)
        record(looked(uuid7()))

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(text)


@pytest.mark.django_db
class TestQueries:
    def test_who_looked_is_newest_first_and_of_one_organisation_only(self):
        one, other = uuid7(), uuid7()
        record_many([looked(one), looked(other), looked(one, 2), looked(one, role="gp")])

        rows = who_looked("order", "1", one)

        assert [(row.position, row.role) for row in rows] == [(3, "gp"), (1, "")]

    def test_recent_pages_by_position(self):
        one = uuid7()
        record_many([looked(one, number) for number in range(1, 8)])

        first = recent(one, limit=3)
        second = recent(one, limit=3, before=first[-1].position)

        assert [row.position for row in first + second] == [7, 6, 5, 4, 3, 2]


@pytest.mark.django_db
class TestPartitions:
    def test_are_made_four_months_ahead_and_only_once(self):
        at = datetime(2031, 11, 30, 23, 59, tzinfo=UTC)

        assert ensure_partitions(at) == ensure_partitions(at) == ()

        names = ["2031m11", "2031m12", "2032m01", "2032m02"]
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT to_regclass(%s)", [f"journal_entry_y{name}"])
                assert cursor.fetchone()[0]

    def test_writing_goes_on_without_one_and_that_is_counted(self):
        one, before = uuid7(), stray_count()
        at = datetime(2041, 1, 31, tzinfo=UTC)

        record(looked(one, at=at))

        assert stray_count() == before + 1
        assert verify(one) == []
        assert ensure_partitions(at) == (date(2041, 1, 1),)

    def test_a_partition_made_later_is_guarded_like_the_others(self):
        at = datetime(2033, 5, 1, tzinfo=UTC)
        ensure_partitions(at)
        record(looked(uuid7(), at=at))

        for text in ("TRUNCATE journal_entry_y2033m05", "DELETE FROM journal_entry_y2033m05"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(text)


@pytest.mark.django_db(transaction=True)
class TestRecordSet:
    async def test_two_connections_and_many_organisations_never_deadlock(self):
        organisations = [uuid7() for _ in range(60)]

        async def write(shift: int, turns: int) -> None:
            conn = await async_connect()
            for turn in range(turns):
                order = organisations[shift:] + organisations[:shift]
                if turn % 2:
                    order.reverse()
                async with conn.transaction():
                    await record_set(conn, [looked(o, turn) for o in order for _ in range(2)])
            await conn.close()

        await asyncio.gather(*(write(shift, 15) for shift in (0, 17, 31, 48)))

        def check() -> None:
            assert all(verify(o) == [] for o in organisations)
            assert {recent(o, limit=1)[0].position for o in organisations} == {120}

        await asyncio.to_thread(in_thread, check)

    @pytest.mark.slow
    async def test_a_full_set_is_quick(self):
        conn = await async_connect()
        organisations = [uuid7() for _ in range(256)]
        took_s = []
        for turn in range(20):
            async with conn.transaction():
                started = time.perf_counter()
                await record_set(conn, [looked(o, turn) for o in organisations])
                took_s.append(time.perf_counter() - started)
        await conn.close()
        assert sorted(took_s)[len(took_s) // 2] < 0.06  # 15 ms is the target on a quiet machine


def in_thread(work):
    try:
        work()
    finally:
        connection.close()
