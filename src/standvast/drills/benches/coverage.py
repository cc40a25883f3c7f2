"""A practice's coverage asked anew, against insurers who take so many messages a second."""

import json
import time
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from standvast.care.insurance.api import COVERAGE_LANE, begin_night
from standvast.database.api import database_now, named_sql
from standvast.kit.actor import Actor
from standvast.kit.ids import uuid7

PACKAGE = "standvast.drills.benches"
PATIENTS_COUNT = 8_000
SEARCHES_A_MESSAGE = 20
LIMIT_PER_S = int(COVERAGE_LANE.rate_per_s)
"""What the simulated insurers take, and what the lane is set to."""
WARM, ENOUGH = 0.1, 0.9
"""Between these shares of the answers the rate is taken: not while it begins, nor while it ends."""
WAIT_S_MAX = 180.0
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Reached:
    """Messages a second that were answered, how often the insurers said it was too fast."""

    per_s: float
    too_fast_count: int

    @property
    def share(self) -> float:
        """Of what the insurers take."""
        return self.per_s / LIMIT_PER_S


def fill(organisation_id: uuid.UUID) -> None:
    """Store patients of one practice about whom can be asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "insured"),
            {"organisation_id": str(organisation_id), "count": PATIENTS_COUNT},
        )
        cursor.execute("ANALYZE patients_patient")


def reached(outside_url: str, organisation_id: uuid.UUID) -> Reached:
    """Begin it as somebody at the practice does, and return how fast it went."""
    _say(outside_url, "POST", "behaviour", {"requests_per_s_max": LIMIT_PER_S})
    _say(outside_url, "DELETE", "asked")
    actor = Actor(uuid7(), organisation_id, "gp")
    begin_night(actor=actor, now=database_now())
    give_up_at = time.perf_counter() + WAIT_S_MAX
    began: tuple[float, int] | None = None
    while time.perf_counter() < give_up_at:
        time.sleep(LOOK_EVERY_S)
        said = _say(outside_url, "GET", "counts")["said"]
        at, count = time.perf_counter(), int(said.get("searches", 0))
        if began is None and count >= WARM * PATIENTS_COUNT:
            began = (at, count)
        if began is not None and count >= ENOUGH * PATIENTS_COUNT:
            searches_per_s = (count - began[1]) / (at - began[0])
            return Reached(searches_per_s / SEARCHES_A_MESSAGE, int(said.get("429", 0)))
    return Reached(0.0, 0)


def _say(outside_url: str, method: str, what: str, body: object = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{outside_url}/insurers/{what}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
        text = answer.read()
    return json.loads(text) if text else None
