"""Evidence as it was and as it should have been, for every gate."""

from datetime import datetime
from zoneinfo import ZoneInfo

from standvast.desk.releases.rules.gates import Evidence, gates_for, judge
from standvast.desk.releases.testing import DIGEST, GOOD, shown

ZONE = ZoneInfo("Europe/Amsterdam")
EARLIER = "b" * 64
__all__ = ["BUILT", "DIGEST", "EARLIER", "GOOD", "ZONE", "at", "judged", "shown"]


def at(text: str) -> datetime:
    """Return an instant of 2026, Dutch time: "05-13 17:00"."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


BUILT = at("05-11 09:00")


def judged(*changed: Evidence, day: str = "2026-05-12", is_infrastructure: bool = False):
    """Return every gate's judgement: all good but for what is given."""
    by_gate = {one.gate: one for one in changed}
    return tuple(
        judge(
            gate,
            [by_gate.get(gate.name, shown(gate.name, day=day))],
            digest=DIGEST,
            built_at=BUILT,
            planned_day=day,
        )
        for gate in gates_for(is_infrastructure=is_infrastructure)
    )
