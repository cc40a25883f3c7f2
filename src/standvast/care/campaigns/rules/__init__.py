"""When one may order, how much, on which day, and what an order may become. Pure."""
# ruff: noqa: I001, RUF022
# fmt: off

from standvast.care.campaigns.rules.bounds import (CHANGE_WORKING_DAYS_MIN, DAYS_PER_SEASON_MAX,
    DOSES_MAX, FUNCTION, GIVEN_BACK_MS_MAX, GIVEN_BACK_MS_MIN, GRACE, HOLD_S_DEFAULT, HOLD_S_MAX,
    HOLD_S_MIN, KEY_LENGTH_MAX, LOST_ANSWER_MAX, PROBE_YEAR, STEP_DEFAULT)
from standvast.care.campaigns.rules.days import (Day, DayClosed, DayFull, DayUnknown, check_day,
    check_fits)
from standvast.care.campaigns.rules.doses import (CustomerTerms, DosesWrong, NotInvited,
    check_doses, doses_ceiling)
from standvast.care.campaigns.rules.holds import HoldExpired, is_in_time
from standvast.care.campaigns.rules.orders import (ChangeTooLate, KeyUsedOtherwise,
    OneOrderPerSeason, OrderNotFound, PageOutOfDate, PassNeeded, order_reference)
from standvast.care.campaigns.rules.seasons import (NotOpenYet, SeasonClosed, SeasonNotFound,
    SeasonPaused, SeasonTerms, check_open)
from standvast.care.campaigns.rules.states import (OPEN_STATES, ORDER_MOVES, OrderState,
    PROGRAMME_TITLES, Programme, SeasonMoveNotAllowed, SeasonState, check_season_move,
    check_season_state)

__all__ = ["CHANGE_WORKING_DAYS_MIN", "ChangeTooLate", "CustomerTerms", "DAYS_PER_SEASON_MAX",
    "DOSES_MAX", "Day", "DayClosed", "DayFull", "DayUnknown", "DosesWrong", "FUNCTION",
    "GIVEN_BACK_MS_MAX", "GIVEN_BACK_MS_MIN", "GRACE", "HOLD_S_DEFAULT", "HOLD_S_MAX", "HOLD_S_MIN",
    "HoldExpired", "KEY_LENGTH_MAX", "KeyUsedOtherwise", "LOST_ANSWER_MAX", "NotInvited",
    "NotOpenYet", "OPEN_STATES", "ORDER_MOVES", "OneOrderPerSeason", "OrderNotFound", "OrderState",
    "PROBE_YEAR", "PROGRAMME_TITLES", "PageOutOfDate", "PassNeeded", "Programme", "STEP_DEFAULT",
    "SeasonClosed", "SeasonMoveNotAllowed", "SeasonNotFound", "SeasonPaused", "SeasonState",
    "SeasonTerms", "check_day", "check_doses", "check_fits", "check_open", "check_season_move",
    "check_season_state", "doses_ceiling", "is_in_time", "order_reference"]
