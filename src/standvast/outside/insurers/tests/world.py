"""The service of the insurers, running, with clients of every kind for it."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.insurers.server import InsurersServer
from standvast.outside.insurers.service import PATH
from standvast.outside.process import run_outside
from standvast.outside.records.system import Where

DAY = timedelta(days=1)


class Outside:
    """Where a service runs, and the authorities that its clients need."""

    def __init__(self, port: int, authority: Authority) -> None:
        self.port = port
        self.authority = authority

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}{PATH}"

    def issued(self, *, days: float = 30, **more) -> Issued:
        now = datetime.now(UTC)
        since = now - DAY if days > 0 else now - 400 * DAY
        wanted = {"organisation": "De Linde & co", "agb": "01012345", **more}
        return self.authority.client(valid_from=since, valid_until=now + days * DAY, **wanted)

    def context(self, own: Issued | None) -> ssl.SSLContext:
        context = ssl.create_default_context(
            cafile=str(self.authority.root_path(Issuer.PRODUCTION))
        )
        if own is not None:
            own.load_into(context)
        return context

    def client(self, own: Issued | None) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=self.context(own), trust_env=False, timeout=5)


class World(Outside):
    """A service that runs here, to look into."""

    def __init__(self, server: InsurersServer, authority: Authority) -> None:
        super().__init__(server.port, authority)
        self.server = server

    @property
    def refused(self) -> dict[str, int]:
        return dict(self.server.store.handshakes_refused)


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    authority = Authority(folder / "authority", now=datetime.now(UTC))
    server = InsurersServer(address="127.0.0.1", port=0, authority=authority)
    await server.start()
    try:
        yield World(server, authority)
    finally:
        await asyncio.wait_for(server.stop(), 5)


@asynccontextmanager
async def whole_world(folder: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Outside]]:
    """The whole process, as it is started: its site, and the service's address."""
    stop, http_port, coverage_port = asyncio.Event(), free_port(), free_port()
    running = asyncio.create_task(
        run_outside(
            stop,
            smtp_port=free_port(),
            http_port=http_port,
            coverage_port=coverage_port,
            folder=folder / "authority",
            where=Where("http://127.0.0.1:1", "01999999"),
        )
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_port}") as http:
        for _ in range(200):
            try:
                await http.get("/")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.02)
        try:
            yield (
                http,
                Outside(coverage_port, Authority(folder / "authority", now=datetime.now(UTC))),
            )
        finally:
            stop.set()
            await asyncio.wait_for(running, 5)


async def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; at most 5 s."""
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never was")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
