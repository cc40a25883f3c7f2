"""The consistency lint: every rule of a sound report. A fault blocks approval."""

import re
from collections.abc import Iterator
from datetime import date

from standvast.desk.reports.rules.claims import claims_beyond_the_facts
from standvast.desk.reports.rules.ends import DATE, at_problem, ends_are_stamps, times_in
from standvast.desk.reports.rules.facts import FIXING, IncidentFact, local
from standvast.desk.reports.rules.faults import Fault
from standvast.desk.reports.rules.numbers import (
    TIME,
    known_tokens,
    spans_in,
    spans_of,
    tokens_in,
)
from standvast.desk.reports.rules.phrases import clock_words, when_words
from standvast.desk.reports.rules.report import Report, Section
from standvast.desk.reports.rules.writing import write_report
from standvast.kit.words import marked

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
        ends_are_stamps,
        _title_covers,
        _lines_and_causes,
        claims_beyond_the_facts,
        _fixes,
        _durations,
        _numbers,
        _names,
        _follow_ups,
        _undertakings,
        _glass,
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


def _title_covers(report: Report) -> Iterator[Fault]:
    ends = [incident.solved_at or incident.restored_at for incident in report.facts.incidents]
    last = max((local(end).date() for end in ends if end is not None), default=None)
    said = [date(int(y), int(m), int(d)) for d, m, y in DATE.findall(report.title)]
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
            yield at_problem(
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
    told = times_in(report.blocks.get(Section.COMMUNICATION, ""))
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


def _glass(report: Report) -> Iterator[Fault]:
    told = times_in(report.blocks.get(Section.ACTIONS_TAKEN, ""))
    for incident in report.facts.incidents:
        for line in incident.lines:
            if line.kind == "glass" and clock_words(line.at) not in told:
                yield Fault(
                    "glass_not_told",
                    marked("{number}: the release let through against the rule is not told."),
                    {"number": incident.number},
                    Section.ACTIONS_TAKEN.value,
                )
