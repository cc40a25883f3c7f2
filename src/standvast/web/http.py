"""HTTP for a process that has its own event loop: requests are answered where they arrive.

No thread stands between the socket and the loop. What a connection may hold is bounded: the head
of a request by its bytes, its body by backpressure, a silent connection by its time.
"""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 65_536
"""Address and headers together. A browser's are 2 to 8 KiB."""
SILENT_S_MAX = 75
"""A connection without a request is closed then; as long as proxies usually keep one."""
BACKLOG = 2_048


class _Bounded(HttpToolsProtocol):
    """uvicorn's protocol, with a bound on the head and on silence before the first request."""

    _head_bytes = 0
    _is_in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX + len(data):  # what came before was all head
                self.send_400_response("The head of this request is too long.")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True

    def on_headers_complete(self) -> None:
        self._head_bytes, self._is_in_head = 0, False
        super().on_headers_complete()


class HttpServer(uvicorn.Server):
    """Serves one ASGI app on one port of the running loop.

    With `shares_port` several processes listen on the same port and the kernel spreads connections
    over them; without, a port that is taken is an error.
    """

    def __init__(self, app: Any, *, address: str, port: int, shares_port: bool = False) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Bounded,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=SILENT_S_MAX,
                backlog=BACKLOG,
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
