"""What is hidden stays hidden: in a row, in a total, and between any two of them."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from standvast.care.dashboards.rules.cells import (
    MONTHS_COUNT,
    Cell,
    Measure,
    Window,
    months_later,
    window_at,
)
from standvast.care.dashboards.rules.hiding import HIDDEN_BELOW, shown
from standvast.care.dashboards.rules.tables import Asked, Board, board_of

WINDOW = window_at(date(2026, 11, 30))
HERE, THERE = uuid.UUID(int=1), uuid.UUID(int=2)
PATHS = (("C09", "C09A"), ("C09", "C09B"), ("talk",))


def cell(
    count: int,
    *,
    people: int | None = None,
    month: int = 0,
    months: int = 1,
    path: tuple[str, ...] = PATHS[0],
    programme: str = "dm2",
    organisation_id: uuid.UUID = HERE,
    measure: Measure = Measure.DONE,
) -> Cell:
    from_on = months_later(WINDOW.first_on, month)
    return Cell(
        organisation_id,
        measure,
        programme,
        path,
        from_on,
        months_later(from_on, months),
        count,
        count if people is None else people,
    )


def counted(done: list[set[int]], **about: object) -> list[Cell]:
    """Return the cells of one activity: for each month, who it was done for."""
    spans = [(place, 1) for place in range(MONTHS_COUNT)]
    spans += [(WINDOW.months.index(quarter), 3) for quarter in WINDOW.quarters]
    spans.append((0, MONTHS_COUNT))
    found = []
    for place, length in spans:
        months = done[place : place + length]
        if count := sum(map(len, months)):
            people = len(set().union(*months))
            found.append(cell(count, people=people, month=place, months=length, **about))
    return found


def asked(**filters: object) -> Asked:
    return Asked(**{"organisation_ids": frozenset({HERE, THERE}), "period": WINDOW, **filters})


def numbers_of(board: Board) -> list[int | None]:
    lines = (
        *board.by_month,
        *board.enrolled,
        *board.by_programme,
        *board.by_activity,
        *board.by_practice,
    )
    return [board.total.value, *(line.number.value for line in lines)]


class TestWindowAt:
    def test_holds_fifteen_months_that_are_over(self):
        assert Window(date(2025, 8, 1), date(2026, 11, 1)) == WINDOW
        assert len(WINDOW.months) == MONTHS_COUNT

    def test_knows_the_quarters_that_lie_in_it_whole(self):
        assert WINDOW.quarters == (
            date(2025, 10, 1),
            date(2026, 1, 1),
            date(2026, 4, 1),
            date(2026, 7, 1),
        )

    @given(st.dates(date(2001, 1, 1), date(2200, 1, 1)))
    def test_ends_before_the_month_that_runs(self, today):
        window = window_at(today)

        assert window.until_on <= today
        assert len(window.months) == MONTHS_COUNT


class TestShown:
    def test_counts_people_and_not_what_was_done_for_them(self):
        assert shown([cell(40, people=9)], WINDOW) == ()
        assert shown([cell(40, people=10)], WINDOW) != ()

    def test_takes_a_quarter_as_one_when_no_month_of_it_may_be_shown(self):
        months = [cell(4, month=place) for place in (2, 3, 4)]
        quarter = cell(12, month=2, months=3)

        assert shown([*months, quarter], WINDOW) == (quarter,)

    def test_leaves_a_small_month_out_beside_a_large_one(self):
        large, small = cell(30, month=2), cell(4, month=3)
        quarter = cell(34, month=2, months=3)

        assert shown([large, small, quarter], WINDOW) == (large,)

    def test_takes_all_months_as_one_when_nothing_else_may_be_shown(self):
        whole = cell(15, people=10, months=15)

        [found] = shown([cell(1, month=3), whole], WINDOW)

        assert (found.count, found.is_rounded) == (10, True)
        board = board_of([cell(1, month=3), whole], WINDOW, asked())
        assert (board.total.value, board.total.is_all) == (10, False)

    def test_knows_no_quarter_of_which_a_month_lies_outside(self):
        assert shown([cell(50, month=13, months=3)], WINDOW) == ()


class TestBoard:
    def test_drills_from_a_group_to_what_is_in_it(self):
        cells = [cell(20), cell(30, path=PATHS[1]), cell(40, path=PATHS[2])]

        top, below = (board_of(cells, WINDOW, asked(path=path)) for path in ((), ("C09",)))

        assert {line.key: line.number.value for line in top.by_activity} == {
            ("C09",): 50,
            ("talk",): 40,
        }
        assert {line.key: line.number.value for line in below.by_activity} == {
            ("C09", "C09A"): 20,
            ("C09", "C09B"): 30,
        }
        assert below.total.value == 50

    def test_a_group_is_no_prefix_of_letters(self):
        board = board_of([cell(20, path=("C09AB",))], WINDOW, asked(path=("C09",)))

        assert board.total.value is None

    def test_what_is_hidden_counts_in_no_total_and_is_said_to_be_missing(self):
        board = board_of([cell(20), cell(9, path=PATHS[2])], WINDOW, asked())

        assert (board.total.value, board.total.is_all) == (20, False)
        assert board.by_activity[-1].number.value is None

    def test_a_quarter_that_shows_as_one_stands_in_the_total_and_in_no_month(self):
        cells = [*(cell(4, month=place) for place in (2, 3, 4)), cell(12, month=2, months=3)]

        board = board_of(cells, WINDOW, asked())

        assert (board.total.value, board.total.is_all) == (12, True)
        assert {line.number.value for line in board.by_month} == {None}

    def test_only_what_was_asked_for_is_counted(self):
        cells = [cell(20), cell(30, organisation_id=THERE), cell(50, programme="copd")]
        cells.append(cell(70, month=5))

        def total(**filters):
            return board_of(cells, WINDOW, asked(**filters)).total.value

        assert total() == 170
        assert total(organisation_ids=frozenset({THERE})) == 30
        assert total(programme="copd") == 50
        assert total(period=Window(WINDOW.first_on, months_later(WINDOW.first_on, 1))) == 100

    def test_people_enrolled_are_no_activities(self):
        board = board_of([cell(80, measure=Measure.ENROLLED, path=())], WINDOW, asked())

        assert board.total.value is None
        assert board.enrolled[0].number.value == 80


everybody = st.integers(0, 24)
series = st.lists(st.sets(everybody, max_size=14), min_size=MONTHS_COUNT, max_size=MONTHS_COUNT)
worlds = st.fixed_dictionaries(
    dict.fromkeys(
        ((HERE, "dm2", PATHS[0]), (HERE, "copd", PATHS[1]), (THERE, "dm2", PATHS[0])), series
    )
)


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    first = draw(st.integers(0, MONTHS_COUNT - 1))
    last = draw(st.integers(first + 1, MONTHS_COUNT))
    return Asked(
        frozenset(draw(st.sets(st.sampled_from((HERE, THERE)), min_size=1))),
        Window(months_later(WINDOW.first_on, first), months_later(WINDOW.first_on, last)),
        draw(st.sampled_from(("", "dm2", "copd"))),
        draw(st.sampled_from(((), ("C09",), *PATHS))),
    )


def cells_of(world: dict[tuple[uuid.UUID, str, tuple[str, ...]], list[set[int]]]) -> list[Cell]:
    return [
        one
        for (organisation_id, programme, path), done in world.items()
        for one in counted(done, organisation_id=organisation_id, programme=programme, path=path)
    ]


@given(worlds, questions())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_number_is_about_enough_people(world, question):
    board = board_of(cells_of(world), WINDOW, question)

    assert all(value is None or value >= HIDDEN_BELOW for value in numbers_of(board))


@given(worlds, st.lists(questions(), min_size=2, max_size=2))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_shown_is_made_of_pieces_that_do_not_overlap(world, pair):
    """So any difference of two numbers is made of whole pieces, each about enough people."""
    cells = cells_of(world)
    may = shown(cells, WINDOW)
    held = [(one.series, month) for one in may for month in one.months]

    assert len(held) == len(set(held))
    assert all(one.people >= HIDDEN_BELOW for one in may)
    for question in pair:
        value = board_of(cells, WINDOW, question).total.value
        inside = [
            one.count
            for one in may
            if one.organisation_id in question.organisation_ids
            and question.programme in ("", one.programme)
            and one.path[: len(question.path)] == question.path
            and question.period.first_on <= one.from_on
            and one.until_on <= question.period.until_on
        ]
        assert value == (sum(inside) if inside else None)


@given(worlds, st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_another_number_could_stand_in_every_hidden_place(world, data):
    """No question whatever tells this world from one in which a hidden month differs."""
    cells = cells_of(world)
    alone = {(one.series, one.from_on) for one in shown(cells, WINDOW) if one.is_month}
    hidden = [one for one in cells if one.is_month and (one.series, one.from_on) not in alone]
    assume(hidden)
    chosen = data.draw(st.sampled_from(hidden))
    together = next(
        (
            one
            for one in shown(cells, WINDOW)
            if one.series == chosen.series and chosen.from_on in one.months
        ),
        None,
    )
    partners = [
        one
        for one in hidden
        if together and one.series == chosen.series and one.from_on in together.months
        and one.from_on != chosen.from_on
    ]  # fmt: skip
    if together:
        assert partners, "a month that shows as a quarter could be read off it"
        changed = {chosen: +1, partners[0]: -1}
    else:
        changed = {chosen: +1}
    other = [replace(one, count=one.count + changed.get(one, 0)) for one in cells]

    for question in data.draw(st.lists(questions(), min_size=1, max_size=4)):
        here, there = (board_of(world_, WINDOW, question) for world_ in (cells, other))
        assert here == there


@pytest.mark.parametrize("people", [HIDDEN_BELOW - 1, HIDDEN_BELOW])
def test_the_bound_itself(people):
    board = board_of([cell(people)], WINDOW, asked())

    assert board.total.value == (None if people < HIDDEN_BELOW else people)


@given(st.lists(st.integers(0, 3), min_size=MONTHS_COUNT + 1, max_size=MONTHS_COUNT + 1))
def test_this_month_minus_last_month_is_no_hidden_number(done):
    """The window moves by a month: what fell out of it and what came in differ by a few."""
    assume(sum(done[:-1]) >= HIDDEN_BELOW and sum(done[1:]) >= HIDDEN_BELOW)

    def total(months):
        whole = cell(sum(months), months=MONTHS_COUNT)
        small = [cell(one, month=place) for place, one in enumerate(months) if one]
        return board_of([whole, *small], WINDOW, asked()).total.value

    assert (total(done[1:]) - total(done[:-1])) % 10 == 0
