"""What other floors may import from the page kit."""

from standvast.web.formats import month, number
from standvast.web.frame import (
    BELL,
    EVERYWHERE,
    LANGUAGE_CHOSEN,
    MAY,
    NOTICES,
    OFFERS,
    PUBLIC_NOTICES,
    RAIL,
    TILES,
    WHO,
    Bell,
    Choice,
    NoticeView,
    Offer,
    RailItem,
    Tile,
    Who,
    notices_for,
    tiles_for,
)
from standvast.web.live import status_of
from standvast.web.receipts import Fate, ReceiptView
from standvast.web.rendering import fragment, let_forms_go, page, redirect_to
from standvast.web.saying import say, sentence

__all__ = [
    "BELL",
    "EVERYWHERE",
    "LANGUAGE_CHOSEN",
    "MAY",
    "NOTICES",
    "OFFERS",
    "PUBLIC_NOTICES",
    "RAIL",
    "TILES",
    "WHO",
    "Bell",
    "Choice",
    "Fate",
    "NoticeView",
    "Offer",
    "RailItem",
    "ReceiptView",
    "Tile",
    "Who",
    "fragment",
    "let_forms_go",
    "month",
    "notices_for",
    "number",
    "page",
    "redirect_to",
    "say",
    "sentence",
    "status_of",
    "tiles_for",
]
