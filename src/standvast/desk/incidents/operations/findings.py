"""What the probes found: one incident per scope, a proposal when all is green again."""

from datetime import datetime

from django.db import transaction

from standvast.core.health.api import COMPONENTS, EDGES, WHOLE, FindingView, probes_now
from standvast.desk.incidents.models import Incident, Sighting
from standvast.desk.incidents.operations.calling import open_on_scope, solved_lately
from standvast.desk.incidents.operations.declaring import Opening, declare
from standvast.desk.incidents.operations.weighing import weigh
from standvast.desk.incidents.records import (
    desk_actor,
    lock_scope,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Reason, as_class, scope_class
from standvast.desk.incidents.rules.states import UNMENDED, State
from standvast.desk.incidents.slots import Usage, usage_of
from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.kit.words import marked

INCIDENT_KINDS = ("down",)
"""A missing or silent probe is a finding on the desk's list, not an incident."""


@transaction.atomic
def on_finding(finding: FindingView, now: datetime) -> None:
    """Hear a finding that opened, was freed or ended. Repeats have no effect.

    One incident per component, however many findings; what a red parent explains makes none,
    but its end is always heard. Green again proposes `restored` and never solves.
    """
    component = _scope_of(finding.target)
    if component is None or finding.kind not in INCIDENT_KINDS:
        return
    lock_scope(component)
    actor = desk_actor("watch")
    if finding.ended_at is not None:
        _hear_end(finding, actor=actor, now=now)
    elif not finding.below:
        _hear_red(finding, component, actor=actor, now=now)


def _scope_of(target: str) -> str | None:
    """Return the component that a target belongs to; for an edge, the one that relies on it."""
    for edge in wired(EDGES):
        if edge.slug == target:
            return edge.source
    for component in wired(COMPONENTS):
        if component.slug == target:
            return component.slug
    return None


def _hear_red(finding: FindingView, component: str, *, actor: Actor, now: datetime) -> None:
    if Sighting.objects.filter(finding_id=finding.id).exists():
        return
    incident = open_on_scope(component)
    own = finding.target == component
    variants = [finding.variant] if finding.variant != WHOLE else []
    if incident is None:
        used = usage_of(component, variants, now) if variants else Usage()
        incident = declare(
            Opening(
                component=component,
                variants=variants,
                found_by="probe",
                began_at=finding.began_at,
                found_at=finding.opened_at,
                whole_red=_is_whole(component, {(finding.target, finding.variant)}),
                red_variants_count=1,
                used_share=used.share,
                users_count=used.organisations_count,
                same_as=solved_lately(component, finding.variant, now=now),
            ),
            actor=actor,
            now=now,
        )
    Sighting.objects.create(
        incident=incident,
        finding_id=finding.id,
        target=finding.target,
        variant=finding.variant,
        opened_at=finding.opened_at,
    )
    _widen(incident, finding, own=own, now=now)
    write_entry(
        incident,
        EntryKind.FINDING,
        texts_of(marked("Probe red: {what}."), what=_named(finding)),
        now=now,
        at=finding.opened_at,
        actor=actor,
        source="probe",
        pinned=True,
    )
    if incident.state == State.RESTORED.value:
        write_entry(
            incident,
            EntryKind.FINDING,
            texts_of(marked("Red again after the fix: reopen?")),
            now=now,
            actor=actor,
            source="rule",
        )
    weigh(incident, reason=Reason.PROBE, actor=actor, now=now)


def _widen(incident: Incident, finding: FindingView, *, own: bool, now: datetime) -> None:
    incident.restore_proposed_at = None
    red = set(
        Sighting.objects.filter(incident=incident, ended_at=None).values_list("target", "variant")
    )
    if _is_whole(incident.component, red):
        incident.whole_red, incident.variants = True, []
        incident.function_class = incident.component_class
    elif own and finding.variant:
        if incident.variants and finding.variant not in incident.variants:
            incident.variants = sorted({*incident.variants, finding.variant})
            _weigh_use(incident, now)
        incident.seen_variants = sorted({*incident.seen_variants, finding.variant})
    incident.save(
        update_fields=[
            "restore_proposed_at",
            "whole_red",
            "variants",
            "seen_variants",
            "function_class",
            "used_share",
            "users_count",
        ]
    )


def _weigh_use(incident: Incident, now: datetime) -> None:
    """Look again how much is used of what is red by now: its class may rise, and never sinks."""
    used = usage_of(incident.component, incident.variants, now)
    incident.used_share, incident.users_count = used.share, used.organisations_count
    whole = as_class(incident.component_class)
    fresh = scope_class(whole, whole=False, used_share=used.share)
    incident.function_class = min(as_class(incident.function_class), fresh)


def _is_whole(component: str, red: set[tuple[str, str]]) -> bool:
    """Return whether the component is red as a whole: so probed, or in all its variants."""
    if (component, WHOLE) in red:
        return True
    parts = {probe.variant for probe in probes_now() if probe.target == component}
    return bool(parts) and all((component, part) in red for part in parts)


def _hear_end(finding: FindingView, *, actor: Actor, now: datetime) -> None:
    row = Sighting.objects.filter(finding_id=finding.id, ended_at=None).first()
    if row is None:
        return
    incident = locked(row.incident_id)
    row.ended_at = finding.ended_at
    row.save(update_fields=["ended_at"])
    write_entry(
        incident,
        EntryKind.GREEN,
        texts_of(marked("Probe green again: {what}."), what=_named(finding)),
        now=now,
        at=finding.ended_at,
        actor=actor,
        source="probe",
        pinned=True,
    )
    if Sighting.objects.filter(incident=incident, ended_at=None).exists():
        return
    incident.whole_red = False
    if State(incident.state) in UNMENDED:
        incident.restore_proposed_at = now
        write_entry(
            incident,
            EntryKind.NOTE,
            texts_of(marked("All probes are green again. Restored? A person confirms it.")),
            now=now,
            actor=actor,
            source="rule",
        )
    incident.save(update_fields=["whole_red", "restore_proposed_at"])


def _named(finding: FindingView) -> str:
    return f"{finding.target}, {finding.variant}" if finding.variant else finding.target
