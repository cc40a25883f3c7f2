"""Reads: what the shadow of a version showed, by name."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.registry.access.ruling.models import (
    PersonalRule,
    ShadowDifference,
    ShadowReport,
)
from standvast.registry.access.ruling.question import Holding, Layer
from standvast.registry.access.ruling.rules import Loss, Shown


@dataclass(frozen=True)
class DifferenceRow:
    """What one person would lose or gain, over all layers."""

    person_id: uuid.UUID
    person: str
    organisation_id: uuid.UUID
    organisation: str
    right: str
    layers: tuple[Layer, ...]
    seen_count: int
    is_loss: bool
    excepted_until: datetime | None = None


@dataclass(frozen=True)
class ReportView:
    """What the shadow of a version showed."""

    at: datetime
    digest: str
    people_count: int
    decisions_count: int
    decisions_min: int
    by_layer: tuple[tuple[Layer, int], ...]
    not_judged_count: int
    faults_count: int
    losses: tuple[DifferenceRow, ...]
    gains: tuple[DifferenceRow, ...]
    shown: Shown


def shown_of(number: int, *, now: datetime) -> Shown | None:
    """Return what the report of a version says, as far as enforcing asks; None without one."""
    view = report_of(number, now=now)
    return view.shown if view else None


def report_of(number: int, *, now: datetime) -> ReportView | None:
    """Return what the shadow of a version showed, by name; None without a report.

    Who would only see another menu is not among those who lose.
    """
    report = ShadowReport.objects.filter(ruleset__number=number).first()
    if report is None:
        return None
    found = _differences(report, now=now)
    losses = tuple(row for row in found if row.is_loss)
    layers = tuple((layer, int(report.by_layer.get(layer.value, 0))) for layer in Layer)
    shown = Shown(
        digest=report.digest,
        live=report.live_digest,
        is_whole=report.is_whole,
        at=report.at,
        decisions_count=sum(count for _, count in layers),
        decisions_min=report.decisions_min,
        layers_not_judged=tuple(layer.value for layer, count in layers if not count),
        faults_count=report.faults_count,
        losses=[_loss(row) for row in losses],
        excepted=[_loss(row) for row in losses if row.excepted_until],
    )
    return ReportView(
        at=report.at,
        digest=report.digest,
        people_count=report.people_count,
        decisions_count=shown.decisions_count,
        decisions_min=report.decisions_min,
        by_layer=layers,
        not_judged_count=report.not_judged_count,
        faults_count=report.faults_count,
        losses=losses,
        gains=tuple(row for row in found if not row.is_loss),
        shown=shown,
    )


def _loss(row: DifferenceRow) -> Loss:
    return Loss(row.person_id, row.organisation_id, row.right)


def _differences(report: ShadowReport, *, now: datetime) -> list[DifferenceRow]:
    rows = (
        ShadowDifference.objects.filter(report=report)
        .exclude(layer=Layer.MENU)
        .select_related("person", "organisation")
        .order_by("person__display_name", "person_id", "organisation_id", "right", "layer")
    )
    exceptions = {
        (one.person_id, one.organisation_id, one.name): one.until_at
        for one in PersonalRule.objects.filter(
            holding=Holding.EXCEPTION, ended_at=None, until_at__gt=now
        )
    }
    by_key: dict[tuple[uuid.UUID, uuid.UUID, str, bool], list[ShadowDifference]] = {}
    for row in rows:
        key = (row.person_id, row.organisation_id, row.right, row.is_loss)
        by_key.setdefault(key, []).append(row)
    return [
        DifferenceRow(
            person_id=person_id,
            person=same[0].person.display_name,
            organisation_id=organisation_id,
            organisation=same[0].organisation.name,
            right=right,
            layers=tuple(Layer(one.layer) for one in same),
            seen_count=sum(one.seen_count for one in same),
            is_loss=is_loss,
            excepted_until=exceptions.get((person_id, organisation_id, right)),
        )
        for (person_id, organisation_id, right, is_loss), same in by_key.items()
    ]
