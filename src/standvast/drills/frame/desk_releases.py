"""What was released and what was not, as a log tells it: each act asks the register at its time."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from standvast.desk.releases import api as releases
from standvast.desk.releases.testing import shown
from standvast.drills.frame.desk_case import Case, LogWrong, instant


@dataclass
class ReleaseActs(Case):
    """Acts about releases."""

    def act_plan(
        self,
        *,
        now: datetime,
        version: str,
        planned: str,
        build: str = "",
        hotfix_for: str = "",
        incidents: Sequence[str] = (),
    ) -> None:
        """A build is put into the register, for a time."""
        plan = releases.Plan(
            version=version,
            digest=_digest(build or version),
            planned_at=instant(planned),
            hotfix_for=releases.HotfixFor(hotfix_for) if hotfix_for else None,
            incident_numbers=[self.numbers[component] for component in incidents],
        )
        releases.plan_release(plan=plan, actor=self.actor, now=now)

    def act_show(
        self,
        *,
        now: datetime,
        version: str,
        gates: Mapping[str, Mapping[str, Any]] | None = None,
        result: str = "ok",
    ) -> None:
        """Gates are shown of its build, with these figures changed.

        Without any: all of them, and good; and it went through test and acceptance.
        """
        row = releases.release_view(version, now).row
        day = row.planned_at.astimezone(now.tzinfo).date().isoformat()
        for gate, figures in (gates or {name: {} for name in releases.NAMES}).items():
            changed = {"day": day, **figures} if gate == "outside" else figures
            evidence = shown(gate, digest=row.digest, result=releases.Result(result), **changed)
            releases.add_evidence(evidence=replace(evidence, at=now), actor=self.actor, now=now)

        if gates is None:
            for place in (releases.Place.TEST, releases.Place.ACCEPTANCE):
                releases.start_in(version=version, place=place, actor=self.actor, now=now)
                releases.finish_in(version=version, place=place, actor=self.actor, now=now)

    def act_build(self, *, now: datetime, version: str, build: str) -> None:
        """The build changes."""
        releases.change_build(version=version, digest=_digest(build), actor=self.actor, now=now)

    def act_approve(self, *, now: datetime, version: str) -> None:
        """The release manager approves it by name."""
        releases.approve(version=version, actor=self.second, now=now)

    def act_ask(
        self, *, now: datetime, version: str, answer: str, because: Sequence[str] = ()
    ) -> None:
        """The rule is asked for the planned time: what it says, and which clauses speak."""
        found = releases.check(version=version, actor=self.actor, now=now)
        said = found.verdict.name.lower()
        self.check(said == answer, f"{version} at {now:%d-%m %H:%M}: {said}, not {answer}")
        spoke = {reason.clause for reason in found.reasons}
        lacking = sorted(set(because) - spoke)
        self.check(not lacking, f"{version}: nothing said of {', '.join(lacking)}")

    def act_break_glass(
        self, *, now: datetime, version: str, first: str, second: str, reason: str
    ) -> None:
        """Two people let it through all the same."""
        releases.break_glass(
            version=version,
            first_name=first,
            second_name=second,
            reason=reason,
            actor=self.actor,
            now=now,
        )

    def act_start(self, *, now: datetime, version: str) -> None:
        """It starts, if the rule allows it now."""
        releases.start(version=version, actor=self.actor, now=now)

    def act_finish(self, *, now: datetime, version: str) -> None:
        """People have it."""
        releases.finish(version=version, actor=self.actor, now=now)


def _digest(build: str) -> str:
    """Return a digest for the name that the log gives to a build.

    :raises LogWrong: if it has none.
    """
    if not build:
        raise LogWrong("a build has a name")
    return hashlib.sha256(build.encode()).hexdigest()
