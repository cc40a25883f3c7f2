"""Control as JSON for programs, reading pages for people."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.control import Control
from standvast.outside.mail.behaviour import Behaviour
from standvast.outside.mail.server import MailServer
from standvast.outside.mail.store import Mail
from standvast.outside.templating import gone, page

LIST_MAX = 10_000
PAGE_SIZE = 50
BOX = "/mail"

MOODS: Mapping[str, tuple[str, Behaviour]] = {
    "well": ("Well", Behaviour()),
    "slow": ("Slow: 30 s to accept", Behaviour(accept_delay_s=30.0)),
    "later": ("Says “try later”", Behaviour(try_later_share=1.0)),
    "lost": ("Takes it, answer lost", Behaviour(lose_answer_share=1.0)),
    "away": ("Refuses connections", Behaviour(refuse_connections=True)),
}
"""What a person may make of the server with one press; programs set each field."""


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
        """Return them; the mailbox stands at /mail."""
        control = Control(self._server, at=BOX, moods=MOODS)
        return [
            *control.routes(),
            Route("/mail/messages", self.messages),
            Route("/mail/messages", self.forget, methods=["DELETE"]),
            Route("/mail/counts", self.counts),
            Route(BOX, self.mailbox),
            Route("/mail/{number:int}", self.one),
            Route("/mail/{number:int}/html", self.html),
            Route("/mail/{number:int}/raw", self.raw),
            Route("/mail/{number:int}/attachments/{place:int}", self.attachment),
        ]

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
        """GET /mail the mail it got, newest first."""
        to = request.query_params.get("to", "").strip()
        before = _whole(request, "before", default=0, high=1 << 60)
        with_probes = request.query_params.get("probes") == "yes"
        found = self._store.newest(
            to=to, before=before, limit=PAGE_SIZE + 1, with_probes=with_probes or bool(to)
        )
        return page(
            "mailbox.html",
            with_probes=with_probes,
            mails=found[:PAGE_SIZE],
            to=to,
            before=before,
            older=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0,
            accepted_count=self._store.accepted_count,
            repeats_count=self._store.repeats_count,
            behaviour=self._server.behaviour,
            moods=MOODS,
        )

    async def one(self, request: Request) -> Response:
        """GET /mail/<id> one message, to read."""
        mail = self._store.one(request.path_params["number"])
        if mail is None:
            return gone(BOX)
        return page(
            "mail.html",
            mail=mail,
            plain=mail.body("plain"),
            has_html=bool(mail.body("html")),
            attachments=list(enumerate(mail.attachments())),
        )

    async def html(self, request: Request) -> Response:
        """GET /mail/<id>/html the formatted part, in a sandbox."""
        mail = self._store.one(request.path_params["number"])
        if mail is None:
            return gone(BOX)
        policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        return HTMLResponse(mail.body("html"), headers={"Content-Security-Policy": policy})

    async def raw(self, request: Request) -> Response:
        """GET /mail/<id>/raw the message as it came."""
        mail = self._store.one(request.path_params["number"])
        if mail is None:
            return gone(BOX)
        return Response(mail.content, media_type="text/plain")

    async def attachment(self, request: Request) -> Response:
        """GET /mail/<id>/attachments/<n> what was attached, to keep."""
        mail = self._store.one(request.path_params["number"])
        place = request.path_params["place"]
        found = mail.attachments() if mail else []
        if place >= len(found):
            return gone(BOX)
        name, kind, content = found[place]
        safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "._-")) or "file"
        headers = {"Content-Disposition": f'attachment; filename="{safe}"'}
        return Response(content, media_type=kind, headers=headers)
