"""The insurers' message service: claims are pushed, what becomes of them is pulled later.

In the shape of VSP, as far as it is needed: push, pull, search, payload, confirm, status. Answers
come in two parts and then a payment, each a while after the one before.
"""

import asyncio
import hashlib
import random
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.insurers.claims import (
    Claimed,
    NotClaims,
    claims_in,
    payment,
    refusal_of,
    responses,
)

if TYPE_CHECKING:
    from standvast.outside.insurers.server import InsurersServer

PATH = "/vsp/v1"
BODY_BYTES_MAX = 32 * 1024 * 1024
CONVERSATIONS_MAX = 200
LIMIT_MAX = 250


class Told(msgspec.Struct, frozen=True):
    """What a message says of itself."""

    traceerId: uuid.UUID  # noqa: N815 - their word
    conversatieId: uuid.UUID  # noqa: N815
    berichttype: str
    afzender: str
    geadresseerden: list[str]


class Search(msgspec.Struct, frozen=True):
    """Which messages are asked for."""

    conversatieId: uuid.UUID  # noqa: N815
    limit: int = LIMIT_MAX


class _Misread(Exception):
    """The request is not what this service takes."""


@dataclass
class Conversation:
    """Claims that came, what was decided, and what of it was confirmed."""

    id: uuid.UUID
    owner: str
    at: datetime
    decided: list[tuple[Claimed, str]]
    confirmed: set[uuid.UUID] = field(default_factory=set)

    def parts(self) -> Iterator[tuple[uuid.UUID, int, bytes]]:
        """Yield each message that will come back: its id, its turn, what it holds."""
        half = (len(self.decided) + 1) // 2
        for turn, some in enumerate((self.decided[:half], self.decided[half:]), start=1):
            if some:
                yield uuid.uuid5(self.id, f"answers-{turn}"), turn, responses(some)
        paid_id = uuid.uuid5(self.id, "payment")
        if told := payment(self.decided, paid_id=paid_id, paid_on=self.paid_on):
            yield paid_id, 3, told

    @property
    def paid_on(self) -> date:
        """The day on which it is paid."""
        return self.at.date()


