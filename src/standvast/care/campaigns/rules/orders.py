"""What stands in the way of an order, and how it is named by telephone. Pure."""

from uuid import UUID

from standvast.kit.errors import Gone, NotAllowed, NotFound, Refused


class OrderNotFound(NotFound):
    """No such order in this organisation."""

    code = "campaigns.order_not_found"


class OneOrderPerSeason(Refused):
    """The organisation has its order already; it can be changed."""

    code = "campaigns.one_order_per_season"


class KeyUsedOtherwise(Refused):
    """The same key came with another request."""

    code = "campaigns.key_used_otherwise"


class PageOutOfDate(Refused):
    """The order changed since the page was made."""

    code = "campaigns.page_out_of_date"


class ChangeTooLate(Gone):
    """The delivery is too near to change."""

    code = "campaigns.change_too_late"


class PassNeeded(NotAllowed):
    """It is not this organisation's turn: no pass, or one whose time is over."""

    code = "campaigns.pass_needed"


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def order_reference(order_id: UUID) -> str:
    """Return eight characters to read out by telephone; no letter looks like a digit."""
    rest, signs = order_id.int & ((1 << 62) - 1), []
    for _ in range(8):
        rest, place = divmod(rest, len(_ALPHABET))
        signs.append(_ALPHABET[place])
    return "".join(signs[:4]) + "-" + "".join(signs[4:])
