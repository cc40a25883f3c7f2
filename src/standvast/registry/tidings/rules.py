"""How many tidings a person has, and for how long. Pure."""

from datetime import datetime, timedelta

KEPT_MAX = 100
"""Per person; past it the oldest goes, read or not: who has a hundred reads none of them."""
KEPT = timedelta(days=90)
TOLD_MAX = 200
"""People told of one thing."""


def forgotten_before(now: datetime) -> datetime:
    """Return before when a tiding is forgotten."""
    return now - KEPT
