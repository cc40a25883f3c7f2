"""The record system at the screen: its patients, and a click that leads to Standvast."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.control import Control
from standvast.outside.records.behaviour import Behaviour, Signs
from standvast.outside.records.system import RecordSystem
from standvast.outside.templating import gone, page

AT = "/records"

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "old": ("Its tokens are an hour old", Behaviour(signs=Signs.OLD)),
    "stranger": ("Signs with an unknown key", Behaviour(signs=Signs.STRANGER)),
    "elsewhere": ("Its tokens are for another", Behaviour(signs=Signs.ELSEWHERE)),
    "twice": ("Uses a token again", Behaviour(signs=Signs.TWICE)),
}


class RecordPages:
    """The routes of the record system."""

    def __init__(self, system: RecordSystem) -> None:
        self._system = system

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; the page stands at /records."""
        control = Control(self._system, at=AT, moods=MOODS)
        return [
            *control.routes(),
            Route(AT, self.everybody),
            Route(f"{AT}/counts", self.counts),
            Route(f"{AT}/patients", self.walks_in, methods=["POST"]),
            Route(f"{AT}/patients/{{number}}/open", self.open, methods=["POST"]),
        ]

    async def everybody(self, request: Request) -> Response:
        """GET /records the patients, newest first."""
        return page(
            "records.html",
            patients=self._system.patients.newest_first(),
            behaviour=self._system.behaviour,
            moods=MOODS,
            where=self._system.where,
        )

    async def counts(self, request: Request) -> Response:
        """GET /records/counts."""
        return JSONResponse({"clicks": self._system.clicks_count})

    async def walks_in(self, request: Request) -> Response:
        """POST /records/patients: somebody new comes in."""
        self._system.patients.walks_in()
        return RedirectResponse(AT, status_code=303)

    async def open(self, request: Request) -> Response:
        """POST /records/patients/<number>/open: a page that hands the token over by itself."""
        patient = self._system.patients.one(request.path_params["number"])
        if patient is None:
            return gone(AT)
        nonce, address = secrets.token_urlsafe(16), self._system.where.address
        answer = page(
            "click.html",
            token=self._system.token(patient, now=datetime.now(UTC)),
            there=f"{address}/launch/",
            nonce=nonce,
        )
        answer.headers["content-security-policy"] = (
            f"default-src 'none'; style-src 'self'; script-src 'nonce-{nonce}'; "
            f"form-action {address}; base-uri 'none'; frame-ancestors 'none'"
        )
        return answer
