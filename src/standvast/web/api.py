"""What other floors may import from the page kit."""

from standvast.web.frame import (
    EVERYWHERE,
    LANGUAGE_CHOSEN,
    MAY,
    NOTICES,
    PUBLIC_NOTICES,
    RAIL,
    TILES,
    WHO,
    Choice,
    NoticeView,
    RailItem,
    Tile,
    Who,
    notices_for,
    tiles_for,
)
from standvast.web.live import status_of
from standvast.web.receipts import Fate, ReceiptView
from standvast.web.rendering import fragment, page, redirect_to
from standvast.web.saying import say, sentence

__all__ = [
    "EVERYWHERE",
    "LANGUAGE_CHOSEN",
    "MAY",
    "NOTICES",
    "PUBLIC_NOTICES",
    "RAIL",
    "TILES",
    "WHO",
    "Choice",
    "Fate",
    "NoticeView",
    "RailItem",
    "ReceiptView",
    "Tile",
    "Who",
    "fragment",
    "notices_for",
    "page",
    "redirect_to",
    "say",
    "sentence",
    "status_of",
    "tiles_for",
]
