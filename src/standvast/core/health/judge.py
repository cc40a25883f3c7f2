"""What the watch holds in memory: where each probe stands and which findings are open.

No database, no clock, no network: looks go in, changes come out. The leading watch writes the
changes down; a blind one spools them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from standvast.core.health.declared import (
    WHOLE,
    Component,
    Edge,
    FindingView,
    Observation,
    Probe,
    Verdict,
)
from standvast.core.health.rules import (
    Standing,
    after,
    explained_by,
    is_silent,
    merged,
    of_component,
    parents_first,
    silent_after_s,
    together,
    uncovered,
)
from standvast.kit.ids import uuid7
from standvast.kit.words import marked

Place = tuple[str, str, str, str]
"""Kind, target, variant, probe: of each at most one finding is open."""

NO_PROBE = marked("Nothing looks at {target}: it has no probe.")
SILENT = marked("The probe {probe} has said nothing for {seconds} seconds.")
DOWN = marked("{target} does not answer as it should.")


@dataclass(frozen=True)
class Stand:
    """A standing with the look it rests on."""

    standing: Standing = field(default_factory=Standing)
    latest: Observation = field(default_factory=lambda: Observation(Verdict.UNKNOWN))
    telling: Observation = field(default_factory=lambda: Observation(Verdict.UNKNOWN))
    """The last look that agreed with the verdict: what a finding says."""


@dataclass(frozen=True)
class Changes:
    """What one settling brought."""

    opened: tuple[FindingView, ...] = ()
    ended: tuple[FindingView, ...] = ()
    freed: tuple[FindingView, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.ended or self.freed)


class Judge:
    """Counts looks into verdicts and verdicts into findings."""

    def __init__(
        self, components: Sequence[Component], edges: Sequence[Edge], probes: Sequence[Probe]
    ) -> None:
        self.components = tuple(components)
        self.edges = tuple(edges)
        self._always = {probe.name: probe for probe in probes}
        self.probes = dict(self._always)
        self.knows_all = True
        """Whether a probe that is not here is gone; until then what it found stays open."""
        self.stands: dict[str, Stand] = {}
        self.open: dict[Place, FindingView] = {}
        self.dirty: set[str] = set()
        self._uncovered = frozenset(uncovered(components, edges, probes))

    def take_on(self, crew: Iterable[Probe]) -> None:
        """Count these from now on, beside those of the wiring; an earlier crew is dismissed."""
        self.probes = self._always | {probe.name: probe for probe in crew}
        self.knows_all = True

    def load(self, stands: Mapping[str, Stand], findings: Iterable[FindingView]) -> None:
        """Take what is stored: the later look counts, the stored findings are the open ones."""
        for name, stored in stands.items():
            ours = self.stands.get(name)
            if ours is None or merged(ours.standing, stored.standing) is not ours.standing:
                self.stands[name] = stored
        self.dirty |= self.stands.keys() & self.probes.keys()
        self.open = {_place(finding): finding for finding in findings}

    def take(self, probe: Probe, observation: Observation, at: datetime) -> None:
        """Count one look."""
        before = self.stands.get(probe.name, Stand())
        standing = after(
            before.standing,
            observation.verdict,
            at,
            red_after=probe.red_after,
            green_after=probe.green_after,
        )
        agrees = observation.verdict is standing.verdict
        telling = observation if agrees else before.telling
        self.stands[probe.name] = Stand(standing, observation, telling)
        self.dirty.add(probe.name)

    def verdicts(self, target: str) -> dict[str, Verdict]:
        """Return the counted verdict of each variant of a target."""
        seen: dict[str, list[Verdict]] = {}
        for probe in self.probes.values():
            if probe.target == target:
                stand = self.stands.get(probe.name, Stand())
                seen.setdefault(probe.variant, []).append(stand.standing.verdict)
        return {variant: together(verdicts) for variant, verdicts in seen.items()}

    def settle(self, now: datetime, *, watched_since: datetime, blind: bool = False) -> Changes:
        """Bring the open findings in line with the verdicts.

        Blind, only what was seen counts: nothing can be called silent that cannot be asked.
        """
        wanted = self._wanted(now, watched_since, blind=blind)
        ended = tuple(
            replace(finding, ended_at=max(now, finding.opened_at))
            for place, finding in self.open.items()
            if place not in wanted and self._may_end(place, blind=blind)
        )
        for finding in ended:
            del self.open[_place(finding)]
        freed = self._freed()
        return Changes(opened=self._opened(wanted, now), ended=ended, freed=freed)

    # -- steps -------------------------------------------------------------------------------

    def _may_end(self, place: Place, *, blind: bool) -> bool:
        kind, _, _, probe = place
        if blind and kind != "down":
            return False
        return self.knows_all or not probe or probe in self.probes

    def _wanted(
        self, now: datetime, watched_since: datetime, *, blind: bool
    ) -> dict[Place, FindingView]:
        wanted: dict[Place, FindingView] = {}
        for probe in self.probes.values():
            stand = self.stands.get(probe.name, Stand())
            if stand.standing.verdict is Verdict.RED:
                wanted[("down", probe.target, probe.variant, probe.name)] = _down(probe, stand, now)
            if not blind and is_silent(stand.standing, probe, now=now, watched_since=watched_since):
                wanted[("silent", probe.target, probe.variant, probe.name)] = _silent(probe, now)
        if not blind:
            for target in self._uncovered:
                wanted[("no_probe", target, WHOLE, "")] = _no_probe(target, now)
        return wanted

    def _freed(self) -> tuple[FindingView, ...]:
        """Free what its parent no longer explains, once a look after that still saw it red.

        A child needs its own green looks to recover; until one says red again it is not news.
        """
        red = self._seen_red()
        freed = tuple(
            replace(finding, below="")
            for finding in self.open.values()
            if finding.below
            and not explained_by(finding.target, self.edges, red)
            and self._red_since(finding.probe, finding.below)
        )
        self.open |= {_place(finding): finding for finding in freed}
        return freed

    def _red_since(self, probe: str, parent: str) -> bool:
        """Whether the latest look of a probe was red, and later than its parent's last change."""
        own = self.stands.get(probe, Stand()).standing
        changed = [
            stand.standing.since
            for name, stand in self.stands.items()
            if name in self.probes and self.probes[name].target == parent and stand.standing.since
        ]
        if own.row_verdict is not Verdict.RED or own.observed_at is None:
            return False
        return all(own.observed_at > at for at in changed)

    def _opened(
        self, wanted: Mapping[Place, FindingView], now: datetime
    ) -> tuple[FindingView, ...]:
        fresh = [finding for place, finding in wanted.items() if place not in self.open]
        opened: list[FindingView] = []
        for target in parents_first((finding.target for finding in fresh), self.edges):
            red = self._seen_red()
            below = explained_by(target, self.edges, red)
            for finding in fresh:
                if finding.target == target:
                    held = replace(finding, below=below if finding.kind == "down" else "")
                    opened.append(held)
                    self.open[_place(held)] = held
        return tuple(opened)

    def _seen_red(self) -> frozenset[str]:
        """Targets known red as a whole: of each, a look said so and a finding is open."""
        found = {f.target for f in self.open.values() if f.kind == "down"}
        return frozenset(
            target for target in found if of_component(self.verdicts(target)) is Verdict.RED
        )


