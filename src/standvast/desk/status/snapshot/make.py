"""Making and writing the snapshot: whole files, renamed into place, index last."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.template import loader
from django.utils import translation

from standvast.core.health.api import Figure, FindingView
from standvast.desk.status.board import write_whole
from standvast.desk.status.rules import LANGUAGES, PublicState, text_in, worst
from standvast.desk.status.snapshot.facts import PublicFacts, blind, gather, with_history
from standvast.desk.status.snapshot.feed import feed
from standvast.desk.status.snapshot.statuspage import documents
from standvast.web.statics import statics

EVERY_S = 60.0
HAND_MAX = 2_000
HAND = "notice.txt"
FACTS = "status-facts.json"
"""Beside the snapshot, not in it: what was last said, to say it again with nothing alive."""
ASSETS = {
    "status.css": "status/snapshot.css",
    "status.js": "browser/status/snapshot.js",
    "mark.svg": "web/mark.svg",
}
DOCUMENTS = (
    "summary.json",
    "status.json",
    "components.json",
    "incidents.json",
    "incidents/unresolved.json",
    "scheduled-maintenances.json",
    "scheduled-maintenances/upcoming.json",
    "scheduled-maintenances/active.json",
)

Files = dict[str, bytes]
log = logging.getLogger(__name__)


def folder() -> Path:
    """Return where the snapshot stands; any file server can show it."""
    return Path(settings.VAR) / "snapshot"


def served_names() -> frozenset[str]:
    """Return every name that may be asked for."""
    return frozenset(
        {
            *(f"index.{language}.html" for language in LANGUAGES),
            "index.html",
            "summary.json",
            "feed.atom",
            HAND,
            *ASSETS,
            *(f"api/v2/{name}" for name in DOCUMENTS),
        }
    )


def render(facts: PublicFacts, hand: str) -> Files:
    """Return every file of the snapshot but the one written by hand."""
    files: Files = {name: statics().asset(source).body for name, source in ASSETS.items()}
    made = documents(facts, address=settings.ADDRESS, zone=settings.TIME_ZONE)
    for name, document in made.items():
        files[f"api/v2/{name}"] = msgspec.json.encode(document)
    files["summary.json"] = files["api/v2/summary.json"]
    files["feed.atom"] = feed(facts, address=settings.ADDRESS, language=str(settings.LANGUAGE_CODE))
    for language in LANGUAGES:
        with translation.override(language):
            files[f"index.{language}.html"] = _page(facts, hand, language).encode()
    files["index.html"] = files[f"index.{settings.LANGUAGE_CODE}.html"]
    return files


def _page(facts: PublicFacts, hand: str, language: str) -> str:
    return loader.render_to_string(
        "status/snapshot.html",
        {
            "facts": facts,
            "hand": hand,
            "now": facts.at,
            "worst": worst(c.state for c in facts.components),
            "open_entries": [e for e in facts.entries if e.resolved_at is None],
            "past_entries": [e for e in facts.entries if e.resolved_at is not None],
            "said": lambda texts: text_in(texts, language),
            "misses": lambda texts: not texts.get(language),
            "lang": language,
            "states": PublicState,
        },
    )


def make_files(now: datetime) -> Files:
    """Return the whole snapshot, gathered now; nothing is written."""
    hand = hand_text()
    return {**render(with_history(gather(now), now), hand), HAND: hand.encode()}


def hand_text() -> str:
    """Return what was written by hand, or nothing."""
    try:
        return (folder() / HAND).read_text(encoding="utf-8").strip()[:HAND_MAX]
    except (OSError, UnicodeDecodeError):
        return ""


class Writer:
    """Remembers what was last written, so that a sweep every two seconds is cheap."""

    def __init__(self) -> None:
        self._key = ""
        self._written_at = float("-inf")
        self._facts: PublicFacts | None = None
        self._lock = threading.Lock()

    def sweep(self, now: datetime) -> bool:
        """Write the snapshot when what it says changed, and every sixty seconds."""
        with self._lock:
            facts, hand = gather(now), hand_text()
            key = facts.key + hand
            if key == self._key and time.monotonic() - self._written_at < EVERY_S:
                return False
            self._write(with_history(facts, now), hand)
            self._key = key
            return True

    def blind(self, findings: Sequence[FindingView], now: datetime) -> None:
        """Write what is known without the database. Asks nothing but files."""
        with self._lock:
            known = self._facts or _last_facts()
            if known is None:
                return
            self._write(blind(known, findings, now), hand_text(), keep=False)
            self._key = ""

    def _write(self, facts: PublicFacts, hand: str, *, keep: bool = True) -> None:
        write_files(render(facts, hand))
        if not (folder() / HAND).exists():  # so that a page that asks for it is not told 404
            write_whole(folder() / HAND, b"")
        if keep:
            self._facts = facts
            write_whole(Path(settings.VAR) / FACTS, msgspec.json.encode(facts))
        self._written_at = time.monotonic()


def write_files(files: Files) -> None:
    """Put each file in its place by rename; pages last, so that they find what they name."""
    for name in sorted(files, key=lambda name: (name.endswith(".html"), name)):
        path = folder() / name
        try:
            if path.read_bytes() == files[name]:
                continue
        except OSError:
            pass
        write_whole(path, files[name])


def _last_facts() -> PublicFacts | None:
    try:
        text = (Path(settings.VAR) / FACTS).read_bytes()
        return msgspec.json.decode(text, type=PublicFacts)
    except (OSError, msgspec.DecodeError):
        return None


_writer = Writer()


def write_snapshot(now: datetime) -> bool:
    """Write the snapshot if it changed or is a minute old: a sweep of `watch`."""
    return _writer.sweep(now)


def write_blind(findings: Sequence[FindingView], now: datetime) -> None:
    """Write the snapshot with the database gone: a blind hearer of `watch`."""
    _writer.blind(findings, now)


def snapshot_figures(now: datetime) -> tuple[Figure, ...]:
    """Return how old the public page is: for the slot FIGURES of health."""
    facts = _last_facts()
    if facts is None:
        return ()
    age_s = max(0.0, (now - facts.at).total_seconds())
    words = "Seconds since the public page was last written with the database."
    return (Figure("standvast_snapshot_age_seconds", age_s, help=words),)


def say_by_hand(text: str) -> None:
    """Put a text above everything on the public page, or clear it with an empty one.

    Needs neither platform nor database: it writes `notice.txt`, and the pages again from what was
    last known, with the age they had.
    """
    said = text.strip()[:HAND_MAX]
    write_whole(folder() / HAND, said.encode() + (b"\n" if said else b""))
    facts = _last_facts() or PublicFacts(datetime.now(UTC), (), (), ())
    write_files(render(facts, said))
