"""Reads for pages: lists, one report with its faults, actions with their state."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from standvast.desk.incidents.api import FollowUp
from standvast.desk.reports.models import Action, DrillRun, StoredReport
from standvast.desk.reports.operations.reporting import ReportNotFound, stored
from standvast.desk.reports.rules.actions import is_overdue
from standvast.desk.reports.rules.faults import Fault
from standvast.desk.reports.rules.lint import lint
from standvast.desk.reports.rules.report import Report, Section
from standvast.kit.words import marked

PAGE_SIZE = 50
ACTIONS_MAX = 200
RUNS_MAX = 50


@dataclass(frozen=True)
class ReportRow:
    """One line of the list of reports."""

    id: uuid.UUID
    title: str
    language: str
    form: str
    grade: str
    on: date
    faults_count: int
    changed_at: datetime
    approved_at: datetime | None
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class ReportView:
    """One report whole, with what the lint says."""

    row: ReportRow
    report: Report
    faults: tuple[Fault, ...]
    version: int

    def faults_in(self, section: Section | None) -> tuple[Fault, ...]:
        """Return the faults of one section; None: of the whole."""
        name = section.value if section else ""
        return tuple(fault for fault in self.faults if fault.section == name)


@dataclass(frozen=True)
class ActionRow:
    """One action with its state: open, overdue, closed or none."""

    id: uuid.UUID
    incident_id: uuid.UUID
    kind: str
    text: str
    owner: str
    due_on: date | None
    proof_kind: str
    proof: str
    is_long_term: bool
    state: str
    changed_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class RunRow:
    """One run of a drill."""

    name: str
    scale: str
    verdict: str
    twin_verdict: str
    at: datetime


def _row(stored_: StoredReport) -> ReportRow:
    return ReportRow(
        id=stored_.id,
        title=stored_.title,
        language=stored_.language,
        form=stored_.form,
        grade=stored_.grade,
        on=stored_.on_day,
        faults_count=stored_.faults_count,
        changed_at=stored_.changed_at,
        approved_at=stored_.approved_at,
        numbers=tuple(one["number"] for one in stored_.facts["incidents"]),
    )


def report_rows(page_number: int) -> tuple[tuple[ReportRow, ...], int]:
    """Return one page of reports, newest first, and how many there are."""
    first = (max(1, page_number) - 1) * PAGE_SIZE
    rows = StoredReport.objects.order_by("-created_at")
    return tuple(_row(row) for row in rows[first : first + PAGE_SIZE]), rows.count()


def report_view(report_id: uuid.UUID) -> ReportView:
    """Return one report with its faults.

    :raises ReportNotFound: if there is no such report.
    """
    row = StoredReport.objects.filter(id=report_id).first()
    if row is None:
        raise ReportNotFound(marked("There is no such report."))
    report = stored(row)
    return ReportView(_row(row), report, tuple(lint(report)), row.version)


def action_rows(
    now: datetime, incident_ids: Sequence[uuid.UUID] | None = None
) -> tuple[ActionRow, ...]:
    """Return actions, those due first on top; all, or of these incidents."""
    today = timezone.localtime(now).date()
    rows = Action.objects.order_by("closed_at", "due_on", "created_at")
    if incident_ids is not None:
        rows = rows.filter(incident_id__in=incident_ids)
    return tuple(_action_row(row, today) for row in rows[:ACTIONS_MAX])


def _action_row(row: Action, today: date) -> ActionRow:
    if row.is_none:
        state = "none"
    elif row.closed_at is not None:
        state = "closed"
    else:
        state = "overdue" if is_overdue(row.due_on, closed=False, today=today) else "open"
    return ActionRow(
        id=row.id,
        incident_id=row.incident_id,
        kind=row.kind,
        text=row.text,
        owner=row.owner,
        due_on=row.due_on,
        proof_kind=row.proof_kind,
        proof=row.proof,
        is_long_term=row.is_long_term,
        state=state,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
    )


def overdue_count(now: datetime) -> int:
    """Return how many actions should have been closed by now; a finding of its own."""
    today = timezone.localtime(now).date()
    return Action.objects.filter(closed_at=None, is_none=False, due_on__lt=today).count()


def run_rows() -> tuple[RunRow, ...]:
    """Return the latest runs of drills and tests."""
    return tuple(
        RunRow(run.name, run.scale, run.verdict, run.twin_verdict, run.at)
        for run in DrillRun.objects.order_by("-at")[:RUNS_MAX]
    )


def follow_up_of(incident_id: uuid.UUID) -> FollowUp:
    """Return what there is of an incident; fills the slot FOLLOW_UP of incidents."""
    return FollowUp(
        has_report=StoredReport.objects.filter(
            incident_ids__contains=[incident_id], approved_at__isnull=False
        ).exists(),
        actions_count=Action.objects.filter(incident_id=incident_id).count(),
    )
