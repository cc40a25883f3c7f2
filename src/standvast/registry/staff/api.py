"""What other modules may import from staff."""

from standvast.registry.staff.contributions import (
    COLLEAGUE_CARDS,
    REQUESTS_LINK,
    RIGHT_TO_ASK,
    SWEEP_OF_STAFF,
    ColleagueCard,
    staff_lines,
)
from standvast.registry.staff.operations.profiling import forget_leaver
from standvast.registry.staff.operations.requesting import ask_for_account

__all__ = [
    "COLLEAGUE_CARDS",
    "REQUESTS_LINK",
    "RIGHT_TO_ASK",
    "SWEEP_OF_STAFF",
    "ColleagueCard",
    "ask_for_account",
    "forget_leaver",
    "staff_lines",
]
