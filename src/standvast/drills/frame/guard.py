"""A drill harms on purpose: it does not start while anything points off this machine."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

HERE = frozenset({"", "localhost"})


class PointsElsewhere(Exception):
    """A setting of the installation names another machine."""


def is_here(host: str) -> bool:
    """Whether a host name or address is this machine; a socket's folder is."""
    if host in HERE or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def elsewhere(environment: Mapping[str, str]) -> list[str]:
    """Return the names of settings that point off this machine, sorted.

    Looked at are the database, every `STANDVAST_*_HOST`, and every `STANDVAST_*` whose value
    has an address in it, comma-separated ones included.
    """
    found = {
        name
        for name, value in environment.items()
        if name.startswith("STANDVAST_") and not all(map(is_here, _hosts(name, value)))
    }
    if not all(is_here(host) for host in _database_hosts(environment.get("DATABASE_URL", ""))):
        found.add("DATABASE_URL")
    return sorted(found)


def _hosts(name: str, value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",")]
    hosts = [urlsplit(part).hostname or "?" for part in parts if "://" in part]
    if name.endswith("_HOST"):
        hosts += [part for part in parts if "://" not in part]
    return hosts


def _database_hosts(address: str) -> list[str]:
    try:
        parts = conninfo_to_dict(address)
    except ProgrammingError:
        return ["?"]
    named = [str(parts.get(key) or "") for key in ("host", "hostaddr")]
    return [host for value in named for host in value.split(",")]


def check_all_here(environment: Mapping[str, str]) -> None:
    """Pass an installation that reaches nobody.

    :raises PointsElsewhere: naming the settings, or saying that it is no drill's installation.
    """
    if wrong := elsewhere(environment):
        raise PointsElsewhere(f"A drill stays on this machine, but see: {', '.join(wrong)}.")
    if environment.get("STANDVAST_DRILL") != "1":
        raise PointsElsewhere("This is not a drill's installation (STANDVAST_DRILL).")
