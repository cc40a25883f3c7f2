"""The opened systems at the screen: who is let in sees the patient; a press makes one troubled."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.control import BODY_BYTES_MAX, Control
from standvast.outside.targets.behaviour import Answers, Behaviour
from standvast.outside.targets.keys import NoKey, trust
from standvast.outside.targets.system import NotLetIn, TargetSystem
from standvast.outside.templating import gone, page

AT = "/targets"

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "stranger": ("Knows us by another key", Behaviour(answers=Answers.STRANGER)),
    "fault": ("Answers a fault", Behaviour(answers=Answers.FAULT)),
    "slow": ("Slow: 30 s to answer", Behaviour(delay_s=30.0)),
    "sign_in": ("Shows its page to sign in", Behaviour(answers=Answers.SIGN_IN)),
    "field": ("Asks for another field", Behaviour(answers=Answers.FIELD)),
}


class TargetPages:
    """The routes of every opened system."""

    def __init__(self, systems: Sequence[TargetSystem]) -> None:
        self._systems = {system.asks.slug: system for system in systems}

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; the page of all stands at /targets."""
        routes: list[BaseRoute] = [Route(AT, self.overview)]
        for slug, system in self._systems.items():
            routes += Control(system, at=f"{AT}/{slug}", moods=MOODS).routes()
            routes += _OneTarget(system).routes()
        return routes

    def open_to_forms(self) -> frozenset[str]:
        """Return the addresses at which a form of somebody else's page arrives."""
        return frozenset(f"{AT}/{slug}/open" for slug in self._systems)

    async def overview(self, request: Request) -> Response:
        """GET /targets."""
        return page("targets.html", systems=list(self._systems.values()), well=Behaviour())


class _OneTarget:
    def __init__(self, system: TargetSystem) -> None:
        self._system = system
        self._at = f"{AT}/{system.asks.slug}"

    def routes(self) -> Sequence[BaseRoute]:
        """Return them."""
        return [
            Route(self._at, self.show),
            Route(f"{self._at}/counts", self.counts),
            Route(f"{self._at}/key", self.take_key, methods=["POST"]),
            Route(f"{self._at}/open", self.open, methods=["POST"]),
            Route(f"{self._at}/open/{{name}}", self.opened),
        ]

    async def show(self, request: Request) -> Response:
        """GET /targets/<slug>."""
        return page("target.html", system=self._system, at=self._at, moods=MOODS)

    async def counts(self, request: Request) -> Response:
        """GET /targets/<slug>/counts."""
        system = self._system
        return JSONResponse({"let_in": system.let_in_count, "refused": system.refused_count})

    async def take_key(self, request: Request) -> Response:
        """POST /targets/<slug>/key: JSON `{"public_key": pem}`, or the form of the page."""
        body = (await request.body())[:BODY_BYTES_MAX]
        is_json = request.headers.get("content-type", "").startswith("application/json")
        try:
            told = msgspec.json.decode(body, type=dict[str, str]) if is_json else _fields(body)
            trust(self._system.folder, self._system.asks.slug, told.get("public_key", ""))
        except (NoKey, msgspec.DecodeError) as error:
            return page("refused.html", status_code=422, sentence=str(error), back=self._at)
        return RedirectResponse(self._at, status_code=303)

    async def open(self, request: Request) -> Response:
        """POST /targets/<slug>/open: whoever is handed over."""
        system, behaviour = self._system, self._system.behaviour
        fields = _fields((await request.body())[:BODY_BYTES_MAX])
        await asyncio.sleep(behaviour.delay_s)
        match behaviour.answers:
            case Answers.FAULT:
                return page("target_fault.html", status_code=500, system=system)
            case Answers.SIGN_IN:
                return page("target_sign_in.html", system=system)
        try:
            shown = system.let_in(fields, now=datetime.now(UTC))
        except NotLetIn as why:
            sentence = f"{system.asks.title} did not let you in. {why}"
            return page("refused.html", status_code=403, sentence=sentence, back=self._at)
        if system.asks.sends_on:
            address = f"{system.sends_to}{self._at}/open/{system.begin(shown)}"
            return RedirectResponse(address, status_code=303)
        return page("target_open.html", system=system, shown=shown)

    async def opened(self, request: Request) -> Response:
        """GET /targets/<slug>/open/<name>: the page that a click led to."""
        shown = self._system.opened(request.path_params["name"])
        if shown is None:
            return gone(self._at)
        return page("target_open.html", system=self._system, shown=shown)


def _fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
