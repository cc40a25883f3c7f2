"""The copy in memory of what is closed and told: asked on every request, true to two seconds.

In a serve process `StatusLive` keeps it (NOTIFY, and every second). Elsewhere who asks refreshes
it when it is older than a second. With the database gone the last known answer counts, from
memory or from `var/board.json`, which outlives the process.
"""

import logging
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.utils.translation import get_language

from standvast.database.api import named_sql
from standvast.desk.status.rules import is_for, is_on, text_in
from standvast.kit.errors import Busy

PACKAGE = "standvast.desk.status"
FRESH_S = 1.0
KEPT_WITHIN_S = 3.0
"""While a keeper refreshed within this, askers do not refresh themselves."""
TRY_AGAIN_S = 1.0
RETRY_AFTER_S = 60


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClosureView:
    """A function closed by hand, for whom, and what they see."""

    id: uuid.UUID
    function: str
    organisation_ids: frozenset[uuid.UUID] | None
    """None: for all."""
    texts: Mapping[str, str]
    from_at: datetime
    until_at: datetime | None
    incident_id: uuid.UUID | None

    def text(self, language: str) -> str:
        """Return what to show in a language, else in one there is."""
        return text_in(self.texts, language)


@dataclass(frozen=True)
class ToldView:
    """A notice as people meet it."""

    id: uuid.UUID
    kind: str
    components: tuple[str, ...]
    organisation_ids: frozenset[uuid.UUID] | None
    texts: Mapping[str, str]
    from_at: datetime
    until_at: datetime | None
    incident_id: uuid.UUID | None

    def text(self, language: str) -> str:
        """Return what to show in a language, else in one there is."""
        return text_in(self.texts, language)


@dataclass(frozen=True)
class Content:
    """Everything on the board at one instant of the database."""

    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    closures: tuple[ClosureView, ...] = ()
    notices: tuple[ToldView, ...] = ()

    @property
    def key(self) -> tuple[frozenset[uuid.UUID], frozenset[uuid.UUID]]:
        """What tells two boards apart: rows never change but by ending."""
        return (
            frozenset(closure.id for closure in self.closures),
            frozenset(notice.id for notice in self.notices),
        )


class _Head(msgspec.Struct):
    id: uuid.UUID


class _Heads(msgspec.Struct):
    """The board without what it says: cheap to read where thousands of organisations are named."""

    at: datetime
    closures: list[_Head]
    notices: list[_Head]

    @property
    def key(self) -> tuple[frozenset[uuid.UUID], frozenset[uuid.UUID]]:
        return (
            frozenset(head.id for head in self.closures),
            frozenset(head.id for head in self.notices),
        )


