"""One proxy: a listening socket, its toxics, its connections."""

import asyncio
import ipaddress
import itertools
from collections.abc import Sequence
from typing import Any

from standvast.drills.proxy.connection import Connection
from standvast.drills.proxy.toxics import Toxic, changed_toxic, made_toxic

CONNECTIONS_MAX = 2_000
TOXICS_MAX = 50
DIAL_S = 5.0
SEED = 19


class NotLoopback(ValueError):
    """An address that others can reach, or that reaches others."""


class ToxicExists(ValueError):
    """There is a toxic of this name."""


class ToxicNotFound(LookupError):
    """There is no toxic of this name."""


class TooMany(ValueError):
    """A bound is reached."""


def endpoint(text: str) -> tuple[str, int]:
    """Return host and port of `host:port` on this machine.

    :raises NotLoopback: if it is anywhere else, or no address at all.
    """
    host, _, port = text.rpartition(":")
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside or not port.isdecimal() or int(port) > 65_535:
        raise NotLoopback(f"loopback addresses only, not {text!r}")
    return host, int(port)


def _text(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Proxy:
    """Listens at `listen`, dials `upstream` for each connection, spoils what passes."""

    def __init__(self, *, name: str, listen: str, upstream: str) -> None:
        self.name = name
        self._listen = endpoint(listen)
        self._upstream = endpoint(upstream)
        self._toxics: dict[str, Toxic] = {}
        self._by_stream: dict[str, tuple[Toxic, ...]] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(SEED)

    @property
    def is_enabled(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    @property
    def listen(self) -> str:
        """Where it listens, with the real port once it has one."""
        return _text(*self._listen)

    @property
    def upstream(self) -> str:
        """Where it dials."""
        return _text(*self._upstream)

    @property
    def connections_count(self) -> int:
        """How many connections are carried now."""
        return len(self._connections)

    def shown(self) -> dict[str, object]:
        """Return it as Toxiproxy's JSON shows it."""
        return {
            "name": self.name,
            "listen": self.listen,
            "upstream": self.upstream,
            "enabled": self.is_enabled,
            "toxics": [toxic.shown() for toxic in self._toxics.values()],
        }

    # -- up and down -------------------------------------------------------------------------

    async def up(self) -> None:
        """Listen. Nothing to do when it does.

        :raises OSError: if the port is taken.
        """
        if self._server is None:
            host, port = self._listen
            self._server = await asyncio.start_server(self._accept, host, port, backlog=512)
            self._listen = host, int(self._server.sockets[0].getsockname()[1])

    def down(self) -> None:
        """Listen no longer and cut every connection. Waits for nothing."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        for connection in list(self._connections):
            connection.abort()

    async def change(self, *, listen: str, upstream: str, enabled: bool) -> None:
        """Move it, or take it up or down; moving cuts every connection."""
        wanted = endpoint(listen), endpoint(upstream)
        if wanted != (self._listen, self._upstream):
            self.down()
            self._listen, self._upstream = wanted
        if enabled:
            await self.up()
        else:
            self.down()

    # -- toxics ------------------------------------------------------------------------------

    def toxics(self) -> list[Toxic]:
        """Return them in the order they were added."""
        return list(self._toxics.values())

    def toxic(self, name: str) -> Toxic:
        """Return one.

        :raises ToxicNotFound: if there is none of this name.
        """
        if name not in self._toxics:
            raise ToxicNotFound(name)
        return self._toxics[name]

    def add_toxic(self, body: dict[str, Any]) -> Toxic:
        """Add one; it counts for open connections too.

        :raises BadToxic: :raises ToxicExists: :raises TooMany: as named.
        """
        toxic = made_toxic(body, now=asyncio.get_running_loop().time())
        if toxic.name in self._toxics:
            raise ToxicExists(toxic.name)
        if len(self._toxics) >= TOXICS_MAX:
            raise TooMany("toxics")
        self._toxics[toxic.name] = toxic
        self._look_again()
        return toxic

    def change_toxic(self, name: str, body: dict[str, Any]) -> Toxic:
        """Change attributes or toxicity of one; a connection's draw stays as it is.

        :raises ToxicNotFound: :raises BadToxic: as named.
        """
        toxic = changed_toxic(self.toxic(name), body)
        self._toxics[name] = toxic
        self._look_again()
        return toxic

    def remove_toxic(self, name: str) -> None:
        """Take one away. Connections it took bytes from are closed, the others go on.

        :raises ToxicNotFound: if there is none of this name.
        """
        self.toxic(name)
        del self._toxics[name]
        self._look_again()

    async def reset(self) -> None:
        """Take all toxics away and listen."""
        self._toxics.clear()
        self._look_again()
        await self.up()

    def toxics_of(self, stream: str) -> Sequence[Toxic]:
        """Return those of one direction."""
        return self._by_stream.get(stream, ())

    def _look_again(self) -> None:
        for stream in ("upstream", "downstream"):
            self._by_stream[stream] = tuple(t for t in self._toxics.values() if t.stream == stream)
        for connection in self._connections:
            connection.look_again()

    # -- connections -------------------------------------------------------------------------

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None or len(self._tasks) >= CONNECTIONS_MAX:
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(DIAL_S):
                server = await asyncio.open_connection(*self._upstream)
        except (OSError, TimeoutError, asyncio.CancelledError):
            writer.transport.abort()
            return
        connection = Connection(
            client=(reader, writer),
            server=server,
            toxics_of=self.toxics_of,
            seed=next(self._numbers),
        )
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)
