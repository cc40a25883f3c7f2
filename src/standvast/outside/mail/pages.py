"""Control as JSON for programs, reading pages for people."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

import msgspec
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.mail.behaviour import Behaviour, changed
from standvast.outside.mail.server import MailServer
from standvast.outside.mail.store import Mail

LIST_MAX = 10_000
PAGE_SIZE = 50
BODY_BYTES_MAX = 100_000

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "slow": ("Slow: 30 s to accept", Behaviour(accept_delay_s=30.0)),
    "later": ("Says “try later”", Behaviour(try_later_share=1.0)),
    "lost": ("Takes it, answer lost", Behaviour(lose_answer_share=1.0)),
    "away": ("Refuses connections", Behaviour(refuse_connections=True)),
}
"""What a person may make of the server with one press; programs set each field."""

_templates = Environment(
    loader=PackageLoader("standvast.outside.mail", "templates"),
    autoescape=select_autoescape(default=True),
)


def _whole(request: Request, name: str, *, default: int, high: int) -> int:
    text = request.query_params.get(name, "")
    return min(int(text), high) if text.isascii() and text.isdecimal() else default


def _row(mail: Mail) -> dict[str, object]:
    return {
        "id": mail.id,
        "message_id": mail.message_id,
        "from": mail.sender,
        "to": list(mail.recipients),
        "subject": mail.subject,
        "offered_at": mail.offered_at.isoformat(),
        "accepted_at": mail.accepted_at.isoformat(),
        "repeat": mail.repeat,
        "bytes": len(mail.content),
    }


class MailPages:
    """The routes of the mail peer."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._store = server.store

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; `/` is the mailbox while mail is the only peer."""
        return [
            Route("/mail/behaviour", self.show_behaviour),
            Route("/mail/behaviour", self.set_behaviour, methods=["POST"]),
            Route("/mail/mood", self.set_mood, methods=["POST"]),
            Route("/mail/messages", self.messages),
            Route("/mail/messages", self.forget, methods=["DELETE"]),
            Route("/mail/counts", self.counts),
            Route("/", self.mailbox),
            Route("/mail", lambda _: RedirectResponse("/")),
            Route("/mail/{number:int}", self.one),
            Route("/mail/{number:int}/html", self.html),
            Route("/mail/{number:int}/raw", self.raw),
            Route("/mail/{number:int}/attachments/{place:int}", self.attachment),
        ]

    async def show_behaviour(self, request: Request) -> Response:
        """GET /mail/behaviour."""
        return JSONResponse(msgspec.to_builtins(self._server.behaviour))

    async def set_behaviour(self, request: Request) -> Response:
        """POST /mail/behaviour: a JSON object with the fields to change."""
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return JSONResponse({"error": "too long"}, status_code=413)
        try:
            wanted = changed(self._server.behaviour, body)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        await self._server.behave(wanted)
        return JSONResponse(msgspec.to_builtins(wanted))

    async def set_mood(self, request: Request) -> Response:
        """POST /mail/mood: one of the moods, by the form of the page."""
        body = await request.body()
        mood = parse_qs(body[:BODY_BYTES_MAX].decode("ascii", "replace")).get("mood", [""])[0]
        if mood not in MOODS:
            return self._gone()
        await self._server.behave(MOODS[mood][1])
        return RedirectResponse("/", status_code=303)

    async def messages(self, request: Request) -> Response:
        """GET /mail/messages?to=&before=&limit= newest first."""
        found = self._store.newest(
            to=request.query_params.get("to", ""),
            before=_whole(request, "before", default=0, high=1 << 60),
            limit=_whole(request, "limit", default=PAGE_SIZE, high=LIST_MAX),
        )
        return JSONResponse([_row(mail) for mail in found])

    async def forget(self, request: Request) -> Response:
        """DELETE /mail/messages: empty the mailbox."""
        self._store.forget()
        self._server.said.clear()
        return Response(status_code=204)

    async def counts(self, request: Request) -> Response:
        """GET /mail/counts."""
        said = self._server.said
        newest = self._store.newest(limit=1)
        return JSONResponse(
            {
                "accepted": self._store.accepted_count,
                "distinct": self._store.distinct_count,
                "repeats": self._store.repeats_count,
                "stored": self._store.stored_count,
                "try_later": said["try_later"],
                "rejected": said["rejected"],
                "answer_lost": said["answer_lost"],
                "connections": said["connections"],
                "open": self._server.open_count,
                "latest_at": newest[0].accepted_at.isoformat() if newest else None,
            }
        )

    async def mailbox(self, request: Request) -> Response:
        """GET / the mail it got, newest first."""
        to = request.query_params.get("to", "").strip()
        before = _whole(request, "before", default=0, high=1 << 60)
        found = self._store.newest(to=to, before=before, limit=PAGE_SIZE + 1)
        context = {
            "mails": found[:PAGE_SIZE],
            "to": to,
            "before": before,
            "older": found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0,
            "accepted_count": self._store.accepted_count,
            "repeats_count": self._store.repeats_count,
            "behaviour": self._server.behaviour,
            "moods": MOODS,
        }
        return HTMLResponse(_templates.get_template("outside/mailbox.html").render(context))

    async def one(self, request: Request) -> Response:
        """GET /mail/<id> one message, to read."""
        mail = self._store.one(request.path_params["number"])
        if mail is None:
            return self._gone()
        context = {
            "mail": mail,
            "plain": mail.body("plain"),
            "has_html": bool(mail.body("html")),
            "attachments": list(enumerate(mail.attachments())),
        }
        return HTMLResponse(_templates.get_template("outside/mail.html").render(context))

    async def html(self, request: Request) -> Response:
        """GET /mail/<id>/html the formatted part, in a sandbox."""
        mail = self._store.one(request.path_params["number"])
        if mail is None:
            return self._gone()
        policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        return HTMLResponse(mail.body("html"), headers={"Content-Security-Policy": policy})

    async def raw(self, request: Request) -> Response:
        """GET /mail/<id>/raw the message as it came."""
        mail = self._store.one(request.path_params["number"])
        if mail is None:
            return self._gone()
        return Response(mail.content, media_type="text/plain")

    async def attachment(self, request: Request) -> Response:
        """GET /mail/<id>/attachments/<n> what was attached, to keep."""
        mail = self._store.one(request.path_params["number"])
        place = request.path_params["place"]
        found = mail.attachments() if mail else []
        if place >= len(found):
            return self._gone()
        name, kind, content = found[place]
        safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "._-")) or "file"
        headers = {"Content-Disposition": f'attachment; filename="{safe}"'}
        return Response(content, media_type=kind, headers=headers)

    def _gone(self) -> Response:
        page = _templates.get_template("outside/gone.html").render()
        return HTMLResponse(page, status_code=404)
