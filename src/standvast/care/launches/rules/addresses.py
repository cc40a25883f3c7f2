"""Where people may be sent, and our own walk with them: outward, never to the inside. Pure.

A walk asks from where we stand. An address of the inside would let whoever adds a system ask there
in our name, so it is refused by its letters here, and by where it leads at each connection.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
"""Networks of the inside to which launches may lead all the same: a setting."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PORT_MAX = 65_535
_INSIDE = (".internal", ".intranet", ".lan", ".local", ".localhost", ".home.arpa")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)


class TargetNotRight(Invalid):
    """What was handed in cannot be a target."""

    code = "launches.target_not_right"


def check_address(address: str, *, is_world_here: bool = False, networks: Networks = ()) -> None:
    """Pass if people may be sent there: over TLS and outward, or to the simulated world here.

    :raises TargetNotRight: if not.
    """
    refusal = TargetNotRight(
        marked("This is no address to send people to: {address}. Write https://…"),
        address=address[:80],
    )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise refusal from None
    host = parts.hostname or ""
    is_here = host in LOOPBACK
    is_safe = is_world_here and parts.scheme == "http" if is_here else parts.scheme == "https"
    plain = not (parts.username or parts.password or parts.fragment)
    named = bool(host) and re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc) is not None
    if not (is_safe and plain and named and (port is None or 0 < port <= PORT_MAX)):
        raise refusal
    if re.search(r"[\s\"'<>;,]", address):
        raise refusal
    if not is_here and is_inside(host, networks):
        raise TargetNotRight(
            marked("{address} leads to the inside. Who runs the installation can allow a network."),
            address=address[:80],
        )


def is_inside(host: str, networks: Networks = ()) -> bool:
    """Whether a host, by its letters alone, is on the inside, or is a number in disguise."""
    try:
        return not leads_out(ip_address(host), networks)
    except ValueError:
        name = host.rstrip(".").lower()
    last = name.rpartition(".")[2]
    return "." not in name or name.endswith(_INSIDE) or _NUMBER.fullmatch(last) is not None


def leads_out(address: Address, networks: Networks = (), *, is_world_here: bool = False) -> bool:
    """Whether a connection may be made to this address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in networks):
        return True
    if address.is_loopback:
        return is_world_here
    return address.is_global and not address.is_multicast


def site_of(address: str) -> str:
    """Return the site of an address: its scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
