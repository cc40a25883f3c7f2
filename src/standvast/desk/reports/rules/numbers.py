"""Which numbers and durations a report may hold: those that its facts hold."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import combinations

from standvast.desk.reports.rules.facts import Facts, IncidentFact, local
from standvast.desk.reports.rules.phrases import clock_words, day_figures

TOKEN = re.compile(r"(?<![\w])\d+(?:[.,:\-/–]\d+)*(?![\w])")
TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)")
NUMBER_OF_INCIDENT = re.compile(r"\bST-\d{4}-\d{3,}\b")
_THIN = {"\u00a0": "", "\u202f": ""}

WORDS = {
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "en": "two three four five six seven eight nine ten eleven twelve",
}
SPAN = re.compile(
    r"(?<!\d)(\d+)\s*(?:uur|uren|hours?|heures?|h)\b(?:\s*(?:en|and|et)?\s*(\d+)\s*min\w*)?"
    r"|(?<!\d)(\d+)\s*min(?:uten|utes|uut|ute)?\b"
)


def stamps_of(incident: IncidentFact) -> Iterator[datetime]:
    """Yield every instant that the record of an incident holds."""
    own = (
        incident.began_at,
        incident.found_at,
        incident.declared_at,
        incident.mitigated_at,
        incident.cause_known_at,
        incident.restored_at,
        incident.solved_at,
        incident.reopened_at,
    )
    yield from (at for at in own if at is not None)
    yield from (line.at for line in (*incident.lines, *incident.news))
    for red in incident.reds:
        yield from (at for at in (red.opened_at, red.ended_at) if at is not None)
    for promised in incident.undertakings:
        held = (promised.due_at, promised.settled_at, promised.missed_at)
        yield from (at for at in held if at is not None)
    yield from (step.at for step in incident.steps if step.at is not None)


def spans_of(facts: Facts) -> set[int]:
    """Return, in whole minutes, every duration between two instants of one incident."""
    minutes: set[int] = set()
    for incident in facts.incidents:
        own = sorted({at.replace(second=0, microsecond=0) for at in stamps_of(incident)})
        minutes |= {_minutes(later - earlier) for earlier, later in combinations(own[:200], 2)}
        if incident.lasted is not None:
            minutes.add(_minutes(incident.lasted))
        minutes |= {_minutes(red.ended_at - red.opened_at) for red in incident.reds if red.ended_at}
    return minutes


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def spans_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield each duration that a text states, with its whole minutes."""
    for found in SPAN.finditer(text):
        hours, more, only = found.groups()
        minutes = int(only) if only else int(hours) * 60 + int(more or 0)
        yield found.group(), minutes


def tokens_in(text: str, language: str) -> Iterator[str]:
    """Yield each number of a text, words such as “four” as figures; incident numbers left out."""
    plain = NUMBER_OF_INCIDENT.sub(" ", text)
    for thin, nothing in _THIN.items():
        plain = plain.replace(thin, nothing)
    for found in TOKEN.finditer(plain):
        yield _normal(found.group())
    words = WORDS[language].split()
    for word in re.findall(r"[^\W\d_]+", plain.lower()):
        if word in words:
            yield str(words.index(word) + 2)


def _normal(token: str) -> str:
    time = TIME.fullmatch(token)
    if time:
        return f"{int(time[1]):02d}:{time[2]}"
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", token)
    return re.sub(r"[.,]", "", token) if grouped else token


def known_tokens(facts: Facts, written: Iterable[str], language: str) -> set[str]:
    """Return the numbers that the records hold: in stamps, counts, and people's own words."""
    known: set[str] = set()
    for text in written:
        known |= set(tokens_in(text, language))
    for incident in facts.incidents:
        for at in stamps_of(incident):
            day = local(at).date()
            known |= {clock_words(at), day_figures(day), str(day.day), str(day.year)}
            known |= {f"{day.day}-{day.month}", f"{day:%d-%m}"}
        said = [incident.trigger, incident.cause, incident.guard, *incident.variants]
        said += [words for line in incident.lines for words in line.texts.values()]
        said += [words for line in incident.news for words in line.texts.values()]
        said += [f"{action.text} {action.proof}" for action in incident.actions]
        said += [promised.how for promised in incident.undertakings]
        for text in said:
            known |= set(tokens_in(text, language))
    for minutes in spans_of(facts):
        known |= {str(minutes // 60), str(minutes % 60), str(minutes)}
    return known
