"""A peer's behaviour over HTTP: JSON for programs, one press for people."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Generic, Protocol, TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.templating import gone

DELAY_S_MAX = 600.0
BODY_BYTES_MAX = 100_000

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=DELAY_S_MAX)]

B = TypeVar("B", bound=msgspec.Struct)


class Peer(Protocol[B]):
    """A simulated server that behaves as it is told."""

    behaviour: B

    async def behave(self, behaviour: B) -> None:
        """Behave so from now on."""


class Control(Generic[B]):
    """The routes by which one peer is told how to behave."""

    def __init__(self, peer: Peer[B], *, at: str, moods: Mapping[str, tuple[str, B]]) -> None:
        self._peer = peer
        self._at = at
        self._moods = moods

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; they stand below the peer's own page."""
        return [
            Route(f"{self._at}/behaviour", self.show),
            Route(f"{self._at}/behaviour", self.set, methods=["POST"]),
            Route(f"{self._at}/mood", self.set_mood, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET <peer>/behaviour."""
        return JSONResponse(msgspec.to_builtins(self._peer.behaviour))

    async def set(self, request: Request) -> Response:
        """POST <peer>/behaviour: a JSON object with the fields to change."""
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return JSONResponse({"error": "too long"}, status_code=413)
        try:
            wanted = changed(self._peer.behaviour, body)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        await self._peer.behave(wanted)
        return JSONResponse(msgspec.to_builtins(wanted))

    async def set_mood(self, request: Request) -> Response:
        """POST <peer>/mood: one of the moods, by the form of the page."""
        body = await request.body()
        mood = parse_qs(body[:BODY_BYTES_MAX].decode("ascii", "replace")).get("mood", [""])[0]
        if mood not in self._moods:
            return gone(self._at)
        await self._peer.behave(self._moods[mood][1])
        return RedirectResponse(self._at, status_code=303)


def changed(behaviour: B, wish: bytes) -> B:
    """Return `behaviour` with the fields named in a JSON object replaced.

    :raises msgspec.ValidationError: if a field is unknown or out of bounds.
    """
    wanted = msgspec.json.decode(wish, type=dict[str, object])
    return msgspec.convert({**msgspec.to_builtins(behaviour), **wanted}, type(behaviour))
