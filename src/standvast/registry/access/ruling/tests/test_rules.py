import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.registry.access.ruling.rules import (
    DECISIONS_MIN,
    MOVES,
    ApproverProposed,
    EndNotRight,
    Loss,
    MoveNotAllowed,
    NotShown,
    PeopleWouldLose,
    Shown,
    State,
    check_approved,
    check_approver,
    check_end,
    check_move,
    check_nobody_loses,
    check_shown,
    decisions_min_for,
)

NOW = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)
ONE, OTHER, PLACE = (uuid.UUID(int=n) for n in (1, 2, 3))
LOSS = Loss(ONE, PLACE, "claims.see")
SHOWN = Shown(
    digest="d",
    live="l",
    is_whole=True,
    at=NOW,
    decisions_count=600,
    decisions_min=500,
    layers_not_judged=(),
    faults_count=0,
    losses=(),
    excepted=(),
)


def shown(**changed):
    return check_shown(
        replace(SHOWN, **changed),
        digest="d",
        live="l",
        changed_at=NOW - timedelta(minutes=1),
        now=NOW + timedelta(minutes=1),
    )


class TestMoves:
    @pytest.mark.parametrize("current", list(State))
    @pytest.mark.parametrize("target", list(State))
    def test_are_in_the_table_or_refused(self, current, target):
        if target in MOVES[current]:
            check_move(current, target)
        else:
            with pytest.raises(MoveNotAllowed):
                check_move(current, target)

    def test_to_enforced_lead_over_an_approval(self):
        ways = {state for state, targets in MOVES.items() if State.ENFORCED in targets}

        assert ways == {State.APPROVED, State.REPLACED}


class TestTheReport:
    def test_shows_these_rules_after_the_change(self):
        assert shown() is None

    @pytest.mark.parametrize(
        "changed",
        [
            {"at": NOW - timedelta(minutes=1)},
            {"digest": "other"},
            {"live": "what was enforced before"},
            {"is_whole": False},
            {"layers_not_judged": ("record",)},
            {"decisions_count": 499},
            {"faults_count": 1},
            {"at": NOW - timedelta(hours=25)},
        ],
    )
    def test_that_shows_too_little_counts_as_none(self, changed):
        with pytest.raises(NotShown):
            shown(**changed)

    def test_that_is_not_there_is_none(self):
        with pytest.raises(NotShown):
            check_shown(None, digest="d", live="l", changed_at=NOW, now=NOW)

    def test_is_too_old_after_a_day(self):
        kept = {"digest": "d", "live": "l", "changed_at": NOW - timedelta(minutes=1)}
        check_shown(SHOWN, now=NOW + timedelta(hours=24), **kept)
        with pytest.raises(NotShown):
            check_shown(SHOWN, now=NOW + timedelta(hours=24, microseconds=1), **kept)

    def test_asks_no_more_decisions_than_there_are(self):
        assert decisions_min_for(0) == 1
        assert decisions_min_for(3) == 3
        assert decisions_min_for(10**6) == DECISIONS_MIN


class TestLosses:
    def test_stop_it_until_each_is_signed_off(self):
        losing = replace(SHOWN, losses=(LOSS, replace(LOSS, right="claims.send")))
        half = replace(losing, excepted=(LOSS,))
        whole = replace(losing, excepted=losing.losses)

        for one in (losing, half):
            with pytest.raises(PeopleWouldLose):
                check_nobody_loses(one)
            assert (one.denied, one.signed_off) == (1, 0)
        check_nobody_loses(whole)
        assert (whole.denied, whole.signed_off) == (1, 1)

    def test_elsewhere_is_another_loss(self):
        there = replace(LOSS, organisation_id=OTHER)

        with pytest.raises(PeopleWouldLose):
            check_nobody_loses(replace(SHOWN, losses=(LOSS, there), excepted=(LOSS,)))

    @given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
    def test_are_signed_off_only_by_exceptions_of_the_same(self, losing, signed):
        losses = [Loss(uuid.UUID(int=n), PLACE, "r") for n in losing]
        excepted = [Loss(uuid.UUID(int=n), PLACE, "r") for n in signed]
        one = replace(SHOWN, losses=losses, excepted=excepted)

        assert one.denied == len(losing)
        assert one.signed_off == len(losing & signed)


class TestApproval:
    def test_takes_a_second_person(self):
        check_approver(proposed_by=ONE, approver_id=OTHER)
        for nobody in (ONE, None):
            with pytest.raises(ApproverProposed):
                check_approver(proposed_by=ONE, approver_id=nobody)

    def test_is_of_exactly_these_rules(self):
        check_approved(approved="d", digest="d")
        with pytest.raises(NotShown):
            check_approved(approved="d", digest="e")


@pytest.mark.parametrize(
    ("days", "is_right"), [(0, False), (-1, False), (1, True), (90, True), (91, False)]
)
def test_an_exception_ends_within_ninety_days(days, is_right):
    if is_right:
        check_end(NOW + timedelta(days=days), now=NOW)
    else:
        with pytest.raises(EndNotRight):
            check_end(NOW + timedelta(days=days), now=NOW)
