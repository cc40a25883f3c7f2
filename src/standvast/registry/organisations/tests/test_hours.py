from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.registry.organisations.hours import Opening, opening_at
from standvast.registry.organisations.rules import Country, Kind

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
instants = st.datetimes(
    min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def opening(kind: Kind, when: str, country: Country = Country.NL) -> tuple[str, str]:
    found = opening_at(kind, country, at(when))
    assert found.until_at is not None
    return tuple(
        f"{each.astimezone(AMSTERDAM):%m-%d %H:%M}" for each in (found.from_at, found.until_at)
    )


class TestOpeningAt:
    @pytest.mark.parametrize(
        ("kind", "when", "expected"),
        [
            (Kind.PRACTICE, "2026-03-02T08:00", ("03-02 08:00", "03-02 17:00")),
            (Kind.PRACTICE, "2026-03-02T16:59", ("03-02 08:00", "03-02 17:00")),
            (Kind.PRACTICE, "2026-03-02T17:00", ("03-03 08:00", "03-03 17:00")),
            (Kind.PRACTICE, "2026-03-06T17:00", ("03-09 08:00", "03-09 17:00")),
            (Kind.PHARMACY, "2026-03-02T06:00", ("03-02 08:30", "03-02 17:30")),
            (Kind.POST, "2026-03-02T17:00", ("03-02 17:00", "03-03 08:00")),
            (Kind.POST, "2026-03-03T07:59", ("03-02 17:00", "03-03 08:00")),
            (Kind.POST, "2026-03-03T08:00", ("03-03 17:00", "03-04 08:00")),
            (Kind.POST, "2026-03-08T12:00", ("03-06 17:00", "03-09 08:00")),
        ],
    )
    def test_holds_the_instant_or_is_the_next(self, kind, when, expected):
        assert opening(kind, when) == expected

    def test_knows_the_holidays_of_the_country(self):
        assert opening(Kind.PRACTICE, "2026-04-27T10:00")[0] == "04-28 08:00"
        assert opening(Kind.PRACTICE, "2026-04-27T10:00", Country.BE)[0] == "04-27 08:00"
        assert opening(Kind.POST, "2026-04-27T10:00") == ("04-24 17:00", "04-28 08:00")

    def test_keeps_local_time_when_the_clock_moves(self):
        assert opening(Kind.POST, "2026-03-29T12:00") == ("03-27 17:00", "03-30 08:00")

    def test_of_a_hospital_never_ends(self):
        now = at("2026-03-01T03:00")

        assert opening_at(Kind.HOSPITAL, Country.NL, now) == Opening(now, None)


@given(instant=instants, kind=st.sampled_from(Kind), country=st.sampled_from(Country))
def test_an_opening_is_never_over(instant, kind, country):
    found = opening_at(kind, country, instant)

    assert found.until_at is None or instant < found.until_at
    assert found.until_at is None or found.from_at < found.until_at


@given(instant=instants, country=st.sampled_from(Country))
def test_somebody_is_always_there_for_a_patient(instant, country):
    """A post is open exactly when practices are not."""
    practice = opening_at(Kind.PRACTICE, country, instant)
    post = opening_at(Kind.POST, country, instant)

    assert (practice.from_at <= instant) != (post.from_at <= instant)
    assert timedelta() in (
        practice.from_at - (post.until_at or instant),
        post.from_at - (practice.until_at or instant),
    )
