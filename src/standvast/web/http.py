"""HTTP for a process that has its own event loop: requests are answered where they arrive.

No thread stands between the socket and the loop. What a connection may hold is bounded: by bytes
what is not body, by backpressure a body, by number requests sent ahead, by time every wait for the
other side.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LOOSE_BYTES_MAX = 65_536
"""Of one request, all that is not body: address, headers, trailers. A browser's are 2 to 8 KiB."""
SILENT_S_MAX = 75
"""A connection without a request is closed then; as long as proxies usually keep one."""
HEAD_S_MAX = 20.0
"""From the first byte of a request to the last of its headers."""
BODY_S_MAX = 30.0
"""From one piece of a body to the next, while we are ready to read."""
AHEAD_MAX = 16
"""Requests sent before the answer to an earlier one. Browsers send none."""
BACKLOG = 2_048


class TooManyAhead(ValueError):
    """More requests were sent ahead than are kept."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol, with the bounds above, and with an end to what an end was due."""

    _loose_bytes = 0
    _is_in_head = False
    _is_whole = True
    """No request is under way on the wire: what was begun has been read to its end."""
    _late: asyncio.TimerHandle | None = None
    _running: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)
        # uvicorn tells only the request that came last: an earlier one may still be answered.
        for cycle in (self._running, *(cycle for cycle, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        self._loose_bytes += len(data)
        super().data_received(data)
        if self._is_whole:
            self._in_time()
        elif self._loose_bytes > LOOSE_BYTES_MAX:
            self.send_400_response("The head of this request is too long.")
        elif self._late is None or not self._is_in_head:
            self._expect()

    def _expect(self) -> None:
        self._in_time()
        within_s = HEAD_S_MAX if self._is_in_head else BODY_S_MAX
        self._late = self.loop.call_later(within_s, self._too_late)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        if self.flow.read_paused:  # it is we who are slow
            self._expect()
        else:
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._is_whole = True, False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_head:  # nobody reads trailers
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        if len(self.pipeline) >= AHEAD_MAX:
            raise TooManyAhead
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._loose_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._loose_bytes, self._is_whole = 0, True
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()

    def send_400_response(self, msg: str) -> None:
        """Say so, unless an earlier request is being answered: it would be taken for its answer."""
        if self._running is not None and not self._running.response_complete:
            self.transport.close()
        elif not self.transport.is_closing():
            super().send_400_response(msg)

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as if no upgrade had been asked, and close: what follows was not read."""
        if self.cycle is not None:
            self.cycle.keep_alive = False


class HttpServer(uvicorn.Server):
    """Serves one ASGI app on one port of the running loop.

    With `shares_port` several processes listen on the same port and the kernel spreads connections
    over them; without, a port that is taken is an error. With `tls` it speaks HTTPS alone.
    """

    def __init__(
        self,
        app: Any,
        *,
        address: str,
        port: int,
        shares_port: bool = False,
        tls: ssl.SSLContext | None = None,
        protocol: type[BoundedHttp] = BoundedHttp,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=SILENT_S_MAX,
                backlog=BACKLOG,
                ssl_context_factory=None if tls is None else lambda *_: tls,
            )
        )
        self._socket = listening(address, port, shares_port=shares_port)

    @property
    def port(self) -> int:
        """The port it listens on; of its own choice when asked for 0."""
        return int(self._socket.getsockname()[1])

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer until `stop`, then finish what is under way."""
        await super().serve(sockets=sockets or [self._socket])

    def stop(self) -> None:
        """Take no new connection, let the others finish."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the process: it has more to stop than this."""
        yield


def listening(address: str, port: int, *, shares_port: bool) -> socket.socket:
    """Return a socket that listens.

    :raises OSError: if the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shares_port:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        found.bind((address, port))
        found.listen(BACKLOG)
    except OSError:
        found.close()
        raise
    found.setblocking(False)
    return found
