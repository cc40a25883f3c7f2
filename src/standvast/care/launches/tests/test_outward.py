"""Nobody is sent to the inside, and no walk of ours asks there: by letters, name or redirect."""

import asyncio
import socket
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import httpx
import pytest

from standvast.care.launches.destinations.far_side import walk
from standvast.care.launches.destinations.outward import OutwardOnly
from standvast.care.launches.handing import Handover
from standvast.care.launches.operations.proposing import propose
from standvast.care.launches.rules.addresses import (
    TargetNotRight,
    check_address,
    is_inside,
    leads_out,
)
from standvast.care.launches.rules.contract import Fault
from standvast.care.launches.rules.targets import Contract, Kind
from standvast.care.launches.testing import a_draft
from standvast.care.launches.tests.world import world
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague

INSIDE = [
    "10.1.2.3",
    "127.0.0.2",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0",
    "0.0.0.0",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "224.0.0.1",
    "intranet",
    "db.internal",
    "printer.local",
    "x.localhost",
    "localhost.",
]
INSIDE_6 = ["[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[fd00::1]", "[fe80::1]"]


class TestAnAddress:
    @pytest.mark.parametrize("host", [*INSIDE, *INSIDE_6])
    @pytest.mark.parametrize("is_world_here", [False, True])
    def test_of_the_inside_is_refused_however_it_is_written(self, host, is_world_here):
        with pytest.raises(TargetNotRight):
            check_address(f"https://{host}/launch", is_world_here=is_world_here)

    @pytest.mark.parametrize("host", ["lab.example", "8.8.8.8", "[2001:4860:4860::8888]"])
    def test_of_the_outside_is_taken(self, host):
        check_address(f"https://{host}/launch")
        assert not is_inside(host.strip("[]"))

    def test_of_a_network_that_was_allowed_is_taken_and_no_other(self):
        networks = [ip_network("10.1.0.0/16")]

        check_address("https://10.1.2.3/launch", networks=networks)
        assert is_inside("10.2.2.3", networks)

    def test_that_it_leads_to_counts_as_itself_not_as_it_is_wrapped(self):
        assert not leads_out(ip_address("::ffff:192.168.0.1"))
        assert leads_out(ip_address("::ffff:8.8.8.8"))
        assert not leads_out(ip_address("127.0.0.1"))
        assert leads_out(ip_address("127.0.0.1"), is_world_here=True)


@pytest.mark.django_db
def test_a_target_of_the_inside_is_not_proposed(settings):
    lead = a_colleague(Role.OPERATOR_LEAD).actor
    told = {"slug": "orders", "now": datetime.now(UTC), "actor": lead}

    with pytest.raises(TargetNotRight):
        propose(draft=a_draft(address="https://10.1.2.3/launch"), **told)

    settings.LAUNCH_NETWORKS = [ip_network("10.1.2.0/24")]
    propose(draft=a_draft(address="https://10.1.2.3/launch"), **told)


@pytest.mark.enable_socket
class TestAConnection:
    @pytest.fixture
    def there(self, tmp_path):
        with world(tmp_path) as found:
            yield found

    @staticmethod
    def asked(url, **allowed):
        async def ask():
            roads = OutwardOnly(
                allowed.get("networks", ()), is_world_here=allowed.get("here", False)
            )
            async with httpx.AsyncClient(transport=roads, trust_env=False) as browser:
                return (await browser.get(url)).status_code

        return asyncio.run(ask())

    def test_to_the_inside_is_not_made(self, there):
        with pytest.raises(httpx.ConnectError):
            self.asked(f"{there.url}/targets")

        assert self.asked(f"{there.url}/targets", here=True) == 200
        assert self.asked(f"{there.url}/targets", networks=[ip_network("127.0.0.0/8")]) == 200

    def test_by_a_name_that_leads_there_is_not_made(self, there, monkeypatch):
        """The name is looked up once: what was looked at is what is connected to."""
        asked = []

        def looked_up(host, *more, **others):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

        monkeypatch.setattr(socket, "getaddrinfo", looked_up)
        port = there.url.rpartition(":")[2]

        with pytest.raises(httpx.ConnectError):
            self.asked(f"http://lab.example:{port}/targets")
        assert asked == ["lab.example"]

    def test_of_a_walk_to_a_name_that_leads_to_the_inside_is_not_made(
        self, there, monkeypatch, settings
    ):
        settings.OUTSIDE = ""
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
        port = there.url.rpartition(":")[2]
        address = f"http://lab.example:{port}/targets"
        handover = Handover("x", address, (), {}, (f"http://lab.example:{port}",))

        found = asyncio.run(walk(handover, Contract(marker="Opened systems")))

        assert found == Fault("launches.unreached")


def test_a_plain_link_to_the_inside_is_refused_as_well():
    with pytest.raises(TargetNotRight):
        check_address("https://192.168.0.1/")
    assert Kind.LINK in set(Kind)
