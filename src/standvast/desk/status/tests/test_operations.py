"""Closing, telling, putting away; and the board that every process keeps."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.utils import translation

from standvast.core.journal.api import recent
from standvast.desk.status import board as board_file
from standvast.desk.status.board import FunctionClosed, board, check_open, closed
from standvast.desk.status.models import Closure, Notice
from standvast.desk.status.operations import (
    AlreadyClosed,
    AlreadyEnded,
    CannotPutAway,
    ClosureNotFound,
    FunctionUnknown,
    NoticeNotFound,
    ReasonMissing,
    close_function,
    end_notice,
    publish_notice,
    put_away,
    reopen_function,
)
from standvast.desk.status.queries import closure_rows, maintenance_windows, notice_rows
from standvast.desk.status.rules import NoticeKind
from standvast.desk.status.strip import notices_for, public_notices
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague
from standvast.web.api import say

pytestmark = pytest.mark.django_db
TEXTS = {"nl": "Bestellen is even gesloten.", "en": "Ordering is closed."}


@pytest.fixture
def operator():
    return a_colleague(Role.OPERATOR).actor


@pytest.fixture
def now():
    return datetime.now(UTC)


def close(actor, now, **more):
    base = {
        "function": "orders.place", "organisation_ids": None, "texts": TEXTS,
        "reason": "mail is slow", "actor": actor, "now": now,
    }  # fmt: skip
    return close_function(**{**base, **more})


def tell(actor, now, **more):
    base = {
        "kind": NoticeKind.KNOWN_PROBLEM, "components": ["ordering"], "organisation_ids": None,
        "texts": TEXTS, "actor": actor, "now": now,
    }  # fmt: skip
    return publish_notice(**{**base, **more})


def afresh():
    """What another process, or this one a second later, would know."""
    board_file._board = None


class TestCloseFunction:
    def test_closes_for_all_and_says_the_desks_words_in_ones_language(self, operator, now):
        close(operator, now)

        with pytest.raises(FunctionClosed) as closure:
            check_open("orders.place", uuid.uuid4())
        check_open("orders.cancel", uuid.uuid4())

        assert say(closure.value, "en") == "Ordering is closed."
        assert say(closure.value, "fr") == "Bestellen is even gesloten."
        assert closure.value.retry_after_s == 60

    def test_closes_for_some_and_not_for_others(self, operator, now):
        mine, other = uuid.uuid4(), uuid.uuid4()
        close(operator, now, organisation_ids=[mine])

        assert closed("orders.place", mine) is not None
        assert closed("orders.place", other) is None
        assert closed("orders.place", None) is None

    def test_ends_by_itself(self, operator, now):
        close(operator, now, until_at=now + timedelta(hours=1))

        later = now + timedelta(hours=1)
        assert closed("orders.place", None, now=later - timedelta(seconds=1)) is not None
        assert closed("orders.place", None, now=later) is None

    def test_is_journaled_and_can_be_reopened_once(self, operator, now):
        closure_id = close(operator, now)
        reopen_function(closure_id=closure_id, actor=operator, now=now + timedelta(minutes=1))
        afresh()

        assert closed("orders.place", None) is None
        events = [e.event for e in recent(operator.organisation_id)]
        assert set(events) >= {"status.function_closed", "status.function_reopened"}
        with pytest.raises(AlreadyEnded):
            reopen_function(closure_id=closure_id, actor=operator, now=now)
        assert [row.is_on for row in closure_rows(now)] == [False]

    def test_refuses_what_cannot_be(self, operator, now):
        with pytest.raises(FunctionUnknown):
            close(operator, now, function="moon.land")
        with pytest.raises(ReasonMissing):
            close(operator, now, reason=" ")
        with pytest.raises(ClosureNotFound):
            reopen_function(closure_id=uuid.uuid4(), actor=operator, now=now)
        close(operator, now)
        with pytest.raises(AlreadyClosed):
            close(operator, now)
        assert Closure.objects.count() == 1


class TestLastKnown:
    def test_a_closure_outlives_the_database_and_the_process(self, operator, now, monkeypatch):
        close(operator, now)
        assert closed("orders.place", None) is not None

        def gone():
            raise OperationalError("gone")

        monkeypatch.setattr(connection, "cursor", gone)
        afresh()  # another process, that never reached the database

        assert closed("orders.place", None) is not None

    def test_asks_the_database_at_most_once_a_second(self, django_assert_num_queries):
        closed("orders.place", None)
        with django_assert_num_queries(0):
            for _ in range(20):
                closed("orders.place", None)

    def test_sees_a_closure_of_another_process_within_a_second(self, operator, now, monkeypatch):
        assert closed("orders.place", None) is None
        close(operator, now)
        kept = board()
        kept._refreshed_at -= 1.0
        kept._tried_at -= 1.0

        assert closed("orders.place", None) is not None

    def test_is_read_whole_only_when_a_row_came_or_went(self, operator, now):
        def read_again():
            board()._refreshed_at -= 1.0
            board()._tried_at -= 1.0
            return board().fresh()

        tell(operator, now, organisation_ids=[uuid.uuid4()])
        first = board().fresh()
        same = read_again()
        close(operator, now)
        other = read_again()

        assert same.notices is first.notices
        assert same.at > first.at
        assert (len(other.notices), len(other.closures)) == (1, 1)


class TestNotices:
    def test_reaches_exactly_those_it_is_for(self, operator, now):
        practice, other = a_colleague().actor, a_colleague().actor
        tell(operator, now, organisation_ids=[practice.organisation_id], kind=NoticeKind.OUTAGE)

        with translation.override("en"):
            mine = notices_for(practice, now)
            theirs = notices_for(other, now)
        assert [(view.kind, view.text) for view in mine] == [("harm", "Ordering is closed.")]
        assert list(theirs) == []
        assert list(public_notices(now)) == []

    def test_says_that_a_missing_language_follows(self, operator, now):
        practice = a_colleague().actor
        tell(operator, now)

        with translation.override("fr"):
            [view] = notices_for(practice, now)
        assert view.text.startswith("Bestellen is even gesloten. ")

    def test_a_known_problem_can_be_put_away_by_one_person_and_an_outage_by_nobody(
        self, operator, now
    ):
        practice, other = a_colleague().actor, a_colleague().actor
        known = tell(operator, now)
        outage = tell(operator, now, kind=NoticeKind.OUTAGE)

        put_away(notice_id=known, actor=practice, now=now)
        put_away(notice_id=known, actor=practice, now=now)
        with pytest.raises(CannotPutAway):
            put_away(notice_id=outage, actor=practice, now=now)

        assert [view.kind for view in notices_for(practice, now)] == ["harm"]
        assert len(notices_for(other, now)) == 2

    def test_cannot_be_put_away_by_whom_it_is_not_for(self, operator, now):
        known = tell(operator, now, organisation_ids=[uuid.uuid4()])
        with pytest.raises(NoticeNotFound):
            put_away(notice_id=known, actor=operator, now=now)

    def test_ends_once_and_leaves_the_strip(self, operator, now):
        notice_id = tell(operator, now)
        end_notice(notice_id=notice_id, actor=operator, now=now + timedelta(seconds=1))
        afresh()

        assert list(notices_for(operator, now + timedelta(seconds=2))) == []
        assert [row.is_on for row in notice_rows(now)] == [False]
        with pytest.raises(AlreadyEnded):
            end_notice(notice_id=notice_id, actor=operator, now=now)
        with pytest.raises(NoticeNotFound):
            end_notice(notice_id=uuid.uuid4(), actor=operator, now=now)

    def test_a_closure_stands_in_the_strip_too(self, operator, now):
        close(operator, now)
        assert [view.kind for view in notices_for(operator, now)] == ["closed"]

    def test_maintenance_makes_a_window(self, operator, now):
        until_at = now + timedelta(hours=1)
        tell(operator, now, kind=NoticeKind.MAINTENANCE, until_at=until_at)
        windows = maintenance_windows(now - timedelta(days=1), now + timedelta(days=1))
        assert windows == {"ordering": [(now, until_at)]}
        assert Notice.objects.count() == 1
