"""What goes over the line when somebody joins: the device's half in, ticket and pass out."""

import contextlib
import uuid
from datetime import timedelta

import msgspec
from django.conf import settings
from starlette.requests import Request
from starlette.responses import Response

from standvast.core.lobby.memory import LobbyRow, Status
from standvast.core.lobby.passes import COOKIE, make_pass

BODY_BYTES_MAX = 1_000
PASS_AFTER_CLOSE = timedelta(hours=1)


class JoinBody(msgspec.Struct):
    """What the browser sends: 16 random bytes of its own, in hex."""

    nonce: str = ""


class JoinAnswer(msgspec.Struct, frozen=True):
    """The ticket to keep, and where things stand."""

    ticket: str
    is_new: bool
    status: Status


async def nonce_of(request: Request) -> str:
    """Return the device's half of the ticket, or nothing: then the house gives it."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            return ""
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.json.decode(body, type=JoinBody).nonce
    return ""


def give_pass(
    answer: Response, request: Request, lobby: LobbyRow, organisation_id: uuid.UUID
) -> None:
    """Put the pass of this session in a cookie that pages and group commits read, scripts not."""
    expires_at = lobby.closes_at + PASS_AFTER_CLOSE
    answer.set_cookie(
        COOKIE + lobby.slug,
        make_pass(
            lobby_id=lobby.id,
            organisation_id=organisation_id,
            session_key=request.cookies.get(settings.SESSION_COOKIE_NAME, ""),
            expires_at=expires_at,
        ),
        expires=expires_at,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
