"""What a search may ask, and how it is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.fhir.declared import Asked, Param, ParamKind, Resource
from standvast.fhir.searching import (
    COUNT_MAX,
    FormatUnknown,
    OnlyByPost,
    RequestNotRight,
    asked_of,
    check_accepts,
    day_in,
    token_in,
)

KIND = Resource(
    "Thing",
    "things.see",
    "Things.",
    params=(
        Param("identifier", ParamKind.TOKEN, "Its number.", is_secret=True),
        Param("name", ParamKind.STRING, "Its name.", is_repeatable=True),
        Param("date", ParamKind.DATE, "Its day."),
    ),
)


def test_a_secret_is_taken_from_a_body_and_from_no_address():
    assert asked_of(KIND, [], [("identifier", "7")]).one("identifier") == "7"
    with pytest.raises(OnlyByPost):
        asked_of(KIND, [("identifier", "7")])


def test_an_empty_value_asks_nothing():
    assert asked_of(KIND, [("name", " ")]).values == {}


@pytest.mark.parametrize("name", ["names", "identifier:exact", "_include", "name.first"])
def test_what_is_not_known_is_refused(name):
    with pytest.raises(RequestNotRight):
        asked_of(KIND, [(name, "x")])


@given(st.integers(min_value=0, max_value=10**9))
def test_a_page_is_never_longer_than_its_bound(count):
    assert 1 <= asked_of(KIND, [("_count", str(count))]).count <= COUNT_MAX


def test_only_what_may_be_repeated_is():
    assert asked_of(KIND, [("name", "a"), ("name", "b")]).values["name"] == ("a", "b")
    with pytest.raises(RequestNotRight):
        asked_of(KIND, [("date", "2026-01-01"), ("date", "2026-01-02")])


@pytest.mark.parametrize("value", ["2026", "2026-13-01", "gt2026-01-01", "x"])
def test_a_date_is_one_whole_day(value):
    with pytest.raises(RequestNotRight):
        day_in(Asked({"date": (value,)}, 20), "date")


def test_a_token_has_a_system_or_none():
    assert token_in("urn:x|7") == ("urn:x", "7")
    assert token_in("7") == token_in("|7") == ("", "7")
    with pytest.raises(RequestNotRight):
        token_in("urn:x|")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/*", "application/fhir+json", "text/html, application/json"]
)
def test_json_is_spoken(accept):
    assert check_accepts(accept) is None


def test_nothing_else_is():
    with pytest.raises(FormatUnknown):
        check_accepts("application/fhir+xml")
