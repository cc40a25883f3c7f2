"""The `outside` process: every simulated peer in one event loop, on loopback."""

import asyncio
import ipaddress
import random
from datetime import UTC, datetime
from pathlib import Path

from standvast.outside.addresses.behaviour import Behaviour as AddressBehaviour
from standvast.outside.addresses.pages import AddressPages
from standvast.outside.addresses.supplier import Supplier
from standvast.outside.apps.behaviour import Behaviour as AppBehaviour
from standvast.outside.apps.pages import AppPages
from standvast.outside.apps.system import ALL as APPS
from standvast.outside.apps.system import AppSystem
from standvast.outside.insurers.authority import Authority
from standvast.outside.insurers.behaviour import Behaviour as InsurersBehaviour
from standvast.outside.insurers.pages import InsurersPages
from standvast.outside.insurers.server import InsurersServer
from standvast.outside.mail.behaviour import Behaviour as MailBehaviour
from standvast.outside.mail.pages import MailPages
from standvast.outside.mail.server import MailServer
from standvast.outside.mail.store import MailStore
from standvast.outside.records.behaviour import Behaviour as RecordsBehaviour
from standvast.outside.records.pages import RecordPages
from standvast.outside.records.system import RecordSystem, Where
from standvast.outside.site import Neighbour, site
from standvast.outside.targets.behaviour import Behaviour as TargetBehaviour
from standvast.outside.targets.pages import TargetPages
from standvast.outside.targets.system import ALL, TargetSystem
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
    stop: asyncio.Event,
    *,
    smtp_port: int,
    http_port: int,
    coverage_port: int,
    folder: Path,
    where: Where,
    address: str = "127.0.0.1",
) -> None:
    """Run until `stop` is set. `folder` keeps every key of this world; `where` clicks lead.

    :raises NotLoopback: if the address can be reached from elsewhere.
    :raises OSError: if a port is taken.
    """
    check_loopback(address)
    mail = MailServer(address=address, port=smtp_port, store=MailStore())
    insurers = InsurersServer(
        address=address, port=coverage_port, authority=Authority(folder, now=datetime.now(UTC))
    )
    records = RecordSystem(where, folder=folder, draw=random.SystemRandom())
    targets = tuple(TargetSystem(asks, folder=folder) for asks in ALL)
    apps = tuple(AppSystem(asks, folder=folder, standvast=where.address) for asks in APPS)
    neighbours = (*_neighbours(mail, insurers, records, Supplier(), targets), _of_apps(apps))
    server = HttpServer(site(neighbours), address=address, port=http_port)
    await mail.start()
    await insurers.start()
    serving = asyncio.ensure_future(server.serve())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.stop()
    await insurers.stop()
    await mail.stop()
    mail.close()
    await asyncio.wait({serving}, timeout=STOP_S)


def _of_apps(apps: tuple[AppSystem, ...]) -> Neighbour:
    return Neighbour(
        at="/apps",
        title="Apps",
        title_nl="apps",
        sentence="Standvast starts them; they ask it who it is: a growth chart, a duty roster.",
        routes=AppPages(apps).routes(),
        is_well=lambda: all(one.behaviour == AppBehaviour() for one in apps),
    )


def _neighbours(
    mail: MailServer,
    insurers: InsurersServer,
    records: RecordSystem,
    addresses: Supplier,
    targets: tuple[TargetSystem, ...],
) -> tuple[Neighbour, ...]:
    return (
        Neighbour(
            at="/mail",
            title="Mail",
            title_nl="post",
            sentence="What Standvast sends, to read; nothing is passed on.",
            routes=MailPages(mail).routes(),
            is_well=lambda: mail.behaviour == MailBehaviour(),
        ),
        Neighbour(
            at="/insurers",
            title="Insurers",
            title_nl="zorgverzekeraars",
            sentence="Say who is insured, to whoever shows the right certificate.",
            routes=InsurersPages(insurers).routes(),
            is_well=lambda: insurers.behaviour == InsurersBehaviour(),
        ),
        Neighbour(
            at="/records",
            title="Record system",
            title_nl="huisartsinformatiesysteem",
            sentence="Opens Standvast with the patient in hand, by a signed click.",
            routes=RecordPages(records).routes(),
            is_well=lambda: records.behaviour == RecordsBehaviour(),
        ),
        Neighbour(
            at="/addresses",
            title="Address check",
            title_nl="adrescontrole",
            sentence="Says whether mail would reach an address; its contract can be changed.",
            routes=AddressPages(addresses).routes(),
            is_well=lambda: addresses.behaviour == AddressBehaviour(),
        ),
        Neighbour(
            at="/targets",
            title="Opened systems",
            title_nl="geopende systemen",
            sentence="Standvast opens them with a patient in hand: orders, diagnostics, a portal.",
            routes=TargetPages(targets).routes(),
            is_well=lambda: all(one.behaviour == TargetBehaviour() for one in targets),
            forms_at=TargetPages(targets).open_to_forms(),
        ),
    )
