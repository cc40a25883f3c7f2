"""Claims that reports like to make, and what must be in the records before they may."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from standvast.desk.reports.rules.facts import Facts
from standvast.desk.reports.rules.faults import Fault
from standvast.desk.reports.rules.numbers import TIME
from standvast.desk.reports.rules.phrases import STEPS, clock_words, span_words
from standvast.desk.reports.rules.report import Report, Section
from standvast.kit.words import marked

SLOW_NEIGHBOUR_LINES = {"confirmed_p95"}
"""Lines of a drill that are measured while a neighbour is slow."""


@dataclass(frozen=True)
class Claim:
    """Words that say something, and whether the facts carry it."""

    code: str
    words: re.Pattern[str]
    holds: Callable[[Facts], bool]
    template: str


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE | re.DOTALL)


def _had_no_minor(facts: Facts) -> bool:
    return not any("minor" in incident.severities for incident in facts.incidents)


def _stayed_green(facts: Facts) -> bool:
    """Whether nothing was red or reopened after it was called restored."""
    for incident in facts.incidents:
        if incident.reopened_at is not None:
            return False
        for red in incident.reds:
            if incident.restored_at is None or red.ended_at is None:
                return False
            if red.ended_at > incident.restored_at:
                return False
    return True


def _tried_with_slow_neighbour(facts: Facts) -> bool:
    return any(run.proves and SLOW_NEIGHBOUR_LINES & set(run.lines) for run in facts.runs)


CLAIMS = (
    Claim(
        "nothing_lost_without_proof",
        _words(
            r"\b(?:geen|niets)\b[^.]{0,40}\bverloren\b",
            r"\b(?:no|nothing)\b[^.]{0,40}\blost\b",
            r"\b(?:aucune?|rien)\b[^.]{0,40}\bperdu",
        ),
        lambda facts: facts.nothing_lost_is_proven,
        marked("“Nothing lost” needs complete counts and a check about loss that passed."),
    ),
    Claim(
        "every_one_major",
        _words(
            r"\b(?:elke|iedere|alle)\b[^.]{0,40}\b(?:melding|incident)\w*[^.]{0,60}\b(?:major|critical)\b",
            r"\b(?:every|each|all)\b[^.]{0,40}\b(?:call|incident)s?\b[^.]{0,60}\b(?:major|critical)\b",
            r"\b(?:chaque|tou[st])\b[^.]{0,40}\b(?:signalement|incident)s?\b[^.]{0,60}\b(?:majeur|critique)",
        ),
        _had_no_minor,
        marked("“Every call was major or critical”: the records hold a minor one too."),
    ),
    Claim(
        "tests_agreed_yet_red",
        _words(
            r"\balle\b[^.]{0,20}\btest\w*[^.]{0,30}\b(?:akkoord|geslaagd)\b",
            r"\ball\b[^.]{0,20}\btests?\b[^.]{0,30}\b(?:agreed|passed)\b",
            r"\btous\b[^.]{0,20}\btests?\b[^.]{0,30}\bréussi",
        ),
        _stayed_green,
        marked("“All tests agreed”: something was red or reopened afterwards. Say what."),
    ),
    Claim(
        "quiet_is_not_fixed",
        _words(
            r"\bgeen bijzonderheden\b",
            r"\bnothing unusual\b|\bno anomal",
            r"\brien d'anormal\b|\brien à signaler\b",
        ),
        _stayed_green,
        marked("A quiet log is not a fix: something was red or reopened afterwards."),
    ),
    Claim(
        "everything_stopped",
        _words(
            r"\b(?:alles|alle systemen|volledig)\b[^.]{0,40}\b(?:stil|plat|uitgevallen)",
            r"\b(?:everything|all systems|completely)\b[^.]{0,40}\b(?:stopped|down|failed)\b",
            r"\b(?:tout|tous les systèmes|complètement)\b[^.]{0,40}\b(?:arrêt|en panne)",
        ),
        lambda facts: not facts.still_working,
        marked("“Everything stopped”: the records hold components that went on working."),
    ),
    Claim(
        "tested_without_slow_neighbour",
        _words(
            r"\b(?:uitvoerig|uitgebreid|grondig)\b[^.]{0,40}\bgetest",
            r"\btested\b[^.]{0,40}\b(?:at length|extensively|thoroughly)\b",
            r"\b(?:longuement|amplement)\b[^.]{0,40}\btesté",
        ),
        _tried_with_slow_neighbour,
        marked(
            "“Tested at length”: no drill with a slow neighbour passed. Name one or leave it out."
        ),
    ),
)

_BELOW = re.compile(
    r"\b(?:minder dan|korter dan|less than|under|moins de)\s+(\d+)\s*(?:uur|hours?|h\b|heures?)",
    re.I,
)
_EVERYONE = _words(
    r"\b(?:alle|iedereen|elke)\b[^.]{0,40}\b(?:gebruiker|ingelogd|inlog)",
    r"\b(?:all|everyone|every)\b[^.]{0,40}\b(?:user|signed in)",
    r"\b(?:tous|chaque)\b[^.]{0,40}\b(?:utilisateur|connect)",
)
_COUNTED = re.compile(
    r"\b(?:\d+|twee|drie|vier|vijf|zes|two|three|four|five|six|deux|trois|quatre|cinq)\s+"
    r"(?:verschillende\s+)?"
    r"(?:post|praktijk|apothe|organisati|melder|practice|caller|pharmac|cabinet|appelant)",
    re.I,
)
_SIGNED_OFF = _words(r"\bafgemeld\b", r"\bsigned off\b", r"\bclôturé")


def claims_beyond_the_facts(report: Report) -> Iterator[Fault]:
    """Yield a fault for each claim that the records do not carry."""
    for section in Section:
        text = report.blocks.get(section, "")
        for claim in CLAIMS:
            if claim.words.search(text) and not claim.holds(report.facts):
                yield Fault(claim.code, claim.template, section=section.value)
        yield from _bounds_beyond(report, section, text)
        yield from _signed_off(report, section, text)
    impact = report.blocks.get(Section.IMPACT, "")
    if _EVERYONE.search(impact) and _COUNTED.search(impact):
        yield Fault(
            "everyone_beside_a_count",
            marked("“Everyone” stands beside a count: say which is counted and which estimated."),
            section=Section.IMPACT.value,
        )


def _bounds_beyond(report: Report, section: Section, text: str) -> Iterator[Fault]:
    for found in _BELOW.finditer(text):
        bound = timedelta(hours=int(found[1]))
        for incident in report.facts.incidents:
            measured = [(step.step, step.at) for step in incident.steps]
            measured += [
                (STEPS["restored"][report.language], incident.restored_at),
                (STEPS["solved"][report.language], incident.solved_at),
            ]
            for step, at in measured:
                if at is not None and at - incident.began_at >= bound:
                    yield Fault(
                        "duration_untrue",
                        marked("“{said}” is not so for {step}: that took {lasted}."),
                        {
                            "said": found.group(),
                            "step": step,
                            "lasted": span_words(at - incident.began_at, report.language),
                        },
                        section.value,
                    )
                    break


def _signed_off(report: Report, section: Section, text: str) -> Iterator[Fault]:
    for line in text.splitlines():
        if not _SIGNED_OFF.search(line):
            continue
        times = {f"{int(h):02d}:{m}" for h, m in TIME.findall(line)}
        for incident in report.facts.incidents:
            at = incident.mitigated_at
            if at is None or clock_words(at) not in times:
                continue
            if incident.solved_at is None or incident.solved_at > at:
                yield Fault(
                    "signed_off_on_workaround",
                    marked("{number} was signed off on a workaround; solved is something else."),
                    {"number": incident.number},
                    section.value,
                )
