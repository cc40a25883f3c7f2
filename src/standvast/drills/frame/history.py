"""What each simulated person did and was told: the only witness the checker believes."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

ENTRIES_MAX = 2_000_000


class Answer(StrEnum):
    """What a person may conclude from what they were told."""

    OK = "ok"
    """It was confirmed: it must be there, once."""
    FAIL = "fail"
    """It was refused: it must not be there."""
    UNKNOWN = "unknown"
    """No answer came: it is there once or not at all."""


@dataclass(frozen=True, slots=True)
class Told:
    """One act and its answer. Times are seconds on the drill's clock.

    `key` names the act: a repeat of the same act carries the same key.
    """

    person: int
    act: str
    key: str
    answer: Answer
    asked_at: float
    told_at: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A number that a person was shown, between asking and being answered."""

    person: int
    what: str
    value: float
    asked_at: float
    told_at: float


@dataclass(frozen=True, slots=True)
class Shown:
    """Things that a person was offered together, such as the free days of a calendar."""

    person: int
    what: str
    things: tuple[str, ...]
    told_at: float


class HistoryFull(RuntimeError):
    """More happened than a history holds; its verdict would be about a part only."""


class History:
    """Append-only and bounded: a full history is an error, not a shorter one."""

    def __init__(self, *, entries_max: int = ENTRIES_MAX) -> None:
        self._entries_max = entries_max
        self._told: list[Told] = []
        self._seen: list[Seen] = []
        self._shown: list[Shown] = []

    def tell(self, told: Told) -> None:
        """Note an act with its answer.

        :raises HistoryFull: past the bound.
        """
        self._check_room()
        assert told.told_at >= told.asked_at
        self._told.append(told)

    def see(self, seen: Seen) -> None:
        """Note what was shown.

        :raises HistoryFull: past the bound.
        """
        self._check_room()
        assert seen.told_at >= seen.asked_at
        self._seen.append(seen)

    def show(self, shown: Shown) -> None:
        """Note what was offered.

        :raises HistoryFull: past the bound.
        """
        self._check_room()
        self._shown.append(shown)

    def told(self, act: str) -> Iterator[Told]:
        """Return what was told of one kind of act, in the order of noting."""
        return (told for told in self._told if told.act == act)

    def seen(self, what: str) -> Iterator[Seen]:
        """Return what was shown of one kind, in the order of noting."""
        return (seen for seen in self._seen if seen.what == what)

    def shown(self, what: str) -> Iterator[Shown]:
        """Return what was offered of one kind, in the order of noting."""
        return (shown for shown in self._shown if shown.what == what)

    def __len__(self) -> int:
        return len(self._told) + len(self._seen) + len(self._shown)

    def _check_room(self) -> None:
        if len(self) >= self._entries_max:
            raise HistoryFull(f"more than {self._entries_max:,} entries")
