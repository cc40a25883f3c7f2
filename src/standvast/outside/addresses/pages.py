"""The supplier at its door and at the screen: its contract, changed with one press."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.addresses.behaviour import Behaviour, Whom
from standvast.outside.addresses.supplier import Question, Supplier
from standvast.outside.control import BODY_BYTES_MAX, Control
from standvast.outside.templating import page

AT = "/addresses"
SHOWN_MAX = 50

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "renamed_logins": ("Another field, for login names", Behaviour(renames=Whom.LOGINS)),
    "renamed": ("Another field, for all", Behaviour(renames=Whom.EVERYBODY)),
    "doubts_logins": ("Calls login names invalid", Behaviour(doubts=Whom.LOGINS)),
    "doubts": ("Calls all invalid", Behaviour(doubts=Whom.EVERYBODY)),
    "slow": ("Slow: 30 s to answer", Behaviour(answer_delay_s=30.0)),
    "away": ("Away", Behaviour(is_away=True)),
}
"""What a person may make of it with one press; programs set each field."""


class AddressPages:
    """The routes of the supplier."""

    def __init__(self, supplier: Supplier) -> None:
        self._supplier = supplier

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; the page stands at /addresses."""
        control = Control(self._supplier, at=AT, moods=MOODS)
        return [
            *control.routes(),
            Route(AT, self.overview),
            Route(f"{AT}/counts", self.counts),
            Route(f"{AT}/check", self.check, methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        """GET /addresses what it was asked, newest first."""
        return page(
            "addresses.html",
            asked=list(self._supplier.asked)[: -SHOWN_MAX - 1 : -1],
            asked_count=self._supplier.asked_count,
            behaviour=self._supplier.behaviour,
            moods=MOODS,
        )

    async def counts(self, request: Request) -> Response:
        """GET /addresses/counts."""
        return JSONResponse({"asked": self._supplier.asked_count})

    async def check(self, request: Request) -> Response:
        """POST /addresses/check: `{"address": ..., "login": true}`, the contract."""
        body = await request.body()
        try:
            question = msgspec.json.decode(body[:BODY_BYTES_MAX], type=Question)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        status, answer = await self._supplier.answer(question, now=datetime.now(UTC))
        return JSONResponse(answer, status_code=status)
