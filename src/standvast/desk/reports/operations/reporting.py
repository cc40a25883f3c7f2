"""Making, rewriting and approving reports."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import entry_of, record
from standvast.desk.reports.gathering import from_json, report_of, to_json
from standvast.desk.reports.models import StoredReport
from standvast.desk.reports.rules.lint import lint
from standvast.desk.reports.rules.report import AuthorRole, Form, Grade, Report, Section
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked


class ReportNotFound(NotFound):
    """There is no such report."""

    code = "reports.not_found"


class ReportApproved(Refused):
    """An approved report is not changed; a new one is made."""

    code = "reports.approved"


class ReportStale(Refused):
    """Somebody else saved it meanwhile."""

    code = "reports.stale"


class HasFaults(Refused):
    """The lint found something; approval is blocked."""

    code = "reports.has_faults"


@transaction.atomic(durable=True)
def make_report(
    *,
    incident_ids: Sequence[uuid.UUID],
    language: str,
    author_role: AuthorRole,
    actor: Actor,
    now: datetime,
    form: Form = Form.REPORT,
    grade: Grade = Grade.CONFIDENTIAL,
) -> uuid.UUID:
    """Write a report and keep it, with the facts it was made from.

    :raises IncidentNotFound: if one of the incidents is not there.
    :raises TooMany: past fifty incidents.
    """
    report = report_of(incident_ids, language, author_role, now, form=form, grade=grade)
    row = StoredReport.objects.create(
        incident_ids=sorted(set(incident_ids)),
        author_role=author_role.value,
        on_day=report.on,
        grade=grade.value,
        language=language,
        form=form.value,
        title=report.title,
        blocks={section.value: text for section, text in report.blocks.items()},
        facts=to_json(report.facts),
        facts_sha256=report.fingerprint,
        faults_count=len(lint(report)),
        created_at=now,
        created_by=actor.person_id,
        changed_at=now,
    )
    _journal(row, actor, event="made", action="C", now=now)
    return row.id


@transaction.atomic(durable=True)
def save_blocks(
    *,
    report_id: uuid.UUID,
    blocks: Mapping[Section, str],
    version: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Rewrite sections; return how many faults the lint finds now.

    :raises ReportNotFound: if there is no such report.
    :raises ReportApproved: if it was approved.
    :raises ReportStale: if somebody saved it after this person opened it.
    :raises BlockTooLong: if a section is longer than it may be.
    """
    row = _locked(report_id)
    if row.version != version:
        raise ReportStale(marked("Somebody else saved this report meanwhile; open it again first."))
    report = stored(row).with_blocks(blocks)
    row.blocks = {section.value: text for section, text in report.blocks.items()}
    row.faults_count = len(lint(report))
    row.version, row.changed_at = row.version + 1, now
    row.save(update_fields=["blocks", "faults_count", "version", "changed_at"])
    _journal(row, actor, event="rewritten", action="U", now=now)
    return row.faults_count


@transaction.atomic(durable=True)
def write_again(*, report_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Make the report anew from the records as they are now; rewritten text is lost.

    :raises ReportNotFound: if there is no such report.
    :raises ReportApproved: if it was approved.
    """
    row = _locked(report_id)
    report = report_of(
        row.incident_ids,
        row.language,
        AuthorRole(row.author_role),
        now,
        form=Form(row.form),
        grade=Grade(row.grade),
    )
    row.title = report.title
    row.blocks = {section.value: text for section, text in report.blocks.items()}
    row.facts, row.facts_sha256 = to_json(report.facts), report.fingerprint
    row.faults_count = len(lint(report))
    row.version, row.changed_at, row.on_day = row.version + 1, now, report.on
    row.save()
    _journal(row, actor, event="written_again", action="U", now=now)


@transaction.atomic(durable=True)
def approve_report(*, report_id: uuid.UUID, version: int, actor: Actor, now: datetime) -> None:
    """Approve a report without fault; from then on it does not change.

    :raises ReportNotFound: if there is no such report.
    :raises ReportApproved: if it was approved already.
    :raises ReportStale: if it is no longer what this person read.
    :raises HasFaults: if the lint finds anything.
    """
    row = _locked(report_id)
    if row.version != version:
        raise ReportStale(marked("Somebody else saved this report meanwhile; open it again first."))
    faults = lint(stored(row))
    if faults:
        raise HasFaults(
            marked("{count} things do not agree with the records; see them beside the text."),
            count=len(faults),
        )
    row.faults_count, row.approved_at, row.approved_by = 0, now, actor.person_id
    row.save(update_fields=["faults_count", "approved_at", "approved_by"])
    _journal(row, actor, event="approved", action="U", now=now)


@transaction.atomic(durable=True)
def record_read(*, report_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Write down that somebody read a report.

    :raises ReportNotFound: if there is no such report.
    """
    row = StoredReport.objects.filter(id=report_id).first()
    if row is None:
        raise ReportNotFound(marked("There is no such report."))
    _journal(row, actor, event="read", action="R", now=now)


def _locked(report_id: uuid.UUID) -> StoredReport:
    row = StoredReport.objects.select_for_update().filter(id=report_id).first()
    if row is None:
        raise ReportNotFound(marked("There is no such report."))
    if row.approved_at is not None:
        raise ReportApproved(marked("This report was approved and is not changed; make a new one."))
    return row


def stored(row: StoredReport) -> Report:
    """Return a stored report as a value."""
    return Report(
        facts=from_json(row.facts),
        language=row.language,
        author_role=AuthorRole(row.author_role),
        on=row.on_day,
        grade=Grade(row.grade),
        title=row.title,
        blocks={Section(name): text for name, text in row.blocks.items()},
        form=Form(row.form),
    )


def _journal(row: StoredReport, actor: Actor, *, event: str, action: str, now: datetime) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"reports.{event}",
            record_kind="report",
            record_id=row.id,
            detail={"faults": row.faults_count},
        )
    )
