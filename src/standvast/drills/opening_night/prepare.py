"""Inside the installation: a scarce season that opens in a moment, its lobby, its people."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from standvast.care.campaigns.api import Programme, seed_season
from standvast.core.health.api import findings_between
from standvast.core.lobby.api import plan_lobby
from standvast.database.api import database_now
from standvast.registry.access.api import Role
from standvast.registry.access.testing import prepare_sessions

DAYS_MAX = 40
PEOPLE_PER_DAY = 8
"""With fewer, a day is smaller than what one practice wants."""
SPARE = 1.15
"""Of what everybody wants together: scarce enough that days fill up, not that people go without."""
DOSES = range(100, 900, 10)
LOBBY = "drill-opening-night"
MAIL_TARGETS = frozenset({"mail", "confirmation-mail", "confirmation-mail>mail"})


def prepare(*, people_count: int, lead_s: float, hold_s: int, seed: int) -> dict[str, Any]:
    """Make the season and prepare everybody's sessions; return what people need to know.

    The programme is the one that the demo country does not order.
    """
    now = database_now()
    opens_at = now + timedelta(seconds=lead_s)
    chance = random.Random(seed)
    doses = [chance.choice(DOSES) for _ in range(people_count)]
    days = min(DAYS_MAX, max(3, people_count // PEOPLE_PER_DAY))
    plan_lobby(slug=LOBBY, doors_at=now, starts_at=opens_at, closes_at=opens_at + timedelta(days=1))
    season = seed_season(
        opens_at=opens_at,
        programme=Programme.PNEUMOCOCCAL,
        doors_before=timedelta(seconds=lead_s),
        days=days,
        doses_per_day=10 * round(sum(doses) * SPARE / days / 10),
        addresses_per_day=max(2, round(people_count * SPARE / days)),
        hold_s=hold_s,
        ceiling_percent=None,
        lobby=LOBBY,
    )
    devices = [prepare_sessions(people_count, role=role) for role in (Role.GP, Role.ASSISTANT)]
    return {
        "season": season.slug,
        "lobby": LOBBY,
        "opens_at": opens_at.timestamp(),
        "doses": doses,
        "sessions": [
            [[device.session, device.csrf] for device in pair]
            for pair in zip(*devices, strict=True)
        ],
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


def mail_finding(*, since: float, until: float) -> dict[str, Any] | None:
    """Return the first finding about mail that opened in a span, as epoch seconds and a name.

    A component without a probe is a finding too, but nobody saw the mail there.
    """
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (since, until))
    found = [
        f
        for f in findings_between(begin, end)
        if f.target in MAIL_TARGETS and f.probe and f.opened_at >= begin
    ]
    if not found:
        return None
    first = min(found, key=lambda f: f.opened_at)
    return {"opened_at": first.opened_at.timestamp(), "probe": first.probe, "count": len(found)}
