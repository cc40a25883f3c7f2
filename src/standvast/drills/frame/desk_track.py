"""Inside the installation: a report's log replayed through the desk's operations.

Each entry of `log.yaml` has a time of the report, which is given to the operation as `now`; an act,
which is a method of `Replay`; and what must be so afterwards. What is not so is collected, so that
one run tells everything that is wrong.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from standvast.core.health.api import FindingView
from standvast.core.journal.api import ensure_partitions
from standvast.desk.incidents import api as incidents
from standvast.desk.incidents.testing import a_finding
from standvast.desk.reports import api as reports
from standvast.drills.frame.operator import drill_operator
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused

ZONE = ZoneInfo("Europe/Amsterdam")
LANGUAGES = ("nl", "fr", "en")


class LogWrong(ValueError):
    """The log names an act or an expectation that nobody knows."""


def instant(text: str) -> datetime:
    """Return a moment of the report: local time, as it was written."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def read_log(package: str, name: str = "log.yaml") -> Mapping[str, Any]:
    """Return the log beside a drill."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


@dataclass
class Replay:
    """One case under way: its incidents by component, what was promised, what went wrong."""

    actor: Actor
    wrong: list[str] = field(default_factory=list)
    checks_count: int = 0
    faults_count: int = 0
    _ids: dict[str, uuid.UUID] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _findings: dict[str, FindingView] = field(default_factory=dict)
    _promised: dict[str, uuid.UUID] = field(default_factory=dict)

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
            self._check(error.code == refused, f"{act} at {now:%H:%M} was refused: {error}")
        else:
            self._check(refused is None, f"{act} at {now:%H:%M} was not refused")
        self._find_incidents(now)
        for what, wanted in expects.items():
            self._expect(what, wanted, now)

    def _check(self, holds: bool, sentence: str) -> None:
        self.checks_count += 1
        if not holds:
            self.wrong.append(sentence)

    def _find_incidents(self, now: datetime) -> None:
        for row in incidents.open_incidents(now):
            self._ids[row.component] = row.id
            self._numbers[row.component] = row.number

    # -- acts --------------------------------------------------------------------------------

    def act_red(
        self, *, now: datetime, target: str, began: str | None = None, variant: str = ""
    ) -> None:
        """A probe opens a finding."""
        began_at = instant(began) if began else now
        finding = a_finding(target, at=now, variant=variant, began_at=began_at)
        self._findings[target] = finding
        incidents.on_finding(finding, now)

    def act_red_again(self, *, now: datetime, target: str) -> None:
        """The same finding is told once more, as after a restart of the watch."""
        incidents.on_finding(self._findings[target], now)

    def act_green(self, *, now: datetime, target: str) -> None:
        """The finding ends."""
        incidents.on_finding(replace(self._findings[target], ended_at=now), now)

    def act_acknowledge(self, *, now: datetime, component: str) -> None:
        """Somebody takes it."""
        incidents.acknowledge(incident_id=self._ids[component], actor=self.actor, now=now)

    def act_undertake(self, *, now: datetime, component: str, to: str, due: str) -> None:
        """News is promised."""
        self._promised[component] = incidents.undertake(
            incident_id=self._ids[component],
            to=to,
            due_at=instant(due),
            actor=self.actor,
            now=now,
        )

    def act_settle(self, *, now: datetime, component: str, how: str) -> None:
        """The promise is kept."""
        incidents.settle_undertaking(
            undertaking_id=self._promised[component], how=how, actor=self.actor, now=now
        )

    def act_cause(
        self, *, now: datetime, component: str, trigger: str, cause: str, guard: str
    ) -> None:
        """The cause is known."""
        incidents.set_cause(
            incident_id=self._ids[component],
            trigger=trigger,
            cause=cause,
            guard=guard,
            actor=self.actor,
            now=now,
        )

    def act_note(self, *, now: datetime, component: str, kind: str, text: str) -> None:
        """A line is written, such as a fix."""
        incidents.add_entry(
            incident_id=self._ids[component],
            kind=incidents.EntryKind(kind),
            text=text,
            actor=self.actor,
            now=now,
        )

    def act_move(self, *, now: datetime, component: str, to: str, reason: str = "") -> None:
        """The incident comes to another state."""
        incidents.move(
            incident_id=self._ids[component],
            target=incidents.State(to),
            reason=reason,
            actor=self.actor,
            now=now,
        )

    def act_walked(self, *, now: datetime, component: str, variant: str = "") -> None:
        """A person tried it and it works."""
        incidents.mark_walked(
            incident_id=self._ids[component], variant=variant, actor=self.actor, now=now
        )

    def act_count(self, *, now: datetime, component: str, lane: str, **counts: int) -> None:
        """A lane's catching-up is counted: expected, sent, confirmed, refused."""
        incidents.count_recovery(
            incident_id=self._ids[component],
            counted=incidents.Counted(lane=lane, refused_owned=0, **counts),
            actor=self.actor,
            now=now,
        )

    def act_action(self, *, now: datetime, component: str, due: str, **action: Any) -> None:
        """What follows is written down, with its proof."""
        reports.add_action(
            incident_id=self._ids[component],
            due_on=date.fromisoformat(due),
            actor=self.actor,
            now=now,
            **action,
        )

    def act_report(self, *, now: datetime, component: str) -> None:
        """The report is written in three languages and linted."""
        for language in LANGUAGES:
            made = reports.report_of([self._ids[component]], language, reports.AuthorRole.LEAD, now)
            faults = reports.lint(made)
            self.faults_count += len(faults)
            self.wrong += [f"report ({language}): {fault}" for fault in faults]

    # -- expectations ------------------------------------------------------------------------

    def _expect(self, what: str, wanted: Any, now: datetime) -> None:
        if what == "open":
            found: Any = sorted(row.component for row in incidents.open_incidents(now))
            self._check(found == sorted(wanted), f"open at {now:%H:%M}: {found}, not {wanted}")
            return
        component, _, name = what.partition(".")
        view = incidents.incident_view(self._numbers[component], now)
        found = _seen(view, name)
        self._check(
            found == wanted, f"{component}.{name} at {now:%H:%M} is {found!r}, not {wanted!r}"
        )


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
            return view.told_at and int((view.told_at - row.found_at).total_seconds() // 60)
        case "lasted_min":
            return row.restored_at and int((row.restored_at - row.began_at).total_seconds() // 60)
        case "calls":
            return len(view.calls)
    raise LogWrong(f"nobody knows {name}")


def replay_log(package: str) -> dict[str, Any]:
    """Replay a drill's log; return the values of the lines `desk` and `report`, and why.

    Run it on an installation without incidents of its own, before its live track.
    """
    log = read_log(package)
    for entry in log["entries"]:
        ensure_partitions(instant(entry["at"]))
    played = Replay(actor=drill_operator())
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
