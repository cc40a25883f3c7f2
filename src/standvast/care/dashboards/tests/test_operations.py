"""It counts once a day, in bounded time; what breaks there is felt by nobody else."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from standvast.care.dashboards.models import Count, Counting
from standvast.care.dashboards.operations import counting
from standvast.care.dashboards.operations.counting import (
    AGAIN_AFTER,
    BROKEN_FOR,
    CountedLately,
    count_again,
    count_organisation,
    keep_counted,
)
from standvast.care.dashboards.operations.looking import KIND, export, look
from standvast.care.dashboards.queries import NotYours, counted
from standvast.care.dashboards.rules.cells import window_at
from standvast.care.dashboards.rules.tables import Asked
from standvast.care.dashboards.testing import (
    a_source,
    broken_source,
    sources,
    two_programmes,
)
from standvast.core.journal.models import JournalEntry
from standvast.kit.wiring import rewired
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, a_membership

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WINDOW = window_at(NOW.date())


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


def good(gp):
    return a_source({gp.organisation.id: two_programmes(WINDOW)})


def count(gp, source, now=NOW):
    with rewired(sources(source)):
        keep_counted(organisation_ids=[gp.organisation.id], now=now)


def asked(*organisation_ids):
    return Asked(frozenset(organisation_ids), WINDOW)


def events(organisation_id):
    return list(
        JournalEntry.objects.filter(organisation_id=organisation_id, record_kind=KIND)
        .order_by("position")
        .values_list("event", flat=True)
    )


class TestKeepCounted:
    def test_counts_once_a_day(self, gp):
        asked_count = 0

        def counting_source():
            source = good(gp)

            def count_it(*about):
                nonlocal asked_count
                asked_count += 1
                return source.count(*about)

            return type(source)(count_it, source.titles)

        for hours in (0, 3, 24):
            count(gp, counting_source(), NOW + timedelta(hours=hours))

        assert asked_count == 2

    def test_replaces_what_was_known(self, gp):
        count(gp, good(gp))
        before = Count.objects.count()
        count(gp, a_source({}), NOW + timedelta(days=1))

        assert before > 0
        assert Count.objects.count() == 0

    @pytest.mark.parametrize("error", [RuntimeError, ZeroDivisionError, AssertionError])
    def test_keeps_the_last_count_when_a_source_breaks(self, gp, error):
        count(gp, good(gp))
        known = Count.objects.count()

        count(gp, broken_source(error), NOW + timedelta(days=1))

        assert Count.objects.count() == known
        assert counted([gp.organisation.id]).at == NOW
        assert counted([gp.organisation.id]).is_broken

    def test_asks_a_broken_source_once_a_minute(self, gp):
        count(gp, broken_source(RuntimeError))
        count(gp, good(gp), NOW + BROKEN_FOR / 2)
        assert counted([gp.organisation.id]).at is None

        count(gp, good(gp), NOW + BROKEN_FOR)

        assert counted([gp.organisation.id]).at == NOW + BROKEN_FOR
        assert not counted([gp.organisation.id]).is_broken

    def test_takes_nothing_that_is_about_somebody_else(self, gp):
        other = a_colleague(Role.GP)
        source = a_source({other.organisation.id: two_programmes(WINDOW)})
        mistaken = type(source)(
            lambda _, window: source.count(other.organisation.id, window), source.titles
        )

        count(gp, mistaken)

        assert Count.objects.count() == 0
        assert counted([gp.organisation.id]).is_broken

    def test_ends_a_statement_that_takes_too_long(self, gp, monkeypatch):
        monkeypatch.setattr(counting, "COUNT_S_MAX", 0.05)

        def sleeps(*_):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(5)")
            return []

        count(gp, type(good(gp))(sleeps, {}))

        assert counted([gp.organisation.id]).is_broken
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone()[0] == "0"

    def test_waits_for_nobody_who_counts_already(self, gp):
        Counting.objects.create(organisation_id=gp.organisation.id)
        held, done = threading.Event(), threading.Event()

        def hold():
            with transaction.atomic():
                Counting.objects.select_for_update().get(organisation_id=gp.organisation.id)
                held.set()
                done.wait(10)
            connection.close()

        holder = threading.Thread(target=hold)
        holder.start()
        assert held.wait(10)
        try:
            with rewired(sources(good(gp))):
                assert not count_organisation(organisation_id=gp.organisation.id, now=NOW)
        finally:
            done.set()
            holder.join()


class TestCountAgain:
    def test_counts_anew_after_a_quarter_of_an_hour(self, gp):
        count(gp, a_source({}))
        with rewired(sources(good(gp))):
            with pytest.raises(CountedLately) as refused:
                count_again(
                    actor=gp.actor,
                    organisation_ids=[gp.organisation.id],
                    now=NOW + AGAIN_AFTER - timedelta(seconds=90),
                )
            assert refused.value.values == {"minutes": 2}
            count_again(
                actor=gp.actor, organisation_ids=[gp.organisation.id], now=NOW + AGAIN_AFTER
            )

        assert Count.objects.count() > 0

    def test_counts_nobody_elses(self, gp):
        other = a_colleague(Role.GP)

        with pytest.raises(NotYours):
            count_again(actor=gp.actor, organisation_ids=[other.organisation.id], now=NOW)

        assert not Counting.objects.exists()


class TestLook:
    def test_shows_the_tables_and_writes_the_look_down(self, gp):
        count(gp, good(gp))

        seen = look(actor=gp.actor, asked=asked(gp.organisation.id), window=WINDOW, now=NOW)
        export(actor=gp.actor, asked=asked(gp.organisation.id), window=WINDOW, now=NOW)

        assert seen.board.total.value == 12 * 15 + 12 * 8
        assert not seen.board.total.is_all
        assert events(gp.organisation.id) == ["dashboards.seen", "dashboards.exported"]

    def test_shows_nothing_of_another_organisation(self, gp):
        other = a_colleague(Role.GP)
        count(other, a_source({other.organisation.id: two_programmes(WINDOW)}))

        for act in (look, export):
            with pytest.raises(NotYours):
                act(
                    actor=gp.actor,
                    asked=asked(gp.organisation.id, other.organisation.id),
                    window=WINDOW,
                    now=NOW,
                )

        assert events(other.organisation.id) == []

    def test_shows_all_organisations_where_the_role_gives_it_and_tells_each(self, gp):
        second, third = a_colleague(Role.GP), a_colleague(Role.GP)
        a_membership(gp.person, second.organisation, Role.GP)
        a_membership(gp.person, third.organisation, Role.ASSISTANT)
        both = (gp.organisation.id, second.organisation.id)
        with rewired(sources(a_source(dict.fromkeys(both, two_programmes(WINDOW))))):
            keep_counted(organisation_ids=both, now=NOW)

        seen = look(actor=gp.actor, asked=asked(*both), window=WINDOW, now=NOW)

        assert len(seen.board.by_practice) == 2
        assert events(second.organisation.id) == ["dashboards.seen"]
        with pytest.raises(NotYours):
            look(actor=gp.actor, asked=asked(third.organisation.id), window=WINDOW, now=NOW)

    def test_shows_nothing_for_no_organisation(self, gp):
        with pytest.raises(NotYours):
            look(actor=gp.actor, asked=asked(), window=WINDOW, now=NOW)

    def test_keeps_an_unknown_organisation_and_a_strangers_apart_for_nobody(self, gp):
        with pytest.raises(NotYours):
            look(actor=gp.actor, asked=asked(uuid.uuid4()), window=WINDOW, now=NOW)
