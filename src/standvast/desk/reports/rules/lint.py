"""The consistency lint: every rule of a sound report. A fault blocks approval."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from standvast.desk.reports.rules.claims import claims_beyond_the_facts
from standvast.desk.reports.rules.facts import FIXING, IncidentFact, local
from standvast.desk.reports.rules.faults import Fault
from standvast.desk.reports.rules.numbers import (
    TIME,
    known_tokens,
    spans_in,
    spans_of,
    tokens_in,
)
from standvast.desk.reports.rules.phrases import MONTHS, clock_words, when_words
from standvast.desk.reports.rules.report import Report, Section
from standvast.desk.reports.rules.writing import write_report
from standvast.kit.words import marked

RESTORED = re.compile(r"\b(?:hersteld|restored|rétabli\w*)\b", re.IGNORECASE)
SOLVED = re.compile(r"\b(?:opgelost|solved|résolu\w*)\b", re.IGNORECASE)
OPEN = re.compile(r"\b(?:nog open|still open|encore ouvert\w*)\b", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)")
_SALUTATION = re.compile(
    r"\b(?i:dhr|mevr|mw|dr|drs|ir|mr|mrs|ms|monsieur|madame|mme)\.?\s+[A-Z][a-zà-ÿ]+"
)
FAULTS_MAX = 200


def lint(report: Report) -> list[Fault]:
    """Return every fault, in order of section; empty means the report may be approved."""
    faults: list[Fault] = []
    for rule in (
        _sections_are_there,
        _has_times,
        _ends_are_stamps,
        _title_covers,
        _lines_and_causes,
        claims_beyond_the_facts,
        _fixes,
        _durations,
        _numbers,
        _names,
        _follow_ups,
        _undertakings,
    ):
        faults.extend(rule(report))
    order = [section.value for section in Section]
    faults.sort(key=lambda f: order.index(f.section) if f.section in order else -1)
    return faults[:FAULTS_MAX]


def _sections_are_there(report: Report) -> Iterator[Fault]:
    for section in Section:
        if not report.blocks.get(section, "").strip():
            yield Fault("section_empty", marked("This section is empty."), section=section.value)


def _has_times(report: Report) -> Iterator[Fault]:
    if not TIME.search(report.text):
        yield Fault(
            "no_times", marked("There is no time of day anywhere: say when it began and ended.")
        )


def _ends_are_stamps(report: Report) -> Iterator[Fault]:
    """Each incident has its line, with an end that is a stamp and named as which."""
    text = report.blocks.get(Section.PROBLEM, "")
    only = report.facts.incidents[0] if len(report.facts.incidents) == 1 else None
    for incident in report.facts.incidents:
        lines = [line for line in text.splitlines() if incident.number in line]
        if only is not None and not lines:
            lines = [text]
        if not lines:
            yield _at_problem("incident_missing", marked("{number} is not in the text."), incident)
        for line in lines:
            yield from _end_of(incident, line)


def _at_problem(code: str, template: str, incident: IncidentFact, **values: str) -> Fault:
    return Fault(code, template, {"number": incident.number, **values}, Section.PROBLEM.value)


def _end_of(incident: IncidentFact, line: str) -> Iterator[Fault]:
    if incident.restored_at is None:
        if not OPEN.search(line):
            yield _at_problem(
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
        yield _at_problem(
            "end_not_named",
            marked("{number}: name the end. Restored {restored}, solved {solved}."),
            incident,
            **ends,
        )
        return
    for words, at in spoken:
        clause = _clause_with(words, line)
        if at is None or not _is_said(at, _dates_in(clause), _times_in(clause)):
            yield _at_problem(
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
        if words.search(clause) and (_dates_in(clause) or _times_in(clause)):
            return clause
    return line


def _times_in(line: str) -> set[str]:
    return {f"{int(hours):02d}:{minutes}" for hours, minutes in TIME.findall(line)}


def _dates_in(line: str) -> set[tuple[int, int]]:
    """Return day and month of each date in a line, in figures or in words."""
    found = {(int(day), int(month)) for day, month, _ in _DATE.findall(line)}
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


def _title_covers(report: Report) -> Iterator[Fault]:
    ends = [incident.solved_at or incident.restored_at for incident in report.facts.incidents]
    last = max((local(end).date() for end in ends if end is not None), default=None)
    said = [date(int(y), int(m), int(d)) for d, m, y in _DATE.findall(report.title)]
    if said and last is not None and last > max(said):
        yield Fault(
            "title_too_short",
            marked("The title ends {title}, the incidents end {end}."),
            {"title": f"{max(said):%d-%m-%Y}", "end": f"{last:%d-%m-%Y}"},
        )


def _lines_and_causes(report: Report) -> Iterator[Fault]:
    problem, cause = (_bullets_of(report, section) for section in (Section.PROBLEM, Section.CAUSE))
    if problem and cause and problem != cause:
        yield Fault(
            "lines_and_causes_differ",
            marked("{lines} disruptions but {causes} causes."),
            {"lines": problem, "causes": cause},
            Section.CAUSE.value,
        )
    seen: dict[tuple[str, ...], IncidentFact] = {}
    for incident in report.facts.incidents:
        scope = (*sorted(incident.titles.values()), *incident.variants)
        if scope in seen:
            yield _at_problem(
                "look_like_one",
                marked("{number} and {other} are about the same: one incident or two?"),
                incident,
                other=seen[scope].number,
            )
        seen.setdefault(scope, incident)


def _bullets_of(report: Report, section: Section) -> int:
    text = report.blocks.get(section, "")
    return sum(1 for line in text.splitlines() if re.match(r"\s*[-*] ", line))


def _fixes(report: Report) -> Iterator[Fault]:
    for incident in report.facts.incidents:
        fixes = [line.at for line in incident.lines if line.kind in FIXING]
        mended = [line.at for line in incident.lines if line.kind == "fix"]
        for at in fixes:
            reopened = incident.reopened_at
            if incident.solved_at and at > incident.solved_at and not (reopened and reopened <= at):
                yield Fault(
                    "fix_after_solved",
                    marked("{number} has a fix at {at}, after it was solved; reopen it first."),
                    {"number": incident.number, "at": when_words(at)},
                    Section.ACTIONS_TAKEN.value,
                )
        late = [at for at in mended if incident.restored_at and at > incident.restored_at]
        if late and not (incident.solved_at and max(late) > incident.solved_at):
            yield Fault(
                "restored_before_last_fix",
                marked("{number} was called restored before its last fix at {at}."),
                {"number": incident.number, "at": when_words(max(late))},
                Section.ACTIONS_TAKEN.value,
            )


def _durations(report: Report) -> Iterator[Fault]:
    known = spans_of(report.facts)
    stated = {item for text in _own_words(report) for item in spans_in(text)}
    for section in Section:
        for said, minutes in spans_in(report.blocks.get(section, "")):
            if minutes not in known and (said, minutes) not in stated:
                yield Fault(
                    "duration_unknown",
                    marked("“{said}” is no duration between two moments of the records."),
                    {"said": said},
                    section.value,
                )


def _own_words(report: Report) -> Iterator[str]:
    """Yield what people wrote in the records: durations there are theirs, not the report's."""
    for incident in report.facts.incidents:
        yield from (incident.trigger, incident.cause, incident.guard)
        for line in (*incident.lines, *incident.news):
            yield from line.texts.values()
        yield from (action.text for action in incident.actions)
        yield from (promised.how for promised in incident.undertakings)