def _place(finding: FindingView) -> Place:
    return (finding.kind, finding.target, finding.variant, finding.probe)


def _down(probe: Probe, stand: Stand, now: datetime) -> FindingView:
    seen = stand.telling
    began_at = stand.standing.row_began_at or now
    return FindingView(
        id=uuid7(),
        kind="down",
        target=probe.target,
        variant=probe.variant,
        probe=probe.name,
        code=seen.code or "health.red",
        template=seen.template or DOWN,
        values=seen.values if seen.template else {"target": probe.target},
        began_at=min(began_at, stand.standing.since or now, now),
        opened_at=now,
    )


def _silent(probe: Probe, now: datetime) -> FindingView:
    return FindingView(
        id=uuid7(),
        kind="silent",
        target=probe.target,
        variant=probe.variant,
        probe=probe.name,
        code="health.silent",
        template=SILENT,
        values={"probe": probe.name, "seconds": int(silent_after_s(probe))},
        began_at=now,
        opened_at=now,
    )


def _no_probe(target: str, now: datetime) -> FindingView:
    return FindingView(
        id=uuid7(),
        kind="no_probe",
        target=target,
        variant=WHOLE,
        probe="",
        code="health.no_probe",
        template=NO_PROBE,
        values={"target": target},
        began_at=now,
        opened_at=now,
    )
