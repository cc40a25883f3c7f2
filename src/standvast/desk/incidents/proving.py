"""Gathering the four proofs, from the probes, the counts, the far sides and the callers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext

from standvast.core.health.api import WHOLE, observations_of, probes_now
from standvast.desk.incidents.models import (
    Call,
    Incident,
    Milestone,
    Mitigation,
    Recovery,
    Sighting,
)
from standvast.desk.incidents.records import component_of
from standvast.desk.incidents.rules.proofs import Caller, Counted, FarSide, Loose, Proofs, Walk
from standvast.desk.incidents.slots import follow_up_of
from standvast.registry.organisations.api import organisation_views

CALLS_MAX = 2_000


def proofs_of(incident: Incident, now: datetime) -> Proofs:
    """Return what stands for and against solving, as of now."""
    calls = list(incident.calls.order_by("received_at")[:CALLS_MAX])
    return Proofs(
        walks=walks_of(incident, calls, now),
        recoveries=tuple(counted(row) for row in Recovery.objects.filter(incident=incident)),
        far_sides=tuple(
            FarSide(step.step, confirmed=bool(step.at and step.confirmed_by))
            for step in Milestone.objects.filter(incident=incident, needs_far_side=True)
        ),
        callers=_callers(calls),
    )


def counted(row: Recovery) -> Counted:
    """Return a lane's figures as the rule sees them."""
    return Counted(
        lane=row.lane,
        expected=row.expected,
        sent=row.sent,
        confirmed=row.confirmed,
        refused=row.refused,
        refused_owned=row.refused_owned,
    )


def walks_of(incident: Incident, calls: Sequence[Call], now: datetime) -> tuple[Walk, ...]:
    """Return how each variant fared that was ever called about or red in this incident."""
    looked_at = {(probe.target, probe.variant) for probe in probes_now()}
    seen = {(row.target, row.variant) for row in Sighting.objects.filter(incident=incident)}
    seen |= {(incident.component, call.variant) for call in calls if call.via != "log"}
    seen |= {(incident.component, variant) for variant in incident.seen_variants}
    whole = (incident.component, WHOLE)
    if whole in seen and whole not in looked_at:
        parts = {pair for pair in looked_at if pair[0] == incident.component}
        if parts:
            seen = (seen - {whole}) | parts
    streaks = {target: _streaks(target, now) for target in {target for target, _ in seen}}
    red = set(
        Sighting.objects.filter(incident=incident, ended_at=None).values_list("target", "variant")
    )
    walks = []
    for target, variant in sorted(seen):
        count, span = streaks[target].get(variant, (0, timedelta()))
        walks.append(
            Walk(
                title=_title(incident, target, variant),
                is_red=(target, variant) in red,
                green_count=count,
                green_for=span,
                is_walked=(target, variant) in looked_at,
                confirmed_by_hand=_walked_by_hand(incident, variant, calls),
            )
        )
    return tuple(walks)


def _streaks(target: str, now: datetime) -> dict[str, tuple[int, timedelta]]:
    """Return per variant the unbroken row of green looks: how many, over how long.

    A variant with several probes is as green as its worst one.
    """
    by_probe: dict[str, list[tuple[datetime, bool]]] = {}
    for look in observations_of(target, now=now):
        by_probe.setdefault(look.probe, []).append((look.at, look.verdict == "green"))
    worst: dict[str, tuple[int, timedelta]] = {}
    for probe in probes_now():
        if probe.target == target:
            streak = _streak(by_probe.get(probe.name, ()))
            worst[probe.variant] = min(worst.get(probe.variant, streak), streak)
    return worst


def _streak(newest_first: Iterable[tuple[datetime, bool]]) -> tuple[int, timedelta]:
    greens: list[datetime] = []
    for at, is_green in newest_first:
        if not is_green:
            break
        greens.append(at)
    return (len(greens), greens[0] - greens[-1]) if greens else (0, timedelta())


def _walked_by_hand(incident: Incident, variant: str, calls: Sequence[Call]) -> bool:
    said = incident.walked.get(variant)
    if said is None or incident.restored_at is None:
        return False
    at = datetime.fromisoformat(said)
    later_call = any(call.variant == variant and call.received_at > at for call in calls)
    return at >= incident.restored_at and not later_call


def _title(incident: Incident, target: str, variant: str) -> str:
    title = gettext(component_of(incident.component).title)
    if target != incident.component:
        title = target
    return f"{title}, {variant}" if variant else title


def _callers(calls: Sequence[Call]) -> tuple[Caller, ...]:
    ids = {call.organisation_id for call in calls if call.organisation_id}
    names: dict[object, str] = {view.id: view.name for view in organisation_views(ids).values()}
    latest: dict[str, list[Call]] = {}
    for call in calls:
        if call.via != "log":
            latest.setdefault(call.caller, []).append(call)
    return tuple(
        Caller(
            title=names.get(theirs[-1].organisation_id, theirs[-1].contact),
            told=theirs[-1].told_at is not None,
            attempts_count=sum(call.tell_attempts_count for call in theirs),
            still_broken=any(call.still_broken for call in theirs[-1:]),
        )
        for theirs in latest.values()
    )


def loose_of(incident: Incident) -> Loose:
    """Return what closing looks at."""
    done = follow_up_of(incident.id)
    in_force = Mitigation.objects.filter(incident=incident, ended_at=None)
    return Loose(
        has_report=done.has_report,
        reason_for_none=incident.no_report_reason,
        has_actions=done.actions_count > 0,
        undertakings_open=incident.undertakings.filter(settled_at=None).count(),
        workarounds_adrift=in_force.filter(owner="").count()
        + in_force.exclude(owner="").filter(ends_on=None).count(),
    )
