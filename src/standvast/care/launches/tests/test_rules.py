"""What a launch must carry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.launches.rules.arriving import (
    LIFE_MAX,
    SKEW,
    Claims,
    Known,
    LaunchNotTaken,
    LaunchUnreadable,
    Named,
    check_claims,
    claims_in,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOWN = Known("https://record.example", "https://standvast.example")


def claims(**other) -> Claims:
    at = int(NOW.timestamp())
    return Claims(
        **{
            "iss": KNOWN.issuer,
            "aud": KNOWN.audience,
            "jti": "x" * 20,
            "iat": at,
            "exp": at + 60,
            "user_id": Named("record-user", "17"),
            "org_id": Named("agb", "01234567"),
            **other,
        }
    )


def is_taken(told: Claims, *, later_s: float) -> bool:
    try:
        check_claims(told, known=KNOWN, now=NOW + timedelta(seconds=later_s))
    except LaunchNotTaken:
        return False
    return True


class TestCheckClaims:
    @pytest.mark.parametrize("later_s", [-30, 0, 60, 89])
    def test_takes_a_launch_of_this_minute_by_clocks_that_differ(self, later_s):
        assert is_taken(claims(), later_s=later_s)

    @pytest.mark.parametrize(
        ("other", "later", "why"),
        [
            ({"iss": "https://other.example"}, 0, "another installation"),
            ({"aud": "https://other.example"}, 0, "another installation"),
            ({"exp": int(NOW.timestamp()) + 61}, 0, "too long"),
            ({}, 60 + SKEW.total_seconds(), "too old"),
            ({}, -SKEW.total_seconds() - 1, "future"),
            ({"iat": 10**30, "exp": 10**30}, 0, "too old"),
            ({"iat": -(10**30), "exp": -(10**30)}, 0, "too old"),
        ],
    )
    def test_refuses(self, other, later, why):
        with pytest.raises(LaunchNotTaken, match=why):
            check_claims(claims(**other), known=KNOWN, now=NOW + timedelta(seconds=later))

    @given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
    def test_nothing_counts_for_longer_than_its_life_and_the_skew(self, iat, exp):
        try:
            check_claims(claims(iat=iat, exp=exp), known=KNOWN, now=NOW)
        except LaunchNotTaken:
            return
        assert abs(NOW.timestamp() - iat) <= (LIFE_MAX + SKEW).total_seconds()
        assert exp - iat <= LIFE_MAX.total_seconds()


class TestClaimsIn:
    @pytest.mark.parametrize(
        ("told", "place"),
        [
            ({}, "iss"),
            ({"user-id": "17"}, "user-id"),
            ({"context": {"patient-id": ""}}, "context.patient-id"),
            ({"context": {"patient-id": "1", "birth-date": "gisteren"}}, "context.birth-date"),
            ({"jti": "kort"}, "jti"),
            ({"exp": "morgen"}, "exp"),
        ],
    )
    def test_names_what_is_missing_or_wrong(self, told, place):
        whole = {
            "iss": "a", "aud": "b", "jti": "x" * 20, "iat": 1, "exp": 2,
            "user-id": {"system": "a", "value": "b"}, "org-id": {"system": "a", "value": "b"},
        }  # fmt: skip
        with pytest.raises(LaunchUnreadable) as raised:
            claims_in({**whole, **told} if told else {})

        assert raised.value.values["place"] == place

    @given(
        st.recursive(st.none() | st.integers() | st.text(), lambda x: st.dictionaries(st.text(), x))
    )
    def test_nothing_else_breaks_it(self, told):
        with pytest.raises(LaunchUnreadable):
            claims_in({"iss": told})
