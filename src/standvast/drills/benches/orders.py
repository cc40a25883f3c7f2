"""Parts (a) and (b): orders one by one in pgbench, and through edge and group commit over HTTP."""

import json
import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files

import httpx
from django.conf import settings
from django.db import connection

from standvast.care.campaigns.testing import counts_wrong
from standvast.core.lobby.api import COOKIE, make_pass
from standvast.database.api import database_now
from standvast.drills.benches.crowd import DAYS_COUNT, Ground, fresh_ground, until_at_rest
from standvast.drills.benches.load import Fired, Shot, fire, fire_pairs
from standvast.project.installation import Installation
from standvast.registry.access.testing import Prepared

DOSES = 10
SETTLE_S = 4.0
"""A crowd that came in one second is first read into memory; a real one comes slowly."""


class BenchBroken(RuntimeError):
    """A tool of the bench did not do its part."""


def one_by_one(
    installation: Installation, ground: Ground, *, is_hot: bool, clients: int, seconds: float
) -> float:
    """Return orders per second that pgbench does, one transaction each."""
    return _pgbench(installation, ground, "one_by_one", is_hot, clients, seconds)


def bare(
    installation: Installation, ground: Ground, *, is_hot: bool, clients: int, seconds: float
) -> float:
    """Return what pgbench does with the bare three rows; for reference."""
    return _pgbench(installation, ground, "bare", is_hot, clients, seconds)


def _pgbench(
    installation: Installation,
    ground: Ground,
    script: str,
    is_hot: bool,
    clients: int,
    seconds: float,
) -> float:
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE bench_asker RESTART")
    until_at_rest()
    assert installation.server is not None, "the bench uses pgbench of the embedded server"
    path = str(files("standvast.drills.benches").joinpath("sql", f"{script}.sql"))
    names = {
        "first_day": ground.first_day_id,
        "days_count": DAYS_COUNT,
        "hot": int(is_hot),
        "season": ground.season_id,
        "lobby": ground.lobby_id,
    }
    words = [str(installation.server.binary("pgbench")), "-n", "-M", "prepared", "-f", path]
    for name, value in names.items():
        words += ["-D", f"{name}={value}"]
    words += ["-c", str(clients), "-j", "1", "-T", str(round(seconds)), installation.database_url]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=seconds + 60)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None or done.returncode != 0:
        raise BenchBroken(done.stderr[-1000:])
    return float(found[1])


def shots_of(
    people: Sequence[Prepared], ground: Ground, *, is_hot: bool, act: str = "place"
) -> list[Shot]:
    """Return one order per organisation, as its browser would send it."""
    path = f"/campaigns/{ground.slug}/{act}"
    until = database_now() + timedelta(hours=1)
    return [
        Shot(
            "POST",
            path,
            cookie=f"{cookies_of(person)}; {_pass_cookie(person, ground, until)}",
            csrf=person.csrf,
            body=json.dumps(
                {
                    "on": str(ground.dates[0 if is_hot else n % DAYS_COUNT]),
                    "doses": DOSES,
                    "key": f"{ground.slug}-{n:08d}",
                },
                separators=(",", ":"),
            ),
        )
        for n, person in enumerate(people)
    ]


def _pass_cookie(person: Prepared, ground: Ground, until: datetime) -> str:
    token = make_pass(
        lobby_id=ground.lobby_id,
        organisation_id=person.organisation_id,
        session_key=person.session,
        expires_at=until,
    )
    return f"{COOKIE}{ground.slug}={token}"


def cookies_of(person: Prepared) -> str:
    """Return the Cookie header of a person's browser."""
    return "; ".join(f"{name}={value}" for name, value in person.cookies.items())


@dataclass(frozen=True)
class Measured:
    """What one run over HTTP gave, and whether the day counters agree with the orders."""

    fired: Fired
    oversold_count: int
    stored_count: int

    @property
    def wrong_count(self) -> int:
        """Days whose counters disagree, and orders that were confirmed and are not there."""
        return self.oversold_count + max(0, self.fired.ok_count - self.stored_count)


def over_http(
    installation: Installation,
    people: Sequence[Prepared],
    name: str,
    *,
    is_hot: bool,
    connections: int,
    seconds: float,
) -> Measured:
    """Take and confirm orders in one request each, in a season of their own."""
    ground = fresh_ground(name)
    _until_known(installation, people[0], ground)
    shots = shots_of(people, ground, is_hot=is_hot)
    _try_one(installation, shots.pop())
    until_at_rest()
    fired = fire(installation.url, shots, connections=connections, seconds=seconds)
    return Measured(fired, len(counts_wrong(ground.season_id)), _confirmed_count(ground))


def in_two_steps(
    installation: Installation,
    people: Sequence[Prepared],
    name: str,
    *,
    connections: int,
    seconds: float,
) -> Measured:
    """Hold a place and then confirm it, two requests each, by our own generator."""
    ground = fresh_ground(name)
    _until_known(installation, people[0], ground)
    shots = shots_of(people, ground, is_hot=False, act="hold")

    def confirming(held: Shot, told: bytes) -> Shot:
        order_id = json.loads(told)["id"]
        path = f"/campaigns/{ground.slug}/orders/{order_id}/confirm"
        return replace(held, path=path, body=json.dumps({"key": f"confirm-{order_id}"}))

    until_at_rest()
    fired = fire_pairs(
        installation.url, shots, confirming, connections=connections, seconds=seconds
    )
    return Measured(fired, len(counts_wrong(ground.season_id)), _confirmed_count(ground))


def _confirmed_count(ground: Ground) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM campaigns_order WHERE season_id = %s AND state = 'confirmed'",
            [ground.season_id],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _try_one(installation: Installation, shot: Shot) -> None:
    """Send one order by itself, to say what is wrong before thousands say no."""
    headers = {"Cookie": shot.cookie, "X-CSRFToken": shot.csrf, "Content-Type": "application/json"}
    answer = httpx.post(installation.url + shot.path, content=shot.body, headers=headers)
    if answer.status_code != 201:
        raise BenchBroken(f"an order was answered {answer.status_code}: {answer.text[:300]}")


def _until_known(installation: Installation, person: Prepared, ground: Ground) -> None:
    """Wait until the serve process knows the new season and lobby from its memory."""
    deadline = time.monotonic() + 10
    with httpx.Client(base_url=installation.url, cookies=person.cookies, timeout=5) as client:
        while time.monotonic() < deadline:
            if client.get(f"/campaigns/{ground.slug}/calendar.json").status_code == 200:
                time.sleep(SETTLE_S)
                return
            time.sleep(0.1)
    raise BenchBroken(f"{settings.ADDRESS} does not know the season")
