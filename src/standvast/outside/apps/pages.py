"""The apps at the screen: started by Standvast, they ask it who it is, and open."""

import asyncio
import hmac
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.apps.behaviour import Answers, Behaviour
from standvast.outside.apps.client import NotLetIn
from standvast.outside.apps.system import AppSystem
from standvast.outside.control import Control
from standvast.outside.templating import page

AT = "/apps"
COOKIE = "asking"

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "stranger": ("Proves itself with an unknown key", Behaviour(answers=Answers.STRANGER)),
    "fault": ("Answers a fault", Behaviour(answers=Answers.FAULT)),
    "slow": ("Slow: 30 s to answer", Behaviour(delay_s=30.0)),
    "sign_in": ("Shows its own page to sign in", Behaviour(answers=Answers.SIGN_IN)),
}


class AppPages:
    """The routes of every app."""

    def __init__(self, apps: Sequence[AppSystem]) -> None:
        self._apps = apps

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; the page of all stands at /apps."""
        routes: list[BaseRoute] = [Route(AT, self.overview)]
        for app in self._apps:
            routes += Control(app, at=f"{AT}/{app.asks.slug}", moods=MOODS).routes()
            routes += _OneApp(app).routes()
        return routes

    async def overview(self, request: Request) -> Response:
        """GET /apps."""
        return page("apps.html", apps=self._apps, well=Behaviour())


class _OneApp:
    def __init__(self, app: AppSystem) -> None:
        self._app = app
        self._at = f"{AT}/{app.asks.slug}"

    def routes(self) -> Sequence[BaseRoute]:
        """Return them."""
        return [
            Route(self._at, self.show),
            Route(f"{self._at}/counts", self.counts),
            Route(f"{self._at}/start", self.start),
            Route(f"{self._at}/callback", self.back),
        ]

    async def show(self, request: Request) -> Response:
        """GET /apps/<slug>."""
        return page("app.html", app=self._app, at=self._at, moods=MOODS)

    async def counts(self, request: Request) -> Response:
        """GET /apps/<slug>/counts."""
        app = self._app
        return JSONResponse({"let_in": app.let_in_count, "refused": app.refused_count})

    async def start(self, request: Request) -> Response:
        """GET /apps/<slug>/start: whoever Standvast sends; `launch` comes with a patient."""
        app = self._app
        await asyncio.sleep(app.behaviour.delay_s)
        match app.behaviour.answers:
            case Answers.FAULT:
                return page("target_fault.html", status_code=500, system=app)
            case Answers.SIGN_IN:
                return page("target_sign_in.html", system=app)
        told = request.query_params
        try:
            address, state = await app.begin(
                iss=told.get("iss", ""),
                launch=told.get("launch", ""),
                redirect_uri=f"http://{request.headers['host']}{self._at}/callback",
            )
        except NotLetIn as why:
            return self._refused(why)
        answer = RedirectResponse(address, status_code=303)
        answer.set_cookie(COOKIE, state, path=self._at, httponly=True, samesite="lax")
        return answer

    async def back(self, request: Request) -> Response:
        """GET /apps/<slug>/callback: they come back, in the browser that was sent."""
        told = dict(request.query_params)
        sent = request.cookies.get(COOKIE, "").encode()
        if not hmac.compare_digest(sent, told.get("state", "").encode()):
            return self._refused(NotLetIn("Another browser was sent."))
        try:
            shown = await self._app.let_in(told)
        except NotLetIn as why:
            return self._refused(why)
        return page("app_open.html", app=self._app, shown=shown)

    def _refused(self, why: NotLetIn) -> Response:
        sentence = f"{self._app.asks.title} did not let you in. {why}"
        return page("refused.html", status_code=403, sentence=sentence, back=self._at)
