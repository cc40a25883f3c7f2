"""When one may order. Pure."""

from dataclasses import dataclass
from datetime import datetime

from standvast.care.campaigns.rules.states import SeasonState
from standvast.kit.errors import Gone, NotFound, Refused
from standvast.kit.words import marked


@dataclass(frozen=True, slots=True)
class SeasonTerms:
    """What a season's orders are decided on."""

    id: int
    slug: str
    programme: str
    year: int
    state: str
    opens_at: datetime
    doors_at: datetime
    closes_at: datetime
    paused_at: datetime | None
    step: int
    hold_s: int
    change_working_days_min: int
    ceiling_percent: int | None
    lobby: str
    region: str


class SeasonNotFound(NotFound):
    """There is no such season."""

    code = "campaigns.season_not_found"


class NotOpenYet(Refused):
    """Ordering has not begun."""

    code = "campaigns.not_open_yet"


class SeasonPaused(Refused):
    """Ordering stands still; kept places stay kept."""

    code = "campaigns.season_paused"


class SeasonClosed(Gone):
    """Ordering has ended."""

    code = "campaigns.season_closed"


def check_open(season: SeasonTerms, *, at: datetime) -> None:
    """Pass if the season takes orders at this instant.

    :raises NotOpenYet, SeasonPaused, SeasonClosed: if not.
    """
    if season.state == SeasonState.CLOSED or at >= season.closes_at:
        raise SeasonClosed(marked("Ordering for this season has ended."))
    if season.state == SeasonState.PLANNED or at < season.opens_at:
        raise NotOpenYet(marked("Ordering has not begun yet. The countdown says when it does."))
    if season.state == SeasonState.PAUSED:
        raise SeasonPaused(
            marked(
                "Ordering is paused for a moment. A place that you hold stays yours and its time"
                " stands still."
            )
        )
