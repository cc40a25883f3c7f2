"""The walks go through the same doors as people; each sees the fault of its own kind of name."""

import asyncio
from datetime import UTC, datetime

import pytest

from standvast.core.health.api import ProbeContext, Verdict, in_thread
from standvast.kit.wiring import rewired
from standvast.outside.addresses.behaviour import Behaviour, Whom
from standvast.outside.addresses.pages import AddressPages
from standvast.outside.addresses.supplier import Supplier
from standvast.outside.insurers.tests.world import free_port
from standvast.outside.site import Neighbour, site
from standvast.registry.access.queries import memberships_of
from standvast.registry.people import backends, operations
from standvast.registry.people.contributions import RESET_HINDRANCE, Hindrance
from standvast.registry.people.models import Person
from standvast.registry.people.probes import RESET_WALKERS, WALK_EVERY_S, probes_of_people
from standvast.registry.people.queries import person_by_login_name
from standvast.registry.people.synthetic import EMAIL_ADDRESS, USER_NAME
from standvast.web.http import HttpServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
WALKS = ("sign-in", "second-factor", "reset")


@pytest.fixture
def probes(live_server, settings):
    settings.ADDRESS = live_server.url
    return {(p.target, p.variant): p for p in probes_of_people(has_supplier=True)}


async def look(probe):
    return await probe.run(ProbeContext(now=datetime.now(UTC), deadline_s=10))


class TestWalks:
    @pytest.mark.parametrize("variant", [USER_NAME, EMAIL_ADDRESS])
    @pytest.mark.parametrize("walk", WALKS)
    async def test_are_green_again_and_again(self, probes, walk, variant):
        seen = [await look(probes[walk, variant]) for _ in range(2)]

        assert [(one.verdict, one.values) for one in seen] == [(Verdict.GREEN, {})] * 2

    async def test_walk_as_people_who_work_nowhere(self, probes):
        for walk in WALKS:
            await look(probes[walk, USER_NAME])

        def where():
            return [memberships_of(one.id) for one in Person.objects.all()]

        assert await in_thread(where, name="test") == [(), (), ()]

    @pytest.mark.parametrize(
        ("walk", "module", "step"),
        [("reset", operations, "mail"), ("sign-in", backends, "sign in")],
    )
    async def test_a_fault_of_one_kind_of_name_is_red_there_alone(
        self, probes, monkeypatch, walk, module, step
    ):
        """Report 001, as it was: whoever signs in with an e-mail address is not known."""
        for variant in (USER_NAME, EMAIL_ADDRESS):
            await look(probes[walk, variant])

        def stricter(name):
            return None if "@" in name else person_by_login_name(name)

        monkeypatch.setattr(module, "person_by_login_name", stricter)
        by_name, by_mail = [
            await look(probes[walk, variant]) for variant in (USER_NAME, EMAIL_ADDRESS)
        ]

        assert by_name.verdict is Verdict.GREEN
        assert (by_mail.verdict, by_mail.values["step"]) == (Verdict.RED, step)

    async def test_a_mail_without_a_link_is_red(self, probes, monkeypatch):
        probe = probes["reset", USER_NAME]
        monkeypatch.setattr("standvast.registry.people.links.reset_link", lambda _: "")

        seen = await look(probe)

        assert (seen.verdict, seen.values["reason"]) == (Verdict.RED, "no_link")

    async def test_a_new_password_closed_by_the_desk_is_neither_red_nor_green(self, probes):
        with rewired(RESET_HINDRANCE.filled(lambda _: Hindrance(True, "Even dicht."))):
            seen = await look(probes["reset", USER_NAME])

        assert seen.verdict is Verdict.UNKNOWN

    async def test_nobody_asks_more_often_than_people_may(self):
        """Five in five minutes for one name: whoever takes turns stays under it."""
        assert RESET_WALKERS * WALK_EVERY_S > 300 / 5


@pytest.fixture
async def supplier(settings):
    kept, port = Supplier(), free_port()
    neighbour = Neighbour("/addresses", "", "", "", AddressPages(kept).routes(), lambda: True)
    server = HttpServer(site([neighbour]), address="127.0.0.1", port=port)
    serving = asyncio.ensure_future(server.serve())
    settings.ADDRESS_CHECK_URL = f"http://127.0.0.1:{port}/addresses/check"
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.02)
    yield kept
    server.stop()
    await asyncio.wait({serving}, timeout=5)


class TestSupplier:
    async def seen(self, probes):
        edge = "reset>address-check"
        return [
            await look(probes[edge, USER_NAME]),
            await look(probes[edge, EMAIL_ADDRESS]),
            await look(probes["address-check", ""]),
        ]

    async def test_is_green_while_it_keeps_to_the_contract(self, probes, supplier):
        assert {one.verdict for one in await self.seen(probes)} == {Verdict.GREEN}

    @pytest.mark.parametrize(
        ("behaviour", "reason"),
        [
            (Behaviour(renames=Whom.LOGINS), "people.check_not_as_agreed"),
            (Behaviour(doubts=Whom.LOGINS), "people.sound_address_doubted"),
        ],
    )
    async def test_a_change_for_login_names_is_red_there_alone(
        self, probes, supplier, behaviour, reason
    ):
        supplier.behaviour = behaviour

        by_name, by_mail, whole = await self.seen(probes)

        assert (by_name.verdict, whole.verdict) == (Verdict.GREEN, Verdict.GREEN)
        assert (by_mail.verdict, by_mail.values["reason"]) == (Verdict.RED, reason)

    async def test_away_is_red_and_a_new_password_is_chosen_all_the_same(self, probes, supplier):
        supplier.behaviour = Behaviour(is_away=True)

        assert {one.verdict for one in await self.seen(probes)} == {Verdict.RED}
        for variant in (USER_NAME, EMAIL_ADDRESS):
            assert (await look(probes["reset", variant])).verdict is Verdict.GREEN

    async def test_slow_is_red(self, probes, supplier, monkeypatch):
        monkeypatch.setattr("standvast.registry.people.destinations.addresses.TIMEOUT_S", 0.1)
        supplier.behaviour = Behaviour(answer_delay_s=1)

        assert {one.values["reason"] for one in await self.seen(probes)} == {
            "people.check_timed_out"
        }
