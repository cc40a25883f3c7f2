"""Rules of ordering: examples and properties, without a database."""

import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.campaigns import rules
from standvast.care.campaigns.checklist import checklist
from standvast.care.campaigns.decisions import Batch
from standvast.care.campaigns.items import Kept, Take, received_at
from standvast.care.campaigns.months import months_of
from standvast.care.campaigns.workdays import last_change_on, working_days
from standvast.kit.actor import Actor
from standvast.kit.workdays import is_working_day

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ON = date(2026, 10, 5)


def season(**changed):
    values = {
        "id": 1,
        "slug": "flu-2026",
        "programme": "flu",
        "year": 2026,
        "state": "open",
        "opens_at": NOW - timedelta(minutes=1),
        "doors_at": NOW - timedelta(hours=1),
        "closes_at": NOW + timedelta(days=30),
        "paused_at": None,
        "step": 10,
        "hold_s": 300,
        "change_working_days_min": 8,
        "ceiling_percent": None,
        "lobby": "",
        "region": "nl",
    } | changed
    return rules.SeasonTerms(**values)


def customer(number=1, **changed):
    values = {
        "organisation_id": UUID(int=number),
        "season_id": 1,
        "kind": "practice",
        "address_key": f"address-{number}",
        "ordered_last": None,
        "administered_last": None,
        "doses_max": 5_000,
    } | changed
    return rules.CustomerTerms(**values)


def a_day(**changed):
    values = {
        "id": 1,
        "season_id": 1,
        "on": ON,
        "doses_max": 1_000,
        "doses_taken": 0,
        "addresses_max": 3,
        "addresses_taken": 0,
        "is_closed": False,
        "version": 1,
    } | changed
    return rules.Day(**values)


class TestHowMuch:
    @pytest.mark.parametrize("doses", [10, 20, 5_000])
    def test_steps_up_to_the_bound_pass(self, doses):
        assert rules.check_doses(doses, season=season(), customer=customer()) is None

    @pytest.mark.parametrize("doses", [0, -10, 5, 15, 5_010, 10**9, -(2**31)])
    def test_others_are_refused_with_what_would_be_right(self, doses):
        with pytest.raises(rules.DosesWrong) as refused:
            rules.check_doses(doses, season=season(), customer=customer())

        assert all(value > 0 for value in refused.value.values.values())

    @given(st.integers(1, 1_000), st.integers(1, 300), st.integers(1, 100))
    def test_a_ceiling_never_takes_away_what_was_ordered(self, steps, percent, step):
        terms = season(step=step, ceiling_percent=100 + percent)
        mine = customer(ordered_last=steps * step, doses_max=rules.DOSES_MAX)

        ceiling = rules.doses_ceiling(terms, mine)

        assert ceiling % step == 0
        assert ceiling >= min(steps * step, rules.DOSES_MAX - rules.DOSES_MAX % step)

    def test_a_newcomer_has_no_ceiling_but_the_bound_of_its_kind(self):
        terms = season(ceiling_percent=115)

        assert rules.doses_ceiling(terms, customer(ordered_last=None)) == 5_000
        assert rules.doses_ceiling(terms, customer(ordered_last=600)) == 690


class TestWhen:
    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"state": "planned"}, rules.NotOpenYet),
            ({"opens_at": NOW + timedelta(seconds=1)}, rules.NotOpenYet),
            ({"state": "paused"}, rules.SeasonPaused),
            ({"state": "closed"}, rules.SeasonClosed),
            ({"closes_at": NOW}, rules.SeasonClosed),
        ],
    )
    def test_a_season_that_is_not_open_says_how(self, changed, error):
        with pytest.raises(error):
            rules.check_open(season(**changed), at=NOW)

    @pytest.mark.parametrize("state", list(rules.SeasonState))
    def test_a_closed_season_never_opens_again(self, state):
        with pytest.raises(rules.SeasonMoveNotAllowed):
            rules.check_season_move(rules.SeasonState.CLOSED, state)

    def test_eight_working_days_leave_weekends_and_holidays_out(self):
        assert last_change_on(date(2026, 10, 5), days_min=8, region="nl") == date(2026, 9, 23)
        assert last_change_on(date(2026, 12, 29), days_min=1, region="nl") == date(2026, 12, 28)
        assert last_change_on(date(2026, 12, 28), days_min=1, region="nl") == date(2026, 12, 24)
        assert last_change_on(ON, days_min=0, region="nl") == ON

    def test_regions_have_their_own_holidays(self):
        kings_day, national_day = date(2027, 4, 27), date(2026, 7, 21)

        assert not is_working_day(kings_day, region="nl")
        assert is_working_day(kings_day, region="be")
        assert not is_working_day(national_day, region="be")

    @given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(1, 60))
    def test_working_days_are_in_order_and_as_many_as_asked(self, first, count):
        found = working_days(first, count=count, region="be")

        assert len(found) == count
        assert found == sorted(set(found))
        assert all(is_working_day(on, region="be") for on in found)


