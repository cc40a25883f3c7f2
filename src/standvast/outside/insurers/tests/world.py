"""The service of the insurers, running, with clients of every kind for it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.insurers.server import InsurersServer
from standvast.outside.insurers.service import PATH

DAY = timedelta(days=1)


class World:
    """A running service and the authorities that its clients need."""

    def __init__(self, server: InsurersServer, authority: Authority) -> None:
        self.server = server
        self.authority = authority

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.port}{PATH}"

    @property
    def refused(self) -> dict[str, int]:
        return dict(self.server.store.handshakes_refused)

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


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    authority = Authority(folder / "authority", now=datetime.now(UTC))
    server = InsurersServer(address="127.0.0.1", port=0, authority=authority)
    await server.start()
    try:
        yield World(server, authority)
    finally:
        await asyncio.wait_for(server.stop(), 5)
