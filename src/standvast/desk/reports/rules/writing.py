"""Writing a report from facts: each sentence from a record, none from memory."""

from collections.abc import Iterable
from datetime import date

from standvast.desk.reports.rules.facts import Facts, IncidentFact, LineFact, in_language, local
from standvast.desk.reports.rules.phrases import (
    FOUND_BY,
    SEVERITIES,
    clock_words,
    day_figures,
    day_words,
    say,
    span_words,
    when_words,
)
from standvast.desk.reports.rules.report import AuthorRole, Form, Grade, Report, Section


def write_report(
    facts: Facts,
    *,
    language: str,
    author_role: AuthorRole,
    on: date,
    grade: Grade = Grade.CONFIDENTIAL,
    form: Form = Form.REPORT,
) -> Report:
    """Return a report in which every sentence comes from a record."""
    assert facts.incidents, "a report is about at least one incident"
    blocks = {
        Section.PROBLEM: _problem(facts, language),
        Section.IMPACT: _impact(facts, language),
        Section.CAUSE: _cause(facts, language),
        Section.ACTIONS_TAKEN: _actions_taken(facts, language),
        Section.COMMUNICATION: _communication(facts, language),
        Section.FOLLOW_UP: _follow_up(facts, language),
    }
    return Report(
        facts=facts,
        language=language,
        author_role=author_role,
        on=on,
        grade=grade,
        title=_title(facts, language, form),
        blocks=blocks,
        form=form,
    )


def _title(facts: Facts, language: str, form: Form) -> str:
    first = local(facts.began_at).date()
    last = local(facts.ended_at).date() if facts.ended_at else first
    on = day_figures(first) if first == last else f"{day_figures(first)} – {day_figures(last)}"
    if form is Form.LETTER:
        return say("letter_title", language, on=on)
    return say("title_several" if len(facts.incidents) > 1 else "title", language, on=on)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _one_line(text: str) -> str:
    """Return a person's words as one line that Markdown reads as plain words."""
    flat = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|" else sign for sign in flat)


def _sentence(text: str) -> str:
    flat = _one_line(text)
    return flat if not flat or flat[-1] in ".!?" else f"{flat}."


def _problem(facts: Facts, language: str) -> str:
    intro = say("problem_intro", language, day=day_words(local(facts.began_at).date(), language))
    return f"{intro}\n\n{_bullets(_problem_line(one, language) for one in facts.incidents)}"


def _problem_line(incident: IncidentFact, language: str) -> str:
    values = {
        "number": incident.number,
        "title": _one_line(incident.title(language)),
        "began": when_words(incident.began_at),
    }
    if incident.restored_at is None or incident.lasted is None:
        return say("problem_open", language, **values)
    values["restored"] = when_words(incident.restored_at)
    values["lasted"] = span_words(incident.lasted, language)
    if incident.solved_at is None:
        return say("problem_restored", language, **values)
    return say("problem_line", language, solved=when_words(incident.solved_at), **values)


def _impact(facts: Facts, language: str) -> str:
    lines = []
    for one in facts.incidents:
        lines.append(
            say(
                "impact_line",
                language,
                title=_one_line(one.title(language)),
                severity=SEVERITIES[one.severity][language],
                calls=one.calls_count,
                callers=one.callers_count,
                found_by=FOUND_BY[one.found_by][language],
            )
        )
        for red in one.reds:
            values = {
                "what": _one_line(in_language(red.what, language)),
                "began": when_words(red.opened_at),
            }
            if red.ended_at is None:
                lines.append(say("impact_red_open", language, **values))
                continue
            values["ended"] = when_words(red.ended_at)
            values["lasted"] = span_words(red.ended_at - red.opened_at, language)
            lines.append(say("impact_red", language, **values))
        lines += [
            say("impact_recovery", language, **{**vars(count), "lane": _one_line(count.lane)})
            for count in one.recoveries
        ]
    if facts.still_working:
        what = ", ".join(_one_line(in_language(name, language)) for name in facts.still_working)
        lines.append(say("impact_works", language, what=what))
    if facts.nothing_lost_is_proven:
        run = next(run for run in facts.runs if run.proves)
        lines.append(say("impact_nothing_lost", language, run=_one_line(run.name)))
    return _bullets(lines)


def _cause(facts: Facts, language: str) -> str:
    lines = []
    for one in facts.incidents:
        title = _one_line(one.title(language))
        if not one.cause:
            lines.append(say("cause_unknown", language, title=title))
            continue
        line = say(
            "cause_line",
            language,
            title=title,
            trigger=_sentence(one.trigger),
            cause=_sentence(one.cause),
        )
        if one.guard:
            line += " " + say("cause_guard", language, guard=_sentence(one.guard))
        lines.append(line)
    return _bullets(lines)


def _actions_taken(facts: Facts, language: str) -> str:
    dated = sorted(
        ((line.at, one.number, line) for one in facts.incidents for line in one.lines),
        key=lambda item: (item[0], item[1]),
    )
    days: dict[date, list[str]] = {}
    for at, number, line in dated:
        days.setdefault(local(at).date(), []).append(_action_line(number, line, language))
    return "\n\n".join(
        f"### {day_words(day, language)}\n\n{_bullets(lines)}" for day, lines in days.items()
    )


def _action_line(number: str, line: LineFact, language: str) -> str:
    return f"{clock_words(line.at)} ({number}) {_sentence(line.said(language))}"


def _communication(facts: Facts, language: str) -> str:
    lines = []
    for one in facts.incidents:
        title = _one_line(one.title(language))
        lines += [
            say("news", language, at=when_words(item.at), text=_one_line(item.said(language)))
            for item in one.news
        ]
        lines.append(
            say(
                "callers",
                language,
                title=title,
                told=one.told_count,
                calls=one.calls_count,
                reached=one.reached_count,
                listed=one.to_call_back_count,
            )
        )
        for promised in one.undertakings:
            values = {"to": _one_line(promised.to), "due": when_words(promised.due_at)}
            if promised.missed_at is not None:
                lines.append(say("missed", language, **values))
            elif promised.settled_at is not None:
                values |= {
                    "settled": when_words(promised.settled_at),
                    "how": _sentence(promised.how),
                }
                lines.append(say("kept", language, **values))
            else:
                lines.append(say("due", language, **values))
    if not any(one.news for one in facts.incidents):
        lines.append(say("no_news", language))
    return _bullets(lines)


def _follow_up(facts: Facts, language: str) -> str:
    parts = []
    for heading, is_long in (("short_term", False), ("long_term", True)):
        lines = [
            _follow_up_line(one, index, language)
            for one in facts.incidents
            for index, action in enumerate(one.actions)
            if action.is_long_term is is_long
        ]
        if lines:
            parts.append(f"### {say(heading, language)}\n\n{_bullets(lines)}")
    return "\n\n".join(parts) or say("no_actions", language)


def _follow_up_line(incident: IncidentFact, index: int, language: str) -> str:
    action = incident.actions[index]
    if action.no_action:
        return say("no_action", language, number=incident.number, text=_sentence(action.text))
    return say(
        "action",
        language,
        text=_sentence(action.text),
        owner=_one_line(action.owner) or "-",
        due=day_figures(action.due_on) if action.due_on else "-",
        proof=_one_line(f"{action.proof_kind} {action.proof}".strip()) or "-",
    )
