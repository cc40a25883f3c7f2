"""How the simulated supplier behaves: one frozen value, replaced whole."""

from enum import StrEnum

import msgspec

from standvast.outside.control import Seconds


class Whom(StrEnum):
    """About whose addresses it behaves so."""

    NOBODY = "nobody"
    LOGINS = "logins"
    """Only addresses that are also what somebody signs in with."""
    EVERYBODY = "everybody"


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it does with the next question. The default keeps to the contract."""

    renames: Whom = Whom.NOBODY
    """Answers `status` where the contract says `deliverable`: an update of its own."""
    doubts: Whom = Whom.NOBODY
    """Says of these that no mail reaches them."""
    answer_delay_s: Seconds = 0.0
    """Time between a question and its answer."""
    is_away: bool = False
    """Answers 503 to everything."""


def touches(whom: Whom, *, is_login: bool) -> bool:
    """Whether a question about such an address is touched."""
    return whom is Whom.EVERYBODY or (whom is Whom.LOGINS and is_login)
