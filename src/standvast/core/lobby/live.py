"""The lobby at the edge: join, status, stream, leave, proof. No rules.

`who` says who asks (and whether they may wait here), `guard` refuses an unsafe request that is
not from our own pages; both are given by the composition root.
"""

import os
import platform
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

import msgspec
import psycopg
import psycopg_pool
from django.conf import settings
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from standvast.core.groupcommit.api import GroupCommit
from standvast.core.lobby.joining import JoinAnswer, give_pass, nonce_of
from standvast.core.lobby.loads import report_page_times
from standvast.core.lobby.memory import Memory, Room, status_of
from standvast.core.lobby.operations.rows import CHANNEL
from standvast.core.lobby.poll import StatusPoll
from standvast.core.lobby.proof import Proofs
from standvast.core.lobby.refresh import Refresher
from standvast.core.lobby.refusals import pass_missing, refusal_of
from standvast.core.lobby.sets import Join, Joined, NotJoined, join_set, leave_set
from standvast.database.api import Wakes, edge_pool
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy, Refused, Unavailable
from standvast.kit.words import marked
from standvast.web.api import say
from standvast.web.live import RECEIVED, event_stream, guard, json_answer, problem

Who = Callable[[Request], Awaitable[Actor | None]]
RETRY_S = 2


class LobbyLive:
    """The lobby in one serve process: its memory, its group commit, its routes."""

    def __init__(self, who: Who, *, guard: Callable[[Request], None] = guard) -> None:
        self.memory = Memory()
        self.refresher = Refresher(self.memory)
        self.group: GroupCommit[Join, Joined | NotJoined] = GroupCommit(
            join_set, name="lobby", pending_max=5_000, batch_max=500, retry_after_s=RETRY_S
        )
        self.poll = StatusPoll(self.memory, self.refresher)
        self._who = who
        self._guard = guard
        self._proofs = Proofs()
        self._serve = f"{platform.node()[:40]}:{os.getpid()}"

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes under /lobby/."""
        return [
            Route("/lobby/{slug}/status", self.poll, methods=["GET"]),
            Route("/lobby/{slug}/join", self._said(self._join), methods=["POST"]),
            Route("/lobby/{slug}/leave", self._said(self._leave), methods=["POST"]),
            Route("/lobby/{slug}/stream", self._said(self._stream), methods=["GET"]),
            Route("/lobby/{slug}/proof.json", self._said(self._proof), methods=["GET"]),
        ]

    def tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        """Return what runs as long as the process."""
        return [self.group.run(), self.refresher.run(), report_page_times(self._serve)]

    def hears(self, wakes: Wakes) -> None:
        """Look at once when people were drawn or let in."""
        wakes.on(CHANNEL, self.refresher.wake)

    def _said(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def route(request: Request) -> Response:
            language = request.cookies.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
            try:
                return await answer(request)
            except Refused as refused:
                return problem(refused, say=say(refused, language))
            except (Unavailable, psycopg.OperationalError, psycopg_pool.PoolTimeout):
                busy = Busy(
                    marked("We could not store that just now. Your browser tries again."),
                    retry_after_s=RETRY_S,
                )
                return problem(busy, say=say(busy, language))

        return route

    def _room(self, request: Request) -> Room:
        return self.poll.room(request.path_params["slug"])

    async def _actor(self, request: Request) -> Actor:
        self._guard(request)
        actor = await self._who(request)
        if actor is None:
            raise pass_missing()
        return actor

    async def _join(self, request: Request) -> Response:
        actor, room = await self._actor(request), self._room(request)
        verdict = await self.group.submit(
            Join(
                lobby_id=room.row.id,
                organisation_id=actor.organisation_id,
                device_nonce=await nonce_of(request),
                person_id=actor.person_id,
                role=actor.role,
                from_address=actor.address,
                received_s=request.scope.get(RECEIVED, time.monotonic()),
            )
        )
        if isinstance(verdict, NotJoined):
            raise refusal_of(verdict)
        admitted_s = verdict.admitted_at.timestamp() if verdict.admitted_at else None
        organisation = actor.organisation_id.bytes
        self.memory.put(
            room.row.id.bytes,
            organisation,
            (verdict.state.value, verdict.position, admitted_s),
        )
        status = status_of(
            room,
            organisation,
            self.refresher.now(),
            seen=None,
            is_known=self.refresher.is_known,
        )
        answer = json_answer(JoinAnswer(verdict.ticket, verdict.is_new, status))
        give_pass(answer, request, room.row, actor.organisation_id)
        return answer

    async def _leave(self, request: Request) -> Response:
        actor, room = await self._actor(request), self._room(request)
        async with edge_pool().connection() as conn, conn.transaction():
            left = await leave_set(conn, room.row.id, [actor.organisation_id])
        self.refresher.wake()
        return json_answer({"left": bool(left)})

    async def _stream(self, request: Request) -> Response:
        self.poll.entered(request.scope)
        return event_stream(self._statuses(request))

    async def _statuses(self, request: Request) -> AsyncIterator[tuple[str, str, str]]:
        told, number = None, 0
        while True:
            status = self.poll.status(request.scope)
            found = (status.phase, status.place, status.estimate_s, status.gathered_count)
            if found != told:
                told, number = found, number + 1
                yield str(number), "status", msgspec.json.encode(status).decode()
            await self.refresher.renewed()

    async def _proof(self, request: Request) -> Response:
        slug = self._room(request).row.slug
        return Response(
            await self._proofs.proof(slug),
            media_type="application/json",
            headers={
                "Cache-Control": "public, max-age=15",
                "Content-Disposition": f'attachment; filename="draw-{slug}.json"',
            },
        )
