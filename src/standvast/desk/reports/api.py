"""What other modules may import from reports."""

from standvast.desk.reports.contributions import RAIL_OF_REPORTS, RIGHTS_OF_REPORTS
from standvast.desk.reports.gathering import report_of
from standvast.desk.reports.operations.following import (
    add_action,
    close_action,
    mark_changed,
    record_no_action,
    record_run,
)
from standvast.desk.reports.operations.reporting import (
    HasFaults,
    ReportNotFound,
    approve_report,
    make_report,
    save_blocks,
)
from standvast.desk.reports.printing import html_of, pdf_of
from standvast.desk.reports.queries import follow_up_of, overdue_count, report_view, run_rows
from standvast.desk.reports.rules.faults import Fault
from standvast.desk.reports.rules.lint import lint
from standvast.desk.reports.rules.markdown import markdown_of
from standvast.desk.reports.rules.report import AuthorRole, Form, Grade, Report, Section

__all__ = [
    "RAIL_OF_REPORTS",
    "RIGHTS_OF_REPORTS",
    "AuthorRole",
    "Fault",
    "Form",
    "Grade",
    "HasFaults",
    "Report",
    "ReportNotFound",
    "Section",
    "add_action",
    "approve_report",
    "close_action",
    "follow_up_of",
    "html_of",
    "lint",
    "make_report",
    "mark_changed",
    "markdown_of",
    "overdue_count",
    "pdf_of",
    "record_no_action",
    "record_run",
    "report_of",
    "report_view",
    "run_rows",
    "save_blocks",
]
