"""Connections that lead outward only: what a name leads to is looked at before each of them.

A name may lead elsewhere than yesterday, and a site may send a walk on to one that leads to the
inside. The look and the connection are of the same address, so nothing can change in between.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address

import httpcore
import httpx

from standvast.care.launches.rules.addresses import Address, Networks, leads_out


class _Roads(httpcore.AnyIOBackend):
    """Connects to addresses that lead out, and to no other."""

    def __init__(self, networks: Networks, *, is_world_here: bool) -> None:
        super().__init__()
        self._networks, self._is_world_here = networks, is_world_here

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an address of a host, if every one of them leads out."""
        found = await _addresses(host, port)
        here = self._is_world_here
        if not all(leads_out(one, self._networks, is_world_here=here) for one in found):
            raise httpcore.ConnectError("It leads to the inside.")
        for address in found[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await super().connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
        return await super().connect_tcp(
            str(found[-1]), port, timeout, local_address, socket_options
        )


async def _addresses(host: str, port: int) -> list[Address]:
    """Return where a name leads, at least one.

    :raises httpcore.ConnectError: if it leads nowhere.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise httpcore.ConnectError("Its name leads nowhere.") from None
    return [ip_address(one[4][0]) for one in found]


@cache
def _trust() -> ssl.SSLContext:
    """Return whom the library trusts; read once, since every walk has a transport of its own."""
    return httpx.create_ssl_context(trust_env=False)


class OutwardOnly(httpx.AsyncHTTPTransport):
    """The library's own way to send, over such connections."""

    def __init__(self, networks: Networks, *, is_world_here: bool) -> None:
        super().__init__(verify=_trust(), trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trust(),
            network_backend=_Roads(networks, is_world_here=is_world_here),
        )
