"""The receipt line: what became of something that was handed in. Words, times, one component."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """The five states a person can be told. It never says sent when it means kept."""

    KEPT = "kept"
    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"
    NEEDS_YOU = "needs_you"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ReceiptView:
    """One receipt line. `to` names the peer as people do; `reason` is a translated sentence part.

    `stream_url` is a server-sent stream whose event `name` carries the fragment anew;
    `fragment_url` is fetched when streams do not work. Both may be empty.
    """

    state: Fate
    at: datetime
    to: str = ""
    expected_at: datetime | None = None
    reason: str = ""
    act_url: str = ""
    act_text: str = ""
    receipt: str = ""
    name: str = "receipt"
    stream_url: str = ""
    fragment_url: str = ""
