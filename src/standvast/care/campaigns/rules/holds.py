"""Whose time a hold counts: the person's own. Pure."""

from datetime import datetime

from standvast.kit.errors import Gone


class HoldExpired(Gone):
    """The time of the hold ran out before the person confirmed."""

    code = "campaigns.hold_expired"


def is_in_time(*, held_until: datetime, received_at: datetime) -> bool:
    """Whether a confirmation counts: by when it reached us, not when we got round to it."""
    return received_at <= held_until
