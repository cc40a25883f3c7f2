"""A small HTTP/1.1 client for thousands of simulated people in one event loop.

One keep-alive connection per browser, a deadline on everything, answers bounded. Ready-made
clients cost ten times the processor per request, which the drill would take from what it tests.
"""

import asyncio
import json
import resource
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

ANSWER_BYTES_MAX = 4_000_000
DEADLINE_S = 10.0
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_NO_BODY = frozenset({204, 304})


class NoAnswer(Exception):
    """No whole answer came in time: whether the request had effect is not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `asked_at` and `told_at` are loop times."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked_at: float
    told_at: float

    @property
    def is_ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body read as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """Return the code of a refusal (RFC 9457 with our `code`); empty when there is none."""
        found = self.json() if "json" in self.headers.get("content-type", "") else None
        return str(found.get("code", "")) if isinstance(found, dict) else ""


@dataclass
class Browser:
    """One device of one person: its session, its token, its connection."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    address: str = ""
    """From where it connects; empty: from wherever. Throttles count by address."""
    _pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, *, deadline_s: float = DEADLINE_S) -> Reply:
        """Ask; asked once more when the kept connection proves dead, since asking changes nothing.

        :raises NoAnswer: after the deadline, or when the connection broke.
        """
        had_connection = self._pair is not None
        try:
            return await self._ask("GET", path, None, deadline_s)
        except NoAnswer:
            if not had_connection:
                raise
            return await self._ask("GET", path, None, deadline_s)

    async def post(self, path: str, body: object, *, deadline_s: float = DEADLINE_S) -> Reply:
        """Send JSON once; whoever repeats it does so knowingly, with the same key.

        :raises NoAnswer: when it is not known whether it arrived.
        """
        return await self._ask("POST", path, json.dumps(body).encode(), deadline_s)

    async def post_form(
        self, path: str, fields: Mapping[str, str], *, deadline_s: float = DEADLINE_S
    ) -> Reply:
        """Send a form once, as a page without script does.

        :raises NoAnswer: when it is not known whether it arrived.
        """
        return await self._ask("POST", path, urlencode(fields).encode(), deadline_s, kind=FORM)

    def close(self) -> None:
        """Hang up."""
        pair, self._pair = self._pair, None
        if pair is not None:
            pair[1].transport.abort()

    async def _ask(
        self, method: str, path: str, body: bytes | None, deadline_s: float, *, kind: str = JSON
    ) -> Reply:
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        try:
            async with asyncio.timeout(deadline_s):
                reader, writer = self._pair or await self._connect()
                writer.write(self._request(method, path, body, kind))
                status, headers, content, keeps = await _answer(reader, self.cookies)
        except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self.close()
            raise NoAnswer(f"{method} {path}: {type(error).__name__}") from None
        except BaseException:
            self.close()
            raise
        if not keeps:
            self.close()
        return Reply(status, headers, content, asked_at, loop.time())

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = urlsplit(self.url)
        here = (self.address, 0) if self.address else None
        self._pair = await asyncio.open_connection(where.hostname, where.port, local_addr=here)
        return self._pair

    def _request(self, method: str, path: str, body: bytes | None, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(self.url).netloc}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body is None:
            return "\r\n".join([*lines, "", ""]).encode()
        lines += [f"Origin: {self.url}", f"X-CSRFToken: {self.csrf}"]
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(
    reader: asyncio.StreamReader, cookies: dict[str, str]
) -> tuple[int, dict[str, str], bytes, bool]:
    """Return status, headers, body, and whether the connection may be used again.

    Cookies that are set are kept; their paths and times are not looked at.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].partition(" ")[2][:3])
    headers: dict[str, str] = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
        if name.lower() == "set-cookie":
            cookie, _, content = value.partition(";")[0].strip().partition("=")
            cookies[cookie] = content.strip('"')
    keeps = headers.get("connection", "").lower() != "close"
    if status in _NO_BODY:
        return status, headers, b"", keeps
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return status, headers, await _chunks(reader), keeps
    if "content-length" not in headers:
        return status, headers, await reader.read(ANSWER_BYTES_MAX), False
    length = int(headers["content-length"])
    if not 0 <= length <= ANSWER_BYTES_MAX:
        raise ValueError("answer too long")
    return status, headers, await reader.readexactly(length), keeps


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = bytearray()
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        if size < 0 or len(found) + size > ANSWER_BYTES_MAX:
            raise ValueError("answer too long")
        found += await reader.readexactly(size)
        await reader.readuntil(b"\r\n")
        if size == 0:
            return bytes(found)


def raise_file_limit(wanted: int) -> int:
    """Let this process open so many files if the system allows it; return how many it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return wanted if soft == resource.RLIM_INFINITY else soft
