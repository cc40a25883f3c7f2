"""What the desk did about incidents, as a log tells it: each act is an operation at its time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from standvast.core.health.testing import looked_green
from standvast.desk.incidents import api as incidents
from standvast.desk.incidents.testing import a_finding
from standvast.desk.reports import api as reports
from standvast.drills.frame.desk_case import LANGUAGES, Case, instant


@dataclass
class IncidentActs(Case):
    """Acts about what probes saw, and about incidents until their report."""

    def act_red(
        self, *, now: datetime, target: str, began: str | None = None, variant: str = ""
    ) -> None:
        """A probe opens a finding."""
        began_at = instant(began) if began else now
        finding = a_finding(target, at=now, variant=variant, began_at=began_at)
        self.findings[target, variant] = finding
        incidents.on_finding(finding, now)

    def act_red_again(self, *, now: datetime, target: str, variant: str = "") -> None:
        """The same finding is told once more, as after a restart of the watch."""
        incidents.on_finding(self.findings[target, variant], now)

    def act_green(
        self, *, now: datetime, target: str, variant: str = "", until: str | None = None
    ) -> None:
        """The finding ends, if there was one; with `until`, every probe looks green until then."""
        if finding := self.findings.pop((target, variant), None):
            incidents.on_finding(replace(finding, ended_at=now), now)
        if until is not None:
            looked_green(target, variant, since=now, until=instant(until))

    def act_acknowledge(self, *, now: datetime, component: str) -> None:
        """Somebody takes it."""
        incidents.acknowledge(incident_id=self.ids[component], actor=self.actor, now=now)

    def act_undertake(self, *, now: datetime, component: str, to: str, due: str) -> None:
        """News is promised."""
        self.promised[component] = incidents.undertake(
            incident_id=self.ids[component],
            to=to,
            due_at=instant(due),
            actor=self.actor,
            now=now,
        )

    def act_settle(self, *, now: datetime, component: str, how: str) -> None:
        """The promise is kept."""
        incidents.settle_undertaking(
            undertaking_id=self.promised[component], how=how, actor=self.actor, now=now
        )

    def act_cause(
        self, *, now: datetime, component: str, trigger: str, cause: str, guard: str
    ) -> None:
        """The cause is known."""
        incidents.set_cause(
            incident_id=self.ids[component],
            trigger=trigger,
            cause=cause,
            guard=guard,
            actor=self.actor,
            now=now,
        )

    def act_note(self, *, now: datetime, component: str, kind: str, text: str) -> None:
        """A line is written, such as a fix."""
        incidents.add_entry(
            incident_id=self.ids[component],
            kind=incidents.EntryKind(kind),
            text=text,
            actor=self.actor,
            now=now,
        )

    def act_move(self, *, now: datetime, component: str, to: str, reason: str = "") -> None:
        """The incident comes to another state."""
        incidents.move(
            incident_id=self.ids[component],
            target=incidents.State(to),
            reason=reason,
            actor=self.actor,
            now=now,
        )

    def act_walked(self, *, now: datetime, component: str, variant: str = "") -> None:
        """A person tried it and it works."""
        incidents.mark_walked(
            incident_id=self.ids[component], variant=variant, actor=self.actor, now=now
        )

    def act_count(self, *, now: datetime, component: str, lane: str, **counts: int) -> None:
        """A lane's catching-up is counted: expected, sent, confirmed, refused."""
        incidents.count_recovery(
            incident_id=self.ids[component],
            counted=incidents.Counted(lane=lane, refused_owned=0, **counts),
            actor=self.actor,
            now=now,
        )

    def act_scope(
        self,
        *,
        now: datetime,
        component: str,
        variants: Sequence[str],
        used_percent: float,
        reason: str,
    ) -> None:
        """It turns out to be about a part only, used by so many per cent."""
        incidents.set_scope(
            incident_id=self.ids[component],
            variants=variants,
            used_share=used_percent / 100,
            reason=reason,
            actor=self.actor,
            now=now,
        )

    def act_workaround(
        self,
        *,
        now: datetime,
        component: str,
        text: str,
        covered: int,
        affected: int,
        rest_is_listed: bool = False,
        ends: str = "",
    ) -> None:
        """It becomes bearable for some, or for all."""
        incidents.add_mitigation(
            incident_id=self.ids[component],
            kind="workaround",
            text=text,
            covered_count=covered,
            affected_count=affected,
            rest_is_listed=rest_is_listed,
            owner="dienstdoende",
            ends_on=date.fromisoformat(ends) if ends else None,
            actor=self.actor,
            now=now,
        )

    def act_log_over(self, *, now: datetime, component: str, since: str = "") -> None:
        """The log shows more faults than usual since then; without a time: not any more."""
        incidents.set_log_over(
            incident_id=self.ids[component],
            over_since=instant(since) if since else None,
            actor=self.actor,
            now=now,
        )

    def act_action(self, *, now: datetime, component: str, due: str, **action: Any) -> None:
        """What follows is written down, with its proof."""
        reports.add_action(
            incident_id=self.ids[component],
            due_on=date.fromisoformat(due),
            actor=self.actor,
            now=now,
            **action,
        )

    def act_report(
        self, *, now: datetime, component: str = "", components: Sequence[str] = ()
    ) -> None:
        """One report about all of them is written in three languages and linted."""
        ids: list[uuid.UUID] = [self.ids[name] for name in (components or [component])]
        for language in LANGUAGES:
            made = reports.report_of(ids, language, reports.AuthorRole.LEAD, now)
            faults = reports.lint(made)
            self.faults_count += len(faults)
            self.wrong += [f"report ({language}): {fault}" for fault in faults]
