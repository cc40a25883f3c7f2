"""The walk to an app: over our own page, theirs, our own door, and back; each half can break."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from standvast.care.launches.destinations import own_page
from standvast.care.launches.destinations.own_page import Visit
from standvast.care.launches.operations.proposing import make_live, propose, walk_version
from standvast.care.launches.seeds import DRAFTS
from standvast.care.launches.tests.world import world
from standvast.care.launches.walks import walks_out
from standvast.core.health.api import ProbeContext, in_thread
from standvast.outside.apps.keys import key_set
from standvast.outside.apps.system import ALL as APPS
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.grants.api import AppData, Proof, app_named, app_rows, change_app, set_open
from standvast.registry.grants.seeds import a_demo_app

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
WELL = {"growth-chart": "", "duty-roster": ""}


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD).actor


@pytest.fixture
def served(live_server, settings):
    settings.ADDRESS = live_server.url.replace("localhost", "127.0.0.1")
    return settings.ADDRESS


@pytest.fixture
def there(tmp_path, settings, served):
    with world(tmp_path, standvast=served) as found:
        settings.OUTSIDE = found.url
        yield found


def data_of(there, asks, **other):
    at = f"{there.url}/apps/{asks.slug}"
    told = {
        "title": asks.title,
        "supplier": "Voorbeeld BV",
        "telephone": "",
        "proof": Proof.KEY,
        "redirects": (f"{at}/callback",),
        "scopes": asks.scope,
        "launch_url": f"{at}/start",
        "keys": key_set(there.folder, asks.slug),
    }
    return AppData(**{**told, **other})


@pytest.fixture
def proposed(lead, there):
    found = {}
    for asks in APPS:
        a_demo_app(
            actor=lead,
            client_id=asks.slug,
            data=data_of(there, asks),
            organisation_ids=(),
            now=datetime.now(UTC),
        )
        draft = replace(DRAFTS[asks.slug], address=f"{there.url}/apps/{asks.slug}/start")
        found[asks.slug] = propose(actor=lead, slug=asks.slug, draft=draft, now=datetime.now(UTC))
    return found


@pytest.fixture
def live(lead, proposed, monkeypatch):
    monkeypatch.setattr(own_page, "VISIT", Visit())
    for version_id in proposed.values():
        assert walk_version(actor=lead, version_id=version_id, now=datetime.now(UTC)) is None
        make_live(actor=lead, version_id=version_id, now=datetime.now(UTC))


def looked():
    own_page.VISIT = Visit()  # each look here has a loop of its own

    async def look():
        context = ProbeContext(datetime.now(UTC), 9.0)
        probes = await in_thread(walks_out, name="test")
        seen = await asyncio.gather(*(probe.run(context) for probe in probes))
        return {probe.variant: one.code for probe, one in zip(probes, seen, strict=True)}

    return asyncio.run(look())


class TestAVersion:
    def test_is_walked_as_people_come_before_it_is_live(self, proposed, lead, there):
        for version_id in proposed.values():
            assert walk_version(actor=lead, version_id=version_id, now=datetime.now(UTC)) is None

        assert {app.let_in_count for app in there.apps.values()} == {1}

    def test_does_not_pass_while_our_own_pages_are_not_served(self, proposed, lead, settings):
        settings.ADDRESS = "http://127.0.0.1:1"

        fault = walk_version(actor=lead, version_id=proposed["growth-chart"], now=datetime.now(UTC))

        assert fault.code == "launches.own_page"


class TestTheWalk:
    def test_goes_there_and_back_again_and_again(self, live, there):
        assert looked() == WELL
        assert looked() == WELL

        assert there.apps["growth-chart"].let_in_count == 3

    @pytest.mark.parametrize(
        ("behaviour", "code"),
        [
            ({"answers": "stranger"}, "launches.refuses"),
            ({"answers": "fault"}, "launches.far_fault"),
            ({"answers": "sign-in"}, "launches.signs_in"),
        ],
    )
    def test_says_what_is_wrong_with_one_alone_and_heals(self, live, there, behaviour, code):
        there.app_behaves("growth-chart", **behaviour)
        assert looked() == WELL | {"growth-chart": code}

        there.app_behaves("growth-chart")
        assert looked() == WELL

    def test_finds_an_app_that_was_closed(self, live, there, lead):
        set_open(
            actor=lead,
            app_id=app_named("duty-roster").id,
            is_open=False,
            now=datetime.now(UTC),
        )

        assert looked() == WELL | {"duty-roster": "launches.own_page"}

    def test_finds_an_app_that_may_not_read_what_it_shows_any_more(self, live, there, lead):
        known = app_named("growth-chart")
        data = data_of(there, APPS[0], scopes="openid fhirUser launch")
        change_app(actor=lead, app_id=known.id, data=data, now=datetime.now(UTC))

        assert looked() == WELL | {"growth-chart": "launches.refuses"}

    def test_finds_an_address_to_come_back_to_that_is_not_registered(self, live, there, lead):
        known = app_named("growth-chart")
        data = data_of(there, APPS[0], redirects=("https://elsewhere.example/callback",))
        change_app(actor=lead, app_id=known.id, data=data, now=datetime.now(UTC))

        assert looked() == WELL | {"growth-chart": "launches.own_page"}

    def test_is_seen_by_nobody_at_the_desk(self, live, there):
        looked()

        rows = {row.app.client_id: row for row in app_rows()}
        assert rows["growth-chart"].uses_count == 0
        assert rows["growth-chart"].given_count == 0