def _numbers(report: Report) -> Iterator[Fault]:
    fresh = write_report(
        report.facts, language=report.language, author_role=report.author_role, on=report.on
    )
    known = known_tokens(
        report.facts, [*fresh.blocks.values(), fresh.title, report.title], report.language
    )
    for section in Section:
        told = set()
        for token in tokens_in(report.blocks.get(section, ""), report.language):
            if token not in known and token not in told:
                told.add(token)
                yield Fault(
                    "number_without_query",
                    marked("{number} is nowhere in the records."),
                    {"number": token},
                    section.value,
                )


def _names(report: Report) -> Iterator[Fault]:
    for section in Section:
        text = report.blocks.get(section, "")
        hits = [name for name in report.facts.people if _stands_in(name, text)]
        if hits or _SALUTATION.search(text):
            yield Fault(
                "names_a_person",
                marked("A person is named; write the role instead."),
                section=section.value,
            )


def _stands_in(name: str, text: str) -> bool:
    parts = [name, *(part for part in name.split()[-1:] if len(part) >= 4)]
    return any(re.search(rf"\b{re.escape(part)}\b", text) for part in parts if part.strip())


def _follow_ups(report: Report) -> Iterator[Fault]:
    for incident in report.facts.incidents:
        number = {"number": incident.number}
        place = Section.FOLLOW_UP.value
        if incident.is_over and not incident.cause:
            yield Fault(
                "cause_missing",
                marked("{number}: the cause is not in the records."),
                number,
                Section.CAUSE.value,
            )
        if not incident.actions:
            yield Fault(
                "cause_without_action",
                marked("{number}: record an action, or why there is none."),
                number,
                place,
            )
        for action in incident.actions:
            if action.no_action:
                continue
            lacking = [
                name
                for name, held in (
                    ("owner", action.owner),
                    ("due", action.due_on),
                    ("proof", action.proof),
                )
                if not held
            ]
            for name in lacking:
                yield Fault(f"action_without_{name}", _LACKING[name], number, place)


_LACKING = {
    "owner": marked("{number}: an action has no owner."),
    "due": marked("{number}: an action has no due date."),
    "proof": marked("{number}: an action names no drill or test that proves it."),
}


def _undertakings(report: Report) -> Iterator[Fault]:
    told = _times_in(report.blocks.get(Section.COMMUNICATION, ""))
    for incident in report.facts.incidents:
        for promised in incident.undertakings:
            values = {"number": incident.number, "due": when_words(promised.due_at)}
            open_still = promised.settled_at is None and promised.missed_at is None
            if open_still and incident.solved_at is not None:
                yield Fault(
                    "undertaking_without_outcome",
                    marked("{number}: the undertaking for {due} has no outcome."),
                    values,
                    Section.COMMUNICATION.value,
                )
            if clock_words(promised.due_at) not in told:
                yield Fault(
                    "undertaking_not_told",
                    marked("{number}: the undertaking for {due} is not told."),
                    values,
                    Section.COMMUNICATION.value,
                )
