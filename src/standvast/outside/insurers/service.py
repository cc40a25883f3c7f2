"""One address over HTTP: the description by GET, a search by POST."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from standvast.outside.insurers.answers import SEARCHES_MAX, answer_of
from standvast.outside.insurers.soap import (
    ACTION,
    Fault,
    Version,
    answer_out,
    description,
    fault_out,
    request_in,
    version_of,
)

if TYPE_CHECKING:
    from standvast.outside.insurers.server import InsurersServer

PATH = "/cov/v1"
BODY_BYTES_MAX = 256 * 1024
HERE = ZoneInfo("Europe/Amsterdam")


class _Service:
    """Answers for a server, as its behaviour of the moment says."""

    def __init__(self, server: "InsurersServer", *, seed: int = 4) -> None:
        self._server = server
        self._said = server.store.said
        self._random = random.Random(seed)  # noqa: S311 - the same run twice, not a secret
        self._latest: deque[float] = deque()

    async def describe(self, request: Request) -> Response:
        """GET /cov/v1?wsdl."""
        if "wsdl" not in {name.lower() for name in request.query_params}:
            return PlainTextResponse("Ask by POST, or for ?wsdl.", 405, {"Allow": "POST"})
        address = f"https://{request.url.netloc}{PATH}"
        return Response(description(address), media_type="text/xml")

    async def check(self, request: Request) -> Response:
        """POST /cov/v1: one request of 1 to 20 searches."""
        behaviour = self._server.behaviour
        self._said["requests"] += 1
        if self._is_too_fast(behaviour.requests_per_s_max):
            return self._later(429, retry_after_s=1)
        if self._random.random() < behaviour.try_later_share:
            return self._later(503, retry_after_s=behaviour.retry_after_s)
        version = version_of(request.headers.get("content-type", "").partition(";")[0].strip())
        if version is None:
            return PlainTextResponse("Send text/xml or application/soap+xml.", 415)
        try:
            return await self._answered(request, version)
        except Fault as fault:
            self._said[fault.code] += 1
            status = 413 if fault.code == "BerichtTeLang" else fault.status
            return _message(fault_out(fault), version, status=status)

    async def _answered(self, request: Request, version: Version) -> Response:
        behaviour = self._server.behaviour
        connection = request.state.connection
        certificate = connection.certificate
        begun = time.monotonic()
        body = await _bounded(request, version)
        await asyncio.sleep(behaviour.answer_delay_s)
        self._check_mood(str(certificate.get("serialNumber", "")), version)
        _check_action(request, version)
        asked = request_in(body, version=version)
        now = datetime.now(UTC)
        today = now.astimezone(HERE).date()
        count = len(asked.searches)
        answers = [
            answer_of(search, people=self._server.people, today=today)
            for search in (asked.searches if count <= SEARCHES_MAX else ())
        ]
        self._server.store.keep(
            answers,
            organisation=organisation_of(certificate),
            provider=asked.provider,
            at=now,
            took_s=time.monotonic() - begun,
        )
        if self._random.random() < behaviour.lose_answer_share:
            self._said["answer_lost"] += 1
            connection.cut()
        return _message(answer_out(version, answers, searches_count=count), version)

    def _check_mood(self, serial: str, version: Version) -> None:
        """Pass a request that the behaviour of the moment lets through.

        :raises Fault: otherwise.
        """
        behaviour = self._server.behaviour
        if behaviour.revokes(serial):
            raise Fault("NietGeautoriseerd", "This certificate is not authorised.", version=version)
        if self._random.random() < behaviour.fault_share:
            raise Fault(
                "TijdelijkNietBeschikbaar", "Not available for the moment, try later.",
                version=version, is_theirs=False,
            )  # fmt: skip

    def _is_too_fast(self, per_s_max: int) -> bool:
        """Whether this request is one too many of the last second; those refused do not count."""
        if not per_s_max:
            return False
        now = time.monotonic()
        while self._latest and self._latest[0] <= now - 1.0:
            self._latest.popleft()
        if len(self._latest) >= per_s_max:
            return True
        self._latest.append(now)
        return False

    def _later(self, status: int, *, retry_after_s: int) -> Response:
        self._said[str(status)] += 1
        return PlainTextResponse("Try later.", status, {"Retry-After": str(retry_after_s)})


def service(server: "InsurersServer") -> Starlette:
    """Return the service of a server."""
    answering = _Service(server)
    return Starlette(
        routes=[
            Route(PATH, answering.describe),
            Route(PATH, answering.check, methods=["POST"]),
            *server.messages.routes(),
        ]
    )


def organisation_of(certificate: Mapping[str, Any]) -> str:
    """Return the organisation a client certificate names."""
    parts = dict(pair for part in certificate.get("subject", ()) for pair in part)
    return str(parts.get("organizationName", ""))


async def _bounded(request: Request, version: Version) -> bytes:
    """Return the body.

    :raises Fault: as soon as it is too long.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise Fault("BerichtTeLang", "This message is too long.", version=version)
    return bytes(body)


def _check_action(request: Request, version: Version) -> None:
    """Pass a request for the one thing that can be asked, or one that does not name it.

    :raises Fault: if it names something else.
    """
    if version is Version.V11:
        named = request.headers.get("soapaction", "").strip('"')
    else:
        parts = request.headers.get("content-type", "").split(";")
        found = [part.strip().removeprefix("action=") for part in parts if "action=" in part]
        named = found[0].strip('"') if found else ""
    if named not in ("", ACTION):
        raise Fault("BerichtOnjuist", "There is no such action here.", version=version)


def _message(body: bytes, version: Version, *, status: int = 200) -> Response:
    return Response(body, status, media_type=f"{version.media_type}; charset=utf-8")
