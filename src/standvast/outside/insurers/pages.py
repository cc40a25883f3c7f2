"""Control as JSON for programs, a page for people. Neither names whom a search was about."""

from collections.abc import Mapping, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.control import BODY_BYTES_MAX, Control
from standvast.outside.insurers.behaviour import EVERYBODY, Behaviour, Shown
from standvast.outside.insurers.certificates import KINDS, CertificatePages
from standvast.outside.insurers.people import Person
from standvast.outside.insurers.server import InsurersServer
from standvast.outside.insurers.service import PATH
from standvast.outside.templating import page

AT = "/insurers"
SHOWN_MAX = 50
LIST_MAX = 500

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "slow": ("Slow: 30 s to answer", Behaviour(answer_delay_s=30.0)),
    "later": ("Says “try later”", Behaviour(try_later_share=1.0)),
    "fault": ("Answers a fault", Behaviour(fault_share=1.0)),
    "lost": ("Answers get lost", Behaviour(lose_answer_share=1.0)),
    "away": ("Refuses connections", Behaviour(refuse_connections=True)),
    "expired": ("Its certificate expired", Behaviour(shows=Shown.EXPIRED)),
    "other_name": ("Shows another’s certificate", Behaviour(shows=Shown.OTHER_NAME)),
    "test": ("Shows a test certificate", Behaviour(shows=Shown.TEST)),
    "revoked": ("Authorises nobody", Behaviour(revoked=(EVERYBODY,))),
    "strict": ("Takes 2 requests a second", Behaviour(requests_per_s_max=2)),
}
"""What a person may make of the service with one press; programs set each field."""


class InsurersPages:
    """The routes of the insurers."""

    def __init__(self, server: InsurersServer) -> None:
        self._server = server
        self._store = server.store

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; the page stands at /insurers."""
        control = Control(self._server, at=AT, moods=MOODS)
        return [
            *control.routes(),
            *CertificatePages(self._server.authority, at=AT).routes(),
            Route(f"{AT}/counts", self.counts),
            Route(f"{AT}/asked", self.asked),
            Route(f"{AT}/asked", self.forget, methods=["DELETE"]),
            Route(f"{AT}/people", self.set_person, methods=["POST"]),
            Route(f"{AT}/people", self.forget_people, methods=["DELETE"]),
            Route(AT, self.overview),
        ]

    async def counts(self, request: Request) -> Response:
        """GET /insurers/counts."""
        return JSONResponse(
            {
                "said": dict(self._store.said),
                "results": dict(self._store.results),
                "handshakes_refused": dict(self._store.handshakes_refused),
                "people_set": self._server.people.set_count,
                "open": self._server.open_count,
            }
        )

    async def asked(self, request: Request) -> Response:
        """GET /insurers/asked the last 500 searches, newest first."""
        return JSONResponse(msgspec.to_builtins(self._store.newest(limit=LIST_MAX)))

    async def forget(self, request: Request) -> Response:
        """DELETE /insurers/asked: count anew."""
        self._store.forget()
        return Response(status_code=204)

    async def set_person(self, request: Request) -> Response:
        """POST /insurers/people: what is known of one BSN from now on."""
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return JSONResponse({"error": "too long"}, status_code=413)
        try:
            self._server.people.put(msgspec.json.decode(body, type=Person))
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        return Response(status_code=204)

    async def forget_people(self, request: Request) -> Response:
        """DELETE /insurers/people: derive everybody again."""
        self._server.people.forget()
        return Response(status_code=204)

    async def overview(self, request: Request) -> Response:
        """GET /insurers how the service is, what it answered, who was refused."""
        return page(
            "insurers.html",
            address=f"https://127.0.0.1:{self._server.port}{PATH}",
            said=self._store.said,
            results=self._store.results.most_common(),
            handshakes=self._store.handshakes_refused.most_common(),
            asked=self._store.newest(limit=SHOWN_MAX),
            behaviour=self._server.behaviour,
            trouble=_trouble(self._server.behaviour),
            moods=MOODS,
            kinds=KINDS,
        )


def _trouble(behaviour: Behaviour) -> str:
    """Return what is not as on a good day, as a mood or field by field; empty when well."""
    for title, mood in MOODS.values():
        if behaviour == mood:
            return "" if mood == Behaviour() else title
    well = msgspec.to_builtins(Behaviour())
    now = msgspec.to_builtins(behaviour)
    return ", ".join(
        f"{field.replace('_', ' ')} {now[field]}" for field in now if now[field] != well[field]
    )
