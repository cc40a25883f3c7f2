"""Every way to tamper is found; Python and SQL agree on every hash."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standvast.core.journal.api import Break, Entry, Kind, heads_statement, record_many, verify
from standvast.kit.ids import uuid7

NOW = datetime(2026, 11, 22, 21, 45, tzinfo=UTC)
OTHER = "'00000000-0000-7000-8000-000000000001'"
TAMPERED = {
    "organisation_id": OTHER,
    "position": "9",
    "at": "at + interval '1 microsecond'",
    "action": "'D'",
    "event": "'order.unseen'",
    "record_kind": "'campaign'",
    "record_id": "'8'",
    "person_id": OTHER,
    "role": "'gp'",
    "on_behalf_of": OTHER,
    "helping_from": OTHER,
    "from_address": "'192.0.2.9'",
    "outcome": "8",
    "purpose": "'x'",
    "trace_id": "'x'",
    "detail": "'{\"tens\":4}'",
    "hash": "sha256('x')",
}


def five_entries() -> uuid.UUID:
    organisation_id = uuid7()
    record_many(
        [
            Entry(organisation_id, NOW, "R", "order.seen", "order", str(n), detail={"tens": 3})
            for n in range(1, 6)
        ]
    )
    return organisation_id


def tamper(text: str, *values: object) -> None:
    """Change the tables as somebody with the database in their hands would."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(text, values)
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.django_db
class TestVerify:
    def test_finds_nothing_in_a_whole_chain(self):
        assert verify(five_entries()) == []

    def test_every_column_of_the_table_is_tried_below(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM journal_entry LIMIT 0")
            assert {column.name for column in cursor.description} == set(TAMPERED)

    @pytest.mark.parametrize("column", sorted(TAMPERED))
    def test_finds_a_change_of(self, column):
        organisation_id = five_entries()

        tamper(
            f"UPDATE journal_entry SET {column} = {TAMPERED[column]}"
            " WHERE organisation_id = %s AND position = 3",
            organisation_id,
        )

        assert any(found.position in (3, 4) for found in verify(organisation_id))

    def test_says_where_a_change_is_and_only_there(self):
        organisation_id = five_entries()
        tamper(
            "UPDATE journal_entry SET role = 'gp' WHERE organisation_id = %s AND position = 2",
            organisation_id,
        )

        assert verify(organisation_id) == [Break(organisation_id, 2, Kind.CHANGED)]

    def test_finds_a_removal(self):
        organisation_id = five_entries()
        tamper(
            "DELETE FROM journal_entry WHERE organisation_id = %s AND position = 2", organisation_id
        )

        assert Break(organisation_id, 2, Kind.MISSING) in verify(organisation_id)

    def test_finds_a_removal_whose_gap_was_closed(self):
        organisation_id = five_entries()
        tamper(
            "DELETE FROM journal_entry WHERE organisation_id = %s AND position = 2", organisation_id
        )
        for position in (3, 4, 5):
            tamper(
                "UPDATE journal_entry SET position = position - 1"
                " WHERE organisation_id = %s AND position = %s",
                organisation_id,
                position,
            )

        assert Break(organisation_id, 2, Kind.CHANGED) in verify(organisation_id)

    def test_finds_an_insertion(self):
        organisation_id = five_entries()
        tamper(
            "INSERT INTO journal_entry SELECT organisation_id, position, at + interval '1 s',"
            " action, event, record_kind, record_id, person_id, role, on_behalf_of, helping_from,"
            " from_address, outcome, purpose, trace_id, detail, hash"
            " FROM journal_entry WHERE organisation_id = %s AND position = 3",
            organisation_id,
        )

        assert Break(organisation_id, 3, Kind.DOUBLED) in verify(organisation_id)

    def test_finds_an_exchange_of_two(self):
        organisation_id = five_entries()
        for old, new in ((2, 99), (3, 2), (99, 3)):
            tamper(
                "UPDATE journal_entry SET position = %s"
                " WHERE organisation_id = %s AND position = %s",
                new,
                organisation_id,
                old,
            )

        assert {found.position for found in verify(organisation_id)} >= {2, 3}

    @pytest.mark.parametrize("kept", [0, 1, 4])
    def test_finds_a_cut_tail(self, kept):
        organisation_id = five_entries()
        tamper(
            "DELETE FROM journal_entry WHERE organisation_id = %s AND position > %s",
            organisation_id,
            kept,
        )

        assert Break(organisation_id, kept + 1, Kind.TAIL) in verify(organisation_id)

    def test_finds_a_cut_tail_whose_head_was_set_back_only_by_the_statement_kept_elsewhere(self):
        organisation_id = five_entries()
        kept = heads_statement(NOW)
        tamper(
            "DELETE FROM journal_entry WHERE organisation_id = %s AND position > 4", organisation_id
        )
        tamper(
            "UPDATE journal_head SET count = 4, hash = (SELECT hash FROM journal_entry e"
            " WHERE e.organisation_id = journal_head.organisation_id AND position = 4)"
            " WHERE organisation_id = %s",
            organisation_id,
        )

        assert verify(organisation_id) == []
        assert heads_statement(NOW) != kept

    def test_finds_a_lost_head_and_looks_at_all_when_asked(self):
        organisation_id = five_entries()
        tamper("DELETE FROM journal_head WHERE organisation_id = %s", organisation_id)

        assert Break(organisation_id, 5, Kind.HEADLESS) in verify()


words = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=30
)
ids = st.none() | st.uuids()
entries = st.builds(
    Entry,
    organisation_id=st.sampled_from([uuid7() for _ in range(4)]),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)).map(
        lambda at: at.replace(tzinfo=UTC)
    )
    | st.integers(0, 10**6).map(lambda micros: NOW + timedelta(microseconds=micros)),
    action=st.sampled_from("CRUDE"),
    event=words.filter(bool),
    record_kind=words.filter(bool),
    record_id=words,
    person_id=ids,
    role=words,
    on_behalf_of=ids,
    helping_from=ids,
    from_address=words,
    outcome=st.sampled_from([0, 4, 8, 12]),
    purpose=words,
    trace_id=words,
    detail=st.dictionaries(words, words | st.integers(), max_size=4),
)


@pytest.mark.django_db
class TestBothHashesAgree:
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(entries, max_size=12))
    def test_whatever_stands_in_an_entry(self, given_entries):
        record_many(given_entries)

        assert [found for found in verify() if found.kind is Kind.CHANGED] == []