class InLanguages:
    """A text that is said in the language active when it is shown."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __str__(self) -> str:
        return text_in(self._texts, get_language() or settings.LANGUAGE_CODE)


class FunctionClosed(Busy):
    """The desk closed this function for now; the sentence is what people see instead."""

    code = "status.function_closed"

    def __init__(self, view: ClosureView) -> None:
        super().__init__("{text}", retry_after_s=RETRY_AFTER_S, text=InLanguages(view.texts))
        self.closure = view


@dataclass
class Board:
    """One per process."""

    path: Path
    content: Content = field(default_factory=Content)
    _clock_offset: timedelta = field(default_factory=timedelta)
    _refreshed_at: float = float("-inf")
    _tried_at: float = float("-inf")
    _kept_at: float = float("-inf")
    _filled: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Return the database's time as well as we know it."""
        return datetime.now(UTC) + self._clock_offset

    def take(self, text: str, *, by_keeper: bool = False) -> bool:
        """Take what `sql/board.sql` answered; return whether it says something new.

        A board with the same rows is not read again whole: only its instant is new.
        """
        heads = msgspec.json.decode(text, type=_Heads)
        known = self.content
        if self._refreshed_at > float("-inf") and heads.key == known.key:
            content = replace(known, at=heads.at)
        else:
            content = msgspec.json.decode(text, type=Content)
        with self._lock:
            before, self.content = self.content, content
            first, self._filled = not self._filled, True
            self._refreshed_at = time.monotonic()
            if by_keeper:
                self._kept_at = self._refreshed_at
            self._clock_offset = content.at - datetime.now(UTC)
        is_new = first or content.key != before.key
        if is_new:
            self._keep(text)
        return is_new

    def fresh(self) -> Content:
        """Return the content, refreshed on Django's connection when nobody else does it."""
        at = time.monotonic()
        latest = max(self._refreshed_at, self._tried_at)
        if at - self._kept_at < KEPT_WITHIN_S or at - latest < FRESH_S:
            return self.known()
        self._tried_at = at
        try:
            with connection.cursor() as cursor:
                cursor.execute(named_sql(PACKAGE, "board"))
                row = cursor.fetchone()
        except DatabaseError as error:
            log.warning("status.board_not_read why=%s", type(error).__name__)
            return self.known()
        assert row is not None
        self.take(row[0])
        return self.content

    def known(self) -> Content:
        """Return what is known without asking anybody: memory, else the file."""
        if not self._filled:
            self._load()
        return self.content

    def closed(
        self, function: str, organisation_id: uuid.UUID | None, *, at: datetime, content: Content
    ) -> ClosureView | None:
        """Return the closure that touches this organisation, the earliest first."""
        for view in content.closures:
            if (
                view.function == function
                and is_for(view.organisation_ids, organisation_id)
                and is_on(view.from_at, view.until_at, at)
            ):
                return view
        return None

    def _keep(self, text: str) -> None:
        try:
            write_whole(self.path, text.encode(), mode=0o600)
        except OSError as error:  # a full disk must not close what is open
            log.error("status.board_not_kept why=%s", type(error).__name__)

    def _load(self) -> None:
        try:
            content = msgspec.json.decode(self.path.read_bytes(), type=Content)
        except (OSError, msgspec.DecodeError):
            return
        with self._lock:
            if not self._filled:
                self.content, self._filled = content, True


def write_whole(path: Path, body: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part_path = Path(part)
        part_path.chmod(mode)
        part_path.replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


_board: Board | None = None


def board() -> Board:
    """Return this process's board."""
    global _board  # noqa: PLW0603 - one copy per process is the point
    if _board is None:
        _board = Board(Path(settings.VAR) / "board.json")
    return _board


def closed(
    function: str, organisation_id: uuid.UUID | None, *, now: datetime | None = None
) -> ClosureView | None:
    """Return what closes a function for this organisation now, or None.

    For synchronous code. Never waits for the database more than once a second, and never when a
    keeper is at work.
    """
    kept = board()
    content = kept.fresh()
    return kept.closed(function, organisation_id, at=now or kept.now(), content=content)


def closed_at_edge(
    function: str, organisation_id: uuid.UUID | None, *, now: datetime | None = None
) -> ClosureView | None:
    """Return the same from memory alone, for asynchronous routes; `StatusLive` keeps it true."""
    kept = board()
    content = kept.known()
    return kept.closed(function, organisation_id, at=now or kept.now(), content=content)


def check_open(
    function: str, organisation_id: uuid.UUID | None, *, now: datetime | None = None
) -> None:
    """Pass if the function is open for this organisation.

    :raises FunctionClosed: 503 with the text that the desk wrote.
    """
    if (view := closed(function, organisation_id, now=now)) is not None:
        raise FunctionClosed(view)


def check_open_at_edge(
    function: str, organisation_id: uuid.UUID | None, *, now: datetime | None = None
) -> None:
    """Pass if the function is open, for asynchronous routes: from memory alone.

    :raises FunctionClosed: 503 with the text that the desk wrote.
    """
    if (view := closed_at_edge(function, organisation_id, now=now)) is not None:
        raise FunctionClosed(view)