class Messages:
    """The mailbox: conversations in memory, the oldest forgotten."""

    def __init__(self, server: "InsurersServer", *, seed: int = 5) -> None:
        self._server = server
        self._said = server.store.said
        self._random = random.Random(seed)  # noqa: S311 - the same run twice, not a secret
        self._conversations: OrderedDict[uuid.UUID, Conversation] = OrderedDict()

    def routes(self) -> list[BaseRoute]:
        """Return them."""
        one = PATH + "/berichten/{traceer_id:uuid}"
        return [
            Route(f"{PATH}/berichten", self._as_told(self.push), methods=["POST"]),
            Route(f"{PATH}/berichten", self._as_told(self.pull)),
            Route(f"{PATH}/berichten/zoeken", self._as_told(self.search), methods=["POST"]),
            Route(f"{one}/payload", self._as_told(self.payload)),
            Route(one, self._as_told(self.confirm), methods=["DELETE"]),
            Route(f"{PATH}/berichtstatussen", self._as_told(self.status)),
        ]

    def conversations(self) -> list[Conversation]:
        """Return what came, oldest first."""
        return list(self._conversations.values())

    def _as_told(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        """Return the answer as the behaviour of the moment has it."""

        async def told(request: Request) -> Response:
            behaviour = self._server.behaviour
            self._said["messages"] += 1
            await asyncio.sleep(behaviour.answer_delay_s)
            if behaviour.revokes(str(request.state.connection.certificate.get("serialNumber", ""))):
                return PlainTextResponse("Not authorised.", 403)
            if self._random.random() < behaviour.try_later_share:
                after = {"Retry-After": str(behaviour.retry_after_s)}
                return PlainTextResponse("Try later.", 503, after)
            if self._random.random() < behaviour.fault_share:
                return PlainTextResponse("Not available for the moment.", 500)
            try:
                found: Response = await answer(request)
            except _Misread:
                return PlainTextResponse("This cannot be read.", 400)
            except NotClaims:
                return PlainTextResponse("These are no claims.", 422)
            if self._random.random() < behaviour.lose_answer_share:
                request.state.connection.cut()
            return found

        return told

    async def push(self, request: Request) -> Response:
        """POST /berichten: metadata and payload; the same message again is the same."""
        told, payload = _parts_of(request.headers.get("content-type", ""), await _body(request))
        known = self._conversations.get(told.traceerId)
        if known is not None:
            return Response(status_code=204 if known.owner == _owner(request) else 422)
        behaviour, people = self._server.behaviour, self._server.people
        self._conversations[told.traceerId] = Conversation(
            id=told.traceerId,
            owner=_owner(request),
            at=datetime.now(UTC),
            decided=[
                (one, refusal_of(one, people, reject_share=behaviour.claims_reject_share))
                for one in claims_in(payload)
            ],
        )
        self._said["claim_messages"] += 1
        while len(self._conversations) > CONVERSATIONS_MAX:
            self._conversations.popitem(last=False)
        return Response(status_code=204)

    async def pull(self, request: Request) -> Response:
        """GET /berichten?limit=: what waits for this certificate, oldest first."""
        limit = request.query_params.get("limit", "")
        if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit) <= LIMIT_MAX):
            raise _Misread
        mine = [one for one in self._conversations.values() if one.owner == _owner(request)]
        return _listed([found for one in mine for found in self._due(one)], int(limit))

    async def search(self, request: Request) -> Response:
        """POST /berichten/zoeken: what waits in one conversation."""
        try:
            wanted = msgspec.json.decode(await _body(request), type=Search)
        except msgspec.DecodeError as error:
            raise _Misread from error
        found = self._conversations.get(wanted.conversatieId)
        is_ours = found is not None and found.owner == _owner(request)
        return _listed(list(self._due(found)) if found and is_ours else [], wanted.limit)

    async def payload(self, request: Request) -> Response:
        """GET /berichten/{id}/payload."""
        for conversation, message_id, content in self._all_due(request):
            if message_id == request.path_params["traceer_id"]:
                del conversation
                return Response(content, media_type="application/fhir+json")
        return Response(status_code=404)

    async def confirm(self, request: Request) -> Response:
        """DELETE /berichten/{id}: whoever pulled it has it now; again changes nothing."""
        wanted = request.path_params["traceer_id"]
        for conversation, message_id, _ in self._all_due(request):
            if message_id == wanted:
                conversation.confirmed.add(wanted)
        return Response(status_code=202)

    async def status(self, request: Request) -> Response:
        """GET /berichtstatussen?traceerId=."""
        try:
            wanted = uuid.UUID(request.query_params.get("traceerId", ""))
        except ValueError as error:
            raise _Misread from error
        found = self._conversations.get(wanted)
        if found is None or found.owner != _owner(request):
            return JSONResponse([])
        is_done = len(found.confirmed) == len(list(found.parts()))
        status = "VerwerkingVoltooid" if is_done else "WordtVerwerkt"
        return JSONResponse([{"traceerId": str(wanted), "status": status}])

    def _all_due(self, request: Request) -> Iterator[tuple[Conversation, uuid.UUID, bytes]]:
        for one in self._conversations.values():
            if one.owner == _owner(request):
                yield from self._due(one)

    def _due(self, one: Conversation) -> Iterator[tuple[Conversation, uuid.UUID, bytes]]:
        now = datetime.now(UTC)
        wait = timedelta(seconds=self._server.behaviour.claims_after_s)
        for message_id, turn, content in one.parts():
            if message_id not in one.confirmed and one.at + turn * wait <= now:
                yield one, message_id, content


def _listed(found: list[tuple[Conversation, uuid.UUID, bytes]], limit: int) -> Response:
    return JSONResponse(
        [
            {
                "traceerId": str(message_id),
                "conversatieId": str(conversation.id),
                "alsAntwoordOp": str(conversation.id),
                "grootte": len(content),
                "checksum": hashlib.sha256(content).hexdigest(),
            }
            for conversation, message_id, content in found[:limit]
        ]
    )


def _owner(request: Request) -> str:
    """Return whom the client certificate names."""
    certificate = request.state.connection.certificate
    parts = dict(pair for part in certificate.get("subject", ()) for pair in part)
    return str(parts.get("organizationName", ""))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise _Misread
    return bytes(body)


def _parts_of(content_type: str, body: bytes) -> tuple[Told, bytes]:
    """Return metadata and payload of a multipart message."""
    whole = message_from_bytes(
        b"Content-Type: " + content_type.encode("ascii", "replace") + b"\r\n\r\n" + body
    )
    found: dict[str, bytes] = {}
    for part in whole.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    try:
        return msgspec.json.decode(found["metadata"], type=Told), found["payload"]
    except (KeyError, msgspec.DecodeError) as error:
        raise _Misread from error
