"""The lint's first rule: each incident has its line, with an end that is a named stamp."""

import re
from collections.abc import Iterator
from datetime import datetime

from standvast.desk.reports.rules.facts import IncidentFact, local
from standvast.desk.reports.rules.faults import Fault
from standvast.desk.reports.rules.numbers import TIME
from standvast.desk.reports.rules.phrases import MONTHS, clock_words, when_words
from standvast.desk.reports.rules.report import Report, Section
from standvast.kit.words import marked

RESTORED = re.compile(r"\b(?:hersteld|restored|rétabli\w*)\b", re.IGNORECASE)
SOLVED = re.compile(r"\b(?:opgelost|solved|résolu\w*)\b", re.IGNORECASE)
OPEN = re.compile(r"\b(?:nog open|still open|encore ouvert\w*)\b", re.IGNORECASE)
DATE = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)")


def ends_are_stamps(report: Report) -> Iterator[Fault]:
    """Each incident has its line, with an end that is a stamp and named as which."""
    text = report.blocks.get(Section.PROBLEM, "")
    only = report.facts.incidents[0] if len(report.facts.incidents) == 1 else None
    for incident in report.facts.incidents:
        lines = [line for line in text.splitlines() if incident.number in line]
        if only is not None and not lines:
            lines = [text]
        if not lines:
            yield at_problem("incident_missing", marked("{number} is not in the text."), incident)
        for line in lines:
            yield from _end_of(incident, line)


def at_problem(code: str, template: str, incident: IncidentFact, **values: str) -> Fault:
    """Return a fault about one incident's line in the first section."""
    return Fault(code, template, {"number": incident.number, **values}, Section.PROBLEM.value)


def _end_of(incident: IncidentFact, line: str) -> Iterator[Fault]:
    if incident.restored_at is None:
        if not OPEN.search(line):
            yield at_problem(
                "end_missing",
                marked("{number} has no end in the records; say that it is still open."),
                incident,
            )
        return
    named = [(RESTORED, incident.restored_at), (SOLVED, incident.solved_at)]
    spoken = [(words, at) for words, at in named if words.search(line)]
    ends = {"restored": when_words(incident.restored_at)}
    ends["solved"] = when_words(incident.solved_at) if incident.solved_at else "-"
    if not spoken:
        yield at_problem(
            "end_not_named",
            marked("{number}: name the end. Restored {restored}, solved {solved}."),
            incident,
            **ends,
        )
        return
    for words, at in spoken:
        clause = _clause_with(words, line)
        if at is None or not _is_said(at, _dates_in(clause), times_in(clause)):
            yield at_problem(
                "end_is_no_stamp",
                marked(
                    "{number}: “{word}” does not stand with its stamp. "
                    "Restored {restored}, solved {solved}."
                ),
                incident,
                word=words.search(line).group(),  # type: ignore[union-attr]
                **ends,
            )


def _clause_with(words: re.Pattern[str], line: str) -> str:
    """Return the part of a line that says when, around these words; else the whole line."""
    for clause in re.split(r"[,;]\s|:\s", line):
        if words.search(clause) and (_dates_in(clause) or times_in(clause)):
            return clause
    return line


def times_in(line: str) -> set[str]:
    """Return each time of day in a line, as 08:09."""
    return {f"{int(hours):02d}:{minutes}" for hours, minutes in TIME.findall(line)}


def _dates_in(line: str) -> set[tuple[int, int]]:
    """Return day and month of each date in a line, in figures or in words."""
    found = {(int(day), int(month)) for day, month, _ in DATE.findall(line)}
    for names in MONTHS.values():
        for month, name in enumerate(names.split(), start=1):
            for day in re.findall(rf"(?<!\d)(\d{{1,2}}) {name}\b", line, re.IGNORECASE):
                found.add((int(day), month))
    return found


def _is_said(at: datetime, dates: set[tuple[int, int]], times: set[str]) -> bool:
    """Whether a stamp stands in the line: its time, and its date where any date does."""
    day = local(at)
    has_date = (day.day, day.month) in dates
    return (has_date or not dates) and (clock_words(at) in times or (not times and has_date))
