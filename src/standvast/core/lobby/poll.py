"""The status poll: the hottest route. Plain ASGI, memory only, a pass instead of a session.

A request object, a routing of cookies and a response object would cost more than the answer.
"""

import hmac
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings

from standvast.core.lobby.memory import Memory, Room, Status, status_of
from standvast.core.lobby.passes import COOKIE, Pass, PassOver, PassWrong, opened_pass
from standvast.core.lobby.passes import session_digest as digest_of
from standvast.core.lobby.refresh import STALE_S_MAX, Refresher
from standvast.core.lobby.refusals import not_known, not_ready, pass_missing
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.web.api import say
from standvast.web.live import cookies_of, problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

SEEN_CHARS_MAX = 7
UNREAD_MAX = 20_000
_encoder = msgspec.json.Encoder()
_session_digest = lru_cache(maxsize=20_000)(digest_of)


def seen_of(scope: Scope) -> int | None:
    """Return the place that the browser says it was shown last: `?seen=12`."""
    query = scope["query_string"]
    if not query.startswith(b"seen=") or len(query) > 5 + SEEN_CHARS_MAX:
        return None
    digits = query[5:]
    return int(digits) if digits.isdigit() else None


class StatusPoll:
    """GET /lobby/<slug>/status: JSON of one place, never from the database."""

    def __init__(self, memory: Memory, refresher: Refresher) -> None:
        self._memory = memory
        self._refresher = refresher
        self._unread: dict[bytes, float] = {}
        self.answers_count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = _encoder.encode(self.status(scope))
        except Refused as refused:
            language = cookies_of(scope).get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
            await problem(refused, say=say(refused, language))(scope, receive, send)
            return
        self.answers_count += 1
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(len(body)).encode()),
                    (b"cache-control", b"no-store"),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    def status(self, scope: Scope) -> Status:
        """Return what the bearer of the pass may know.

        :raises NotKnown: if there is no such lobby.
        :raises PassMissing: without a pass.
        :raises PassWrong: if the pass is not ours, of this session or of this lobby.
        :raises PassOver: if its time has passed.
        """
        room, found = self.entered(scope)
        organisation = found.organisation_id.bytes
        return status_of(
            room,
            organisation,
            self._refresher.now(),
            seen=seen_of(scope),
            is_known=self._refresher.is_known,
            is_unread=organisation not in room.places and self._is_unread(room, organisation),
            stale=self._refresher.stale_s() > STALE_S_MAX,
        )

    def _is_unread(self, room: Room, organisation: bytes) -> bool:
        """Whether the place that a pass speaks of may have been given since our last look."""
        if len(self._unread) >= UNREAD_MAX:
            self._unread.clear()
        asked_s = self._unread.setdefault(room.row.id.bytes + organisation, time.monotonic())
        return not self._refresher.has_read_since(asked_s)

    def room(self, slug: str) -> Room:
        """Return a lobby.

        :raises NotKnown: if there is none of this name.
        :raises NotReady: if this process has not read them yet.
        """
        room = self._memory.room(slug)
        if room is None:
            raise not_known() if self._refresher.refreshes_count else not_ready()
        return room

    def entered(self, scope: Scope) -> tuple[Room, Pass]:
        """Return the lobby that is asked for and the pass to it; raises as `status` does."""
        slug: str = scope["path_params"]["slug"]
        room = self.room(slug)
        cookies = cookies_of(scope)
        token = cookies.get(COOKIE + slug)
        if token is None:
            raise pass_missing()
        found = opened_pass(token)
        session = _session_digest(cookies.get(settings.SESSION_COOKIE_NAME, ""))
        if found.lobby_id != room.row.id or not hmac.compare_digest(found.session_digest, session):
            raise PassWrong(marked("This pass belongs to another session or lobby. Join again."))
        if found.expires_at <= self._refresher.now():
            raise PassOver(marked("This pass is over. Go back to the lobby and join again."))
        return room, found