class TestWhoseTime:
    def test_a_confirmation_counts_by_when_it_reached_us(self):
        until = NOW + timedelta(seconds=300)

        assert rules.is_in_time(held_until=until, received_at=until)
        assert not rules.is_in_time(held_until=until, received_at=until + timedelta(seconds=1))

    @given(st.floats(0, 10_000))
    def test_what_waited_here_is_taken_off(self, waited_s):
        actor = Actor(None, UUID(int=1), "gp")
        item = Take(1, ON, 10, actor, "key-12345", received_s=50_000.0)

        reached = received_at(item, now=NOW, monotonic_s=50_000.0 + waited_s)

        assert abs((NOW - reached).total_seconds() - waited_s) < 0.001

    def test_a_clock_that_runs_backwards_charges_nobody(self):
        item = Take(1, ON, 10, Actor(None, UUID(int=1), "gp"), "key-12345", received_s=10.0)

        assert received_at(item, now=NOW, monotonic_s=5.0) == NOW


class TestBatch:
    @given(
        st.lists(
            st.tuples(st.integers(1, 6), st.sampled_from([10, 50, 300, 1_000, 15]), st.booleans()),
            max_size=25,
        )
    )
    def test_never_gives_more_than_there_is(self, asked):
        customers = {(1, UUID(int=n)): customer(n, address_key=f"a{n % 4}") for n in range(1, 7)}
        day = a_day()
        batch = Batch(
            now=NOW,
            monotonic_s=time.monotonic(),
            today=NOW.date(),
            seasons={1: season()},
            customers=customers,
            days={(1, ON): day},
            stops={},
            orders={},
            admitted={},
        )

        for number, doses, final in asked:
            actor = Actor(None, UUID(int=number), "gp")
            batch.decide(Take(1, ON, doses, actor, str(uuid4()), time.monotonic(), final))

        standing = [o for o in batch.inserted.values() if o.state in rules.OPEN_STATES]
        assert day.doses_taken == sum(order.doses for order in standing) <= 1_000
        assert day.addresses_taken == len({order.address_key for order in standing}) <= 3
        assert len({order.organisation_id for order in standing}) == len(standing)
        assert batch.doses_delta.get(1, 0) == day.doses_taken
        assert batch.addresses_delta.get(1, 0) == day.addresses_taken

    def test_a_smaller_one_that_comes_later_may_still_fit(self):
        customers = {(1, UUID(int=n)): customer(n) for n in (1, 2)}
        batch = Batch(
            now=NOW,
            monotonic_s=0.0,
            today=NOW.date(),
            seasons={1: season()},
            customers=customers,
            days={(1, ON): a_day(doses_max=50)},
            stops={},
            orders={},
            admitted={},
        )

        big = batch.decide(Take(1, ON, 100, Actor(None, UUID(int=1), "gp"), "key-11111", 0.0))
        small = batch.decide(Take(1, ON, 50, Actor(None, UUID(int=2), "gp"), "key-22222", 0.0))

        assert isinstance(big, rules.DayFull)
        assert isinstance(small, Kept)


class TestShown:
    def test_the_calendar_says_why_a_day_cannot_be_had(self):
        days = [
            a_day(),
            a_day(id=2, on=date(2026, 10, 6), doses_taken=995),
            a_day(id=3, on=date(2026, 10, 7), addresses_taken=3),
            a_day(id=4, on=date(2026, 10, 8), is_closed=True),
            a_day(id=5, on=date(2026, 11, 2)),
        ]

        october, november = months_of(days, step=10, today=NOW.date())

        states = [cell.state for week in october.weeks for cell in week if cell]
        assert states == ["open", "full_doses", "full_addresses", "closed"]
        assert november.first_on == date(2026, 11, 1)
        assert all(len(week) == 5 for week in october.weeks + november.weeks)

    def test_a_reference_is_short_and_has_no_doubtful_signs(self):
        found = {rules.order_reference(uuid4()) for _ in range(500)}

        assert len(found) == 500
        assert all(len(text) == 9 and not set(text) & set("01IOL") for text in found)

    def test_the_checklist_is_green_only_when_all_is_so(self):
        given_ = {"customers_count": 3, "kinds_count": 1, "doses_last": 900, "now": NOW}
        terms = season(
            state="planned",
            doors_at=NOW + timedelta(hours=1),
            opens_at=NOW + timedelta(hours=2),
        )

        assert all(item.is_green for item in checklist(terms, [a_day()], **given_))
        for changed in (
            {"customers_count": 4},
            {"customers_count": 0},
            {"doses_last": 1_001},
            {"now": NOW + timedelta(hours=3)},
        ):
            assert not all(i.is_green for i in checklist(terms, [a_day()], **(given_ | changed)))
        assert not all(item.is_green for item in checklist(terms, [], **given_))
        sunday = a_day(on=date(2026, 10, 4))
        assert not all(item.is_green for item in checklist(terms, [sunday], **given_))
