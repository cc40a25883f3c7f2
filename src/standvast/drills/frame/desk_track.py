"""Inside the installation: a report's log replayed through the desk's operations.

Each entry of `log.yaml` has a time of the report, which is given to the operation as `now`; an act,
which is a method `act_<name>` of `Replay`; and what must be so afterwards. What is not so is
collected, so that one run tells everything that is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from standvast.core.health.api import COMPONENTS, EDGES, FLEETS, PROBES, Component
from standvast.core.health.testing import a_probe
from standvast.core.journal.api import ensure_partitions
from standvast.desk.incidents import api as incidents
from standvast.desk.releases.api import EVIDENCE
from standvast.drills.frame.desk_calls import CallActs
from standvast.drills.frame.desk_case import LogWrong, instant, read_log
from standvast.drills.frame.desk_incidents import IncidentActs
from standvast.drills.frame.desk_releases import ReleaseActs
from standvast.drills.frame.operator import drill_operator
from standvast.kit.errors import Refused
from standvast.kit.wiring import Filling, rewired


@dataclass
class Replay(IncidentActs, CallActs, ReleaseActs):
    """One case, played entry by entry."""

    def play(self, entry: Mapping[str, Any]) -> None:
        """Do one entry, then look at what it expects.

        :raises LogWrong: if nobody knows its act.
        """
        given = dict(entry)
        now, act = instant(given.pop("at")), str(given.pop("act"))
        expects, refused = given.pop("expect", {}), given.pop("refused_with", None)
        do = getattr(self, f"act_{act}", None)
        if do is None:
            raise LogWrong(f"nobody can {act}")
        try:
            do(now=now, **given)
        except Refused as error:
            self.check(error.code == refused, f"{act} at {now:%d-%m %H:%M} was refused: {error}")
        else:
            self.check(refused is None, f"{act} at {now:%d-%m %H:%M} was not refused")
        self._find_incidents(now)
        for what, wanted in expects.items():
            self._expect(what, wanted, now)

    def _find_incidents(self, now: datetime) -> None:
        for row in incidents.open_incidents(now):
            self.ids[row.component] = row.id
            self.numbers[row.component] = row.number

    def _expect(self, what: str, wanted: Any, now: datetime) -> None:
        match what:
            case "open":
                found: Any = sorted(row.component for row in incidents.open_incidents(now))
                wanted = sorted(wanted)
            case "ranked":
                rows = incidents.open_incidents(now)
                found = [row.component for row in rows if row.component in wanted]
            case _:
                component, _, name = what.partition(".")
                found = _seen(incidents.incident_view(self.numbers[component], now), name)
        self.check(found == wanted, f"{what} at {now:%d-%m %H:%M} is {found!r}, not {wanted!r}")


def _seen(view: incidents.IncidentView, name: str) -> Any:
    """Return one thing about an incident as the log writes it.

    :raises LogWrong: if nobody knows it.
    """
    row = view.row
    match name:
        case "severity":
            return row.severity.value
        case "state":
            return row.state.value
        case "found_by":
            return row.found_by
        case "is_exercise":
            return row.is_exercise
        case "told_within_min":
            return view.told_at and _minutes(view.told_at - row.found_at)
        case "lasted_min":
            return row.restored_at and _minutes(row.restored_at - row.began_at)
        case "calls":
            return len(view.calls)
        case "audience":
            return row.audience
        case "worst_after_min":
            return _minutes(_worst_at(view) - row.found_at)
        case "told_after_worst_min":
            return view.told_at and _minutes(view.told_at - _worst_at(view))
        case "nearest_change":
            changes = incidents.changes_before(row.began_at)
            return changes[0].values.get("version") if changes else None
    raise LogWrong(f"nobody knows {name}")


def _minutes(passed: timedelta) -> int:
    return int(passed.total_seconds() // 60)


def _worst_at(view: incidents.IncidentView) -> datetime:
    """Return when it became as bad as it was at its worst."""
    worst = min(view.changes, key=lambda change: (-change.after.rank, change.at))
    return worst.at


def _as_in(log: Mapping[str, Any]) -> list[Filling]:
    """Return the components that the log names, each variant with a probe that is never asked.

    A log without a list is about the components of the installation.
    """
    if "components" not in log:
        return []
    components = [
        Component(slug, told["title"], told["class"], told.get("audience", "external"))
        for slug, told in log["components"].items()
    ]
    probes = [
        a_probe(slug, variant)
        for slug, told in log["components"].items()
        for variant in told.get("variants", [""])
    ]
    return [
        COMPONENTS.filled(*components),
        EDGES.filled(),
        PROBES.filled(*probes),
        FLEETS.filled(),
    ]


def replay_log(package: str) -> dict[str, Any]:
    """Replay a drill's log; return the values of the lines `desk` and `report`, and why.

    Run it on an installation without incidents of its own, before its live track. A release of
    the log is judged by what the log shows of it, not by what this installation could show.

    :raises LogWrong: if it names what nobody knows, or is out of order.
    """
    log = read_log(package)
    moments = [instant(entry["at"]) for entry in log["entries"]]
    if moments != sorted(moments):
        raise LogWrong("the log is not in the order of its times")
    for at in moments:
        ensure_partitions(at)
    played = Replay(actor=drill_operator(), second=drill_operator())
    with rewired(EVIDENCE.filled(), *_as_in(log)):
        for entry in log["entries"]:
            played.play(entry)
    wrong = [sentence for sentence in played.wrong if not sentence.startswith("report (")]
    faults = [sentence for sentence in played.wrong if sentence.startswith("report (")]
    return {
        "values": {"desk": len(wrong), "report": played.faults_count},
        "notes": {
            "desk": "; ".join(wrong[:3]) or f"{log['case']}: {played.checks_count} checks",
            "report": "; ".join(faults[:3]) or "in Dutch, French and English",
        },
    }
