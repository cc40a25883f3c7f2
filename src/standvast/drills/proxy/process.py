"""The proxy as a process of its own, so that a busy drill does not slow what passes."""

import asyncio
import signal

import uvloop

from standvast.drills.proxy.control import Control, check_control_address
from standvast.web.http import HttpServer

STOP_S = 2.0


async def run_proxy(stop: asyncio.Event, *, port: int, address: str = "127.0.0.1") -> None:
    """Answer the API until `stop` is set, then cut everything.

    :raises NotLoopback: if the address can be reached from elsewhere.
    """
    check_control_address(address)
    control = Control()
    server = HttpServer(control.app(), address=address, port=port)
    serving = asyncio.ensure_future(server.serve())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.stop()
    control.close()
    await asyncio.wait({serving}, timeout=STOP_S)


async def _until_told(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run_proxy(stop, port=port)


def main(port: int) -> int:
    """Run until SIGTERM or SIGINT."""
    uvloop.run(_until_told(port))
    return 0
