"""What others bring to releases, filled in `project/wiring.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from standvast.desk.releases.rules.calendar import Calendar
from standvast.desk.releases.rules.gates import Evidence
from standvast.kit.wiring import Slot, wired


@dataclass(frozen=True)
class Gatherer:
    """Shows something of a digest when it is asked: `gather(digest, now)`; None: nothing yet."""

    gate: str
    gather: Callable[[str, datetime], Evidence | None]
    environment: str = "acceptance"
    is_asked_after: bool = False
    """Whether it is asked again where people work, before a release is called finished."""


EVIDENCE: Slot[Gatherer] = Slot("releases.evidence")
CALENDAR: Slot[Calendar] = Slot("releases.calendar")


def calendar() -> Calendar:
    """Return the days of the customers of this installation."""
    brought = wired(CALENDAR)
    return brought[0] if brought else Calendar()
