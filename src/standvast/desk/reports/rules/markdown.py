"""A report as Markdown: the source of its HTML and PDF."""

from standvast.desk.reports.rules.phrases import (
    GRADES,
    HEADER,
    ROLES,
    SECTION_TITLES,
    day_figures,
    say,
)
from standvast.desk.reports.rules.report import Form, Report, Section

LETTER_SECTIONS = (Section.PROBLEM, Section.CAUSE, Section.FOLLOW_UP)
"""What concerns a customer; who did what at which minute stays with us."""


def markdown_of(report: Report) -> str:
    """Return the whole report or letter as Markdown."""
    return _letter(report) if report.form is Form.LETTER else _report(report)


def header_of(report: Report) -> tuple[tuple[str, str], ...]:
    """Return the header's lines: author (a role), date, class."""
    language = report.language
    return (
        (HEADER["author"][language], ROLES[report.author_role][language]),
        (HEADER["on"][language], day_figures(report.on)),
        (HEADER["grade"][language], GRADES[report.grade][language]),
    )


def fingerprint_line(report: Report) -> str:
    """Return the line that binds the report to its facts."""
    return f"{HEADER['facts'][report.language]}: SHA-256 {report.fingerprint}"


def _report(report: Report) -> str:
    parts = [f"# {report.title}"]
    parts.append("  \n".join(f"**{name}**: {value}" for name, value in header_of(report)))
    for section in Section:
        parts.append(f"## {SECTION_TITLES[section][report.language]}")
        parts.append(report.blocks.get(section, "").strip())
    parts.append(f"---\n\n{fingerprint_line(report)}")
    return "\n\n".join(parts) + "\n"


def _letter(report: Report) -> str:
    language = report.language
    parts = [f"# {report.title}", day_figures(report.on), say("letter_open", language)]
    parts += [report.blocks.get(Section.PROBLEM, "").strip(), say("letter_sorry", language)]
    for section in LETTER_SECTIONS[1:]:
        parts.append(f"## {SECTION_TITLES[section][language]}")
        parts.append(report.blocks.get(section, "").strip())
    parts.append(say("letter_close", language))
    parts.append(ROLES[report.author_role][language])
    parts.append(f"---\n\n{fingerprint_line(report)}")
    return "\n\n".join(parts) + "\n"
