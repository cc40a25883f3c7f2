"""What the public page says, gathered once and kept, so that it can be said with nothing alive."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from standvast.core.health.api import (
    ComponentView,
    FindingView,
    Verdict,
    component_views,
    findings_between,
    watched_from,
)
from standvast.desk.status.board import Content, ToldView, board
from standvast.desk.status.history import HISTORY_DAYS, Day, Span, days_of, outside, working_share
from standvast.desk.status.queries import maintenance_windows
from standvast.desk.status.rules import (
    NoticeKind,
    PublicState,
    is_on,
    public_state,
    with_incidents,
)
from standvast.desk.status.slots import FUNCTIONS, PUBLIC_ENTRIES, PublicEntry
from standvast.kit.wiring import wired

ENTRIES_MAX = 50
UNMENDED = ("investigating", "identified")
"""Where an incident stands while people feel it."""

CLOSED = "closed"
"""Beside the kinds of notices: a function closed for everybody."""


@dataclass(frozen=True)
class PublicComponent:
    """A component as everybody sees it."""

    slug: str
    title: str
    state: PublicState
    since: datetime | None
    red_variants: tuple[str, ...]
    days: tuple[Day, ...]
    working: float
    weighted: float


@dataclass(frozen=True)
class PublicNotice:
    """Something told to everybody."""

    id: uuid.UUID
    kind: str
    components: tuple[str, ...]
    texts: Mapping[str, str]
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True)
class PublicFacts:
    """Everything the public page says, as of one instant."""

    at: datetime
    components: tuple[PublicComponent, ...]
    entries: tuple[PublicEntry, ...]
    notices: tuple[PublicNotice, ...]

    @property
    def key(self) -> str:
        """What tells two pages apart, history aside."""
        return repr(
            (
                [(c.slug, c.state, c.red_variants) for c in self.components],
                self.entries,
                self.notices,
            )
        )


def gather(now: datetime) -> PublicFacts:
    """Return what is so, from the database; the history is left empty (`with_history`)."""
    content = board().fresh()
    views = [view for view in component_views(now) if view.audience == "external"]
    notices = (
        *_closures(content, now),
        *(_public(n) for n in content.notices if _is_public(n, now)),
    )
    entries = [entry for ask in wired(PUBLIC_ENTRIES) for entry in ask(now)][:ENTRIES_MAX]
    return PublicFacts(
        at=now,
        components=tuple(_component(view, content, entries, now) for view in views),
        entries=tuple(entries),
        notices=notices,
    )


def with_history(facts: PublicFacts, now: datetime) -> PublicFacts:
    """Return the same with ninety days of every component."""
    views = {view.slug: view for view in component_views(now)}
    begin = now - timedelta(days=HISTORY_DAYS + 1)
    findings = findings_between(begin, now)
    windows = maintenance_windows(begin, now)
    known_from = watched_from(begin, now)
    made = []
    for component in facts.components:
        spans = outside(
            spans_of(views.get(component.slug), component.slug, findings, now),
            windows.get(component.slug, ()),
        )
        days = days_of(
            spans,
            today=timezone.localtime(now).date(),
            midnight_of=midnight_of,
            known_from=known_from,
            now=now,
        )
        made.append(
            replace(
                component,
                days=days,
                working=working_share(days, weighted=False),
                weighted=working_share(days, weighted=True),
            )
        )
    return replace(facts, components=tuple(made))


def blind(facts: PublicFacts, findings: Sequence[FindingView], now: datetime) -> PublicFacts:
    """Return the last known facts with what a watch sees red without the database."""
    red = {finding.target for finding in findings if finding.kind == "down"}
    return replace(
        facts,
        at=now,
        components=tuple(
            replace(c, state=PublicState.MAJOR if c.slug in red else _unsure(c.state))
            for c in facts.components
        ),
    )


def _unsure(state: PublicState) -> PublicState:
    """With the database gone nobody can vouch for green."""
    return PublicState.NOT_KNOWN if state is PublicState.OPERATIONAL else state


def midnight_of(day: date) -> datetime:
    """Return the instant at which a day begins here."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def spans_of(
    view: ComponentView | None, slug: str, findings: Iterable[FindingView], now: datetime
) -> list[Span]:
    """Return when which share of a component was red."""
    variants_count = max(1, len(view.variants)) if view else 1
    return [
        Span(
            finding.began_at,
            finding.ended_at or now,
            1.0 if not finding.variant else 1 / variants_count,
        )
        for finding in findings
        if finding.target == slug and finding.kind == "down"
    ]


def _component(
    view: ComponentView, content: Content, entries: Sequence[PublicEntry], now: datetime
) -> PublicComponent:
    red = tuple(v.variant for v in view.variants if v.verdict is Verdict.RED)
    closures = [c for c in _closures(content, now) if view.slug in c.components]
    state = public_state(
        function_class=view.function_class,
        verdict=view.verdict.value,
        is_covered=view.is_covered,
        variants_red_count=len(red),
        is_closed=bool(closures),
        in_maintenance=any(
            n.kind == NoticeKind.MAINTENANCE
            and view.slug in n.components
            and is_on(n.from_at, n.until_at, now)
            for n in content.notices
        ),
    )
    felt = [e for e in entries if view.slug in e.components and e.state in UNMENDED]
    state = with_incidents(state, [entry.impact for entry in felt])
    return PublicComponent(
        slug=view.slug,
        title=view.title,
        state=state,
        since=_since(state, view, [*(c.from_at for c in closures), *(e.began_at for e in felt)]),
        red_variants=tuple(variant for variant in red if variant),
        days=(),
        working=1.0,
        weighted=1.0,
    )


def _since(state: PublicState, view: ComponentView, known: Sequence[datetime]) -> datetime | None:
    if state is PublicState.OPERATIONAL:
        return None
    wrong = view.since if view.verdict is not Verdict.GREEN else None
    return min([*known, *([wrong] if wrong else [])], default=None)


def _closures(content: Content, now: datetime) -> tuple[PublicNotice, ...]:
    """Return what is closed for everybody, with the words people see instead."""
    components = {known.slug: known.component for known in wired(FUNCTIONS)}
    return tuple(
        PublicNotice(
            c.id, CLOSED, (components.get(c.function, ""),), c.texts, c.from_at, c.until_at
        )
        for c in content.closures
        if c.organisation_ids is None and is_on(c.from_at, c.until_at, now)
    )


def _is_public(notice: ToldView, now: datetime) -> bool:
    return notice.organisation_ids is None and (
        is_on(notice.from_at, notice.until_at, now) or notice.kind == NoticeKind.MAINTENANCE
    )


def _public(notice: ToldView) -> PublicNotice:
    return PublicNotice(
        notice.id, notice.kind, notice.components, notice.texts, notice.from_at, notice.until_at
    )
