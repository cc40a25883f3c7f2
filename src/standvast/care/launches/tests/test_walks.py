"""The walks out: over our own page and theirs, each a variant of its own."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client

from standvast.care.launches.destinations import own_page
from standvast.care.launches.destinations.own_page import Form, Visit
from standvast.care.launches.models import Version
from standvast.care.launches.operations.proposing import make_live, propose, retire
from standvast.care.launches.queries.targets import versions_of
from standvast.care.launches.seeds import DRAFTS
from standvast.care.launches.testing import a_target, walked
from standvast.care.launches.tests.world import world
from standvast.care.launches.walks import walks_out
from standvast.core.health.api import WALK, ProbeContext, Shown, in_thread
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Browser:
    """A visitor whose pages are Django's own, without a socket between."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.posts: list[str] = []

    async def arrives(self):
        self.client = Client(enforce_csrf_checks=True)

    def cookie(self, name):
        return self.client.cookies[name].value if name in self.client.cookies else ""

    async def post(self, path, fields):
        self.posts.append(path)
        return await in_thread(lambda: self._post(path, dict(fields)), name="test")

    def _post(self, path, fields):
        answer = self.client.post(path, fields)
        if not self.cookie("standvast_csrf"):
            self.client.get("/accounts/login/")
        return Shown(answer.status_code, answer.headers.get("Location", ""), answer.text)


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD).actor


@pytest.fixture
def there(tmp_path, settings):
    with world(tmp_path) as found:
        settings.OUTSIDE = found.url
        yield found


@pytest.fixture
def visit(monkeypatch):
    made = Visit()
    made._visitor, made._spare = Browser(), Browser()
    monkeypatch.setattr(own_page, "VISIT", made)
    return made


@pytest.fixture
def live(lead, there):
    for slug, system in there.systems.items():
        draft = replace(DRAFTS[slug], address=there.address(slug), audience=system.asks.audience)
        version_id = propose(actor=lead, slug=slug, draft=draft, now=NOW)
        if pem := versions_of(slug)[0].public_key:
            there.trusts(slug, pem)
        Version.objects.filter(id=version_id).update(walked_at=NOW)
        make_live(actor=lead, version_id=version_id, now=NOW)


def looked():
    async def look():
        own_page.VISIT._arriving = asyncio.Lock()  # each look here has a loop of its own
        context = ProbeContext(datetime.now(UTC), 9.0)
        probes = await in_thread(walks_out, name="test")
        seen = await asyncio.gather(*(probe.run(context) for probe in probes))
        return {probe.variant: one.code for probe, one in zip(probes, seen, strict=True)}

    return asyncio.run(look())


WELL = {"orders": "", "diagnostics": "", "pharmacy-portal": ""}


class TestWalksOut:
    def test_is_one_for_each_that_is_live_and_finds_a_fault_within_a_minute(self, live, lead):
        found = walks_out()

        assert {probe.variant for probe in found} == WELL.keys()
        assert {probe.target for probe in found} == {"launches"}
        assert {probe.kind for probe in found} == {WALK}
        for probe in found:
            assert (probe.interval_s + probe.deadline_s) * probe.red_after <= 60
        retire(actor=lead, slug="orders", now=NOW)
        assert "orders" not in {probe.variant for probe in walks_out()}

    def test_hands_somebody_made_up_over_as_people_are(self, live, there, visit):
        assert looked() == WELL
        assert looked() == WELL

        arrivals = [path for path in visit._visitor.posts if path == "/launch/"]
        assert len(arrivals) == 1, "a visit serves every walk"
        assert there.systems["orders"].let_in_count == 2

    @pytest.mark.parametrize(
        ("behaviour", "code"),
        [
            ({"answers": "stranger"}, "launches.refuses"),
            ({"answers": "fault"}, "launches.far_fault"),
            ({"answers": "sign-in"}, "launches.signs_in"),
            ({"answers": "field"}, "launches.refuses"),
        ],
    )
    def test_says_what_is_wrong_with_one_alone_and_heals(self, live, there, visit, behaviour, code):
        there.behaves("orders", **behaviour)
        assert looked() == WELL | {"orders": code}

        there.behaves("orders")
        assert looked() == WELL

    def test_one_that_stands_red_is_walked_all_the_same_or_it_would_stay_so(self, live, visit):
        walked("orders", now=datetime.now(UTC), code="launches.signs_in")

        assert looked() == WELL

    def test_a_slow_one_slows_no_other(self, live, there, visit, monkeypatch):
        monkeypatch.setattr("standvast.care.launches.destinations.far_side.DEADLINE_S", 1.0)
        there.behaves("orders", delay_s=20)

        assert looked() == WELL | {"orders": "launches.late"}

    def test_our_own_page_is_walked_as_well(self, live, visit, monkeypatch):
        monkeypatch.setattr("standvast.care.launches.pages.going.let_forms_go", _broken)

        assert set(looked().values()) == {"launches.own_page"}

    def test_a_visit_that_is_over_is_begun_anew(self, live, visit):
        looked()
        visit._visitor.client.cookies.clear()

        assert looked() == WELL

    def test_walks_a_system_that_only_some_see(self, lead, there, visit):
        a_target(lead, now=NOW, organisation_ids=(str(a_colleague(Role.GP).organisation.id),))

        assert looked() == {"orders": "launches.unreached"}


def _broken(answer, sites):
    answer.status_code = 409
    return answer


class TestForm:
    def test_reads_what_the_page_hands_over_and_nothing_else(self):
        form = Form()
        form.feed(
            '<form action="/search"><input name="q"></form>'
            '<form method="post" action="https://a.example/?x=1&amp;y=2" data-go>'
            '<input type="hidden" name="t" value="1 &lt; 2"><input name=""></form>'
            '<input name="other" value="x">'
        )

        assert form.address == "https://a.example/?x=1&y=2"
        assert form.fields == [("t", "1 < 2")]
