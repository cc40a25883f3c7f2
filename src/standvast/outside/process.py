"""The `outside` process: every simulated peer in one event loop, on loopback."""

import asyncio
import ipaddress

from standvast.outside.mail.pages import MailPages
from standvast.outside.mail.server import MailServer
from standvast.outside.mail.store import MailStore
from standvast.outside.site import site
from standvast.web.http import HttpServer

STOP_S = 2.0


class NotLoopback(ValueError):
    """The simulated world was asked to listen where others can reach it."""


def check_loopback(address: str) -> None:
    """Pass an address that only this machine can reach.

    :raises NotLoopback: otherwise, names included: a name may point anywhere tomorrow.
    """
    try:
        inside = ipaddress.ip_address(address).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotLoopback(f"The simulated world listens on loopback only, not on {address}.")


async def run_outside(
    stop: asyncio.Event, *, smtp_port: int, http_port: int, address: str = "127.0.0.1"
) -> None:
    """Run until `stop` is set.

    :raises NotLoopback: if the address can be reached from elsewhere.
    :raises OSError: if a port is taken.
    """
    check_loopback(address)
    mail = MailServer(address=address, port=smtp_port, store=MailStore())
    server = HttpServer(site(MailPages(mail).routes()), address=address, port=http_port)
    await mail.start()
    serving = asyncio.ensure_future(server.serve())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.stop()
    await mail.stop()
    mail.close()
    await asyncio.wait({serving}, timeout=STOP_S)
