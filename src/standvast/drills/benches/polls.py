"""Part (c): how many people in the lobby can be told their place, per second."""

import subprocess
import time
from collections.abc import Sequence
from datetime import timedelta

from standvast.core.lobby.testing import crowd, lobby_at
from standvast.database.api import database_now
from standvast.drills.benches.load import Shot, fire
from standvast.drills.benches.orders import SETTLE_S, cookies_of
from standvast.project.installation import Installation
from standvast.registry.access.testing import Prepared


def polls_per_s(
    installation: Installation, people: Sequence[Prepared], *, waiting: int, seconds: float
) -> tuple[float, float]:
    """Return status answers per second, and their p99 in ms, with so many waiting.

    Each of up to 2,000 people joins first, so that they hold real passes; the rest are invented.
    """
    import httpx

    slug = f"polls-{waiting}"
    lobby_id = lobby_at(database_now() + timedelta(minutes=30), slug=slug)
    asking = people[:2_000]
    crowd(lobby_id, waiting - len(asking), drawn=False)
    time.sleep(SETTLE_S)
    shots = []
    with httpx.Client(base_url=installation.url, timeout=10) as client:
        for n, person in enumerate(asking[:200]):
            answer = client.post(
                f"/lobby/{slug}/join",
                json={"nonce": f"{n:032x}"},
                headers={"Cookie": cookies_of(person), "X-CSRFToken": person.csrf},
            )
            answer.raise_for_status()
            given = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
            shots.append(Shot("GET", f"/lobby/{slug}/status", f"{cookies_of(person)}; {given}"))
            client.cookies.clear()
    many = shots * max(1, round(25_000 * seconds / len(shots)))
    fired = fire(installation.url, many, connections=64, seconds=seconds)
    assert fired.other_count == 0, f"{fired.other_count} answers were not a status"
    return fired.per_s, fired.p99_ms


def memory_mb(pid: int) -> float:
    """Return the most memory a process has held, in MiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:  # noqa: PTH123 - not a file
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    raise subprocess.SubprocessError(f"no process {pid}")
