"""What the service was asked: counts, and the last searches without who they were about."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from standvast.outside.insurers.answers import Answer

SEARCHES_KEPT_MAX = 500


@dataclass(frozen=True)
class Asked:
    """One search: its reference is the asker's own, and says nothing of a person."""

    at: datetime
    organisation: str
    """Who the client certificate says is asking."""
    provider: str
    reference: str
    result: str
    person_result: str
    took_s: float


class Store:
    """Counts since the start, and the last searches, newest last."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        """How often it said what: requests, searches, faults by code, 429, 503, answer_lost."""
        self.results: Counter[str] = Counter()
        """How often each value of a search was answered."""
        self.handshakes_refused: Counter[str] = Counter()
        """How often a handshake failed, by reason."""
        self._asked: deque[Asked] = deque(maxlen=SEARCHES_KEPT_MAX)

    def keep(
        self,
        answers: Iterable[Answer],
        *,
        organisation: str,
        provider: str,
        at: datetime,
        took_s: float,
    ) -> None:
        """Keep what each search was and what it found."""
        for answer in answers:
            self.said["searches"] += 1
            self.results[answer.result] += 1
            self._asked.append(
                Asked(
                    at=at,
                    organisation=organisation,
                    provider=provider,
                    reference=answer.search.reference,
                    result=answer.result,
                    person_result=answer.person_result if answer.person else "",
                    took_s=took_s,
                )
            )

    def newest(self, *, limit: int) -> list[Asked]:
        """Return the last searches, newest first."""
        return list(reversed(self._asked))[:limit]

    def forget(self) -> None:
        """Start counting anew."""
        self.said.clear()
        self.results.clear()
        self.handshakes_refused.clear()
        self._asked.clear()
