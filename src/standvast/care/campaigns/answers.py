"""What the live routes answer: the order as JSON, a refusal in words, or the way back to a page."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from standvast.care.campaigns import rules
from standvast.care.campaigns.bodies import is_form
from standvast.care.campaigns.items import Kept
from standvast.kit.errors import Busy, Refused, Unavailable
from standvast.kit.words import marked
from standvast.web.api import say
from standvast.web.live import json_answer, problem


class OrderAnswer(msgspec.Struct, frozen=True, omit_defaults=False):
    """An order as the browser learns it. `now` is the database's, so that clocks agree."""

    id: UUID
    reference: str
    state: str
    on: str
    doses: int
    held_until: datetime
    given_back_ms: int
    confirmed_at: datetime | None
    version: int
    now: datetime
    is_repeat: bool
    page: str


class NotStoredNow(Busy):
    """The database did not answer; the same key may be sent again."""

    code = "campaigns.not_stored_now"


def order_answer(kept: Kept, *, slug: str) -> OrderAnswer:
    """Return what a browser is told about an order."""
    order = kept.order
    return OrderAnswer(
        id=order.id,
        reference=rules.order_reference(order.id),
        state=order.state,
        on=order.on.isoformat(),
        doses=order.doses,
        held_until=order.held_until,
        given_back_ms=order.given_back_ms,
        confirmed_at=order.confirmed_at,
        version=order.version,
        now=kept.at,
        is_repeat=kept.is_repeat,
        page=f"/campaigns/{slug}/",
    )


def kept_answer(request: Request, kept: Kept, *, slug: str, is_new: bool = False) -> Response:
    """Return the order; a posted form goes back to the season's page."""
    if is_form(request):
        return RedirectResponse(f"/campaigns/{slug}/", status_code=303)
    status = 201 if is_new and not kept.is_repeat else 200
    return json_answer(order_answer(kept, slug=slug), status=status)


def refused_answer(request: Request, refused: Refused, *, language: str, slug: str) -> Response:
    """Return a refusal in the person's language; a posted form goes back with its code."""
    if is_form(request) and slug:
        numbers = {name: value for name, value in refused.values.items() if type(value) is int}
        query = urlencode({"refused": refused.code, **numbers})
        return RedirectResponse(f"/campaigns/{slug}/?{query}", status_code=303)
    return problem(refused, say=say(refused, language))


def not_stored(error: Unavailable) -> Refused:
    """Return the refusal for an answer that the database did not give in time."""
    del error
    return NotStoredNow(
        marked("This could not be stored just now. Your browser sends it again; nothing is lost."),
        retry_after_s=1,
    )
