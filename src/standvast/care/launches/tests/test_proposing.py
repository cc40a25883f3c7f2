"""A target proves itself before people meet it, and can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from standvast.care.launches.models import Target, Version
from standvast.care.launches.operations.proposing import (
    NothingBefore,
    NotProposed,
    make_live,
    propose,
    retire,
    take_back,
    walk_version,
)
from standvast.care.launches.queries import targets as queries
from standvast.care.launches.queries.targets import (
    TargetNotFound,
    live_targets,
    newest_versions,
    retired_slugs,
    targets_for,
    versions_of,
)
from standvast.care.launches.rules.targets import NotProven, State, TargetNotRight
from standvast.care.launches.seeds import DRAFTS, is_settled, open_target
from standvast.care.launches.testing import a_draft, a_target
from standvast.care.launches.tests.world import world
from standvast.core.journal.api import recent
from standvast.project.installation import authority_folder
from standvast.project.seed import seed
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.patients.testing import BSNS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def simulated(settings):
    settings.OUTSIDE = "http://127.0.0.1:1"


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD).actor


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as found:
        yield found


def now():
    return datetime.now(UTC)


def proposed(lead, there, slug="orders", *, known=True, **other):
    asks = there.systems[slug].asks
    draft = replace(DRAFTS[slug], address=there.address(slug), audience=asks.audience, **other)
    version_id = propose(actor=lead, slug=slug, draft=draft, now=now())
    if known and (pem := versions_of(slug)[0].public_key):
        there.trusts(slug, pem)
    return version_id


class TestPropose:
    def test_is_seen_by_nobody_before_it_is_live(self, lead):
        propose(actor=lead, slug="orders", draft=a_draft(), now=NOW)

        assert live_targets() == targets_for(lead.organisation_id) == ()
        assert [one.state for one in versions_of("orders")] == [State.PROPOSED]

    def test_withdraws_the_proposal_before_and_keeps_the_key(self, lead):
        for _ in range(2):
            propose(actor=lead, slug="orders", draft=a_draft(), now=NOW)
        second, first = versions_of("orders")

        assert (first.state, second.state) == (State.WITHDRAWN, State.PROPOSED)
        assert (first.number, second.number) == (1, 2)
        assert first.public_key == second.public_key

    def test_makes_a_new_key_when_asked(self, lead):
        for with_new_key in (False, True):
            propose(actor=lead, slug="orders", draft=a_draft(), with_new_key=with_new_key, now=NOW)
        second, first = versions_of("orders")

        assert first.public_key != second.public_key

    def test_each_target_has_a_key_of_its_own_and_no_private_one_lies_open(self, lead):
        for slug in ("orders", "diagnostics"):
            propose(actor=lead, slug=slug, draft=a_draft(slug), now=NOW)

        keys = {versions_of(slug)[0].public_key for slug in ("orders", "diagnostics")}
        assert len(keys) == 2
        assert all(b"PRIVATE" not in bytes(row.sealed_key) for row in Version.objects.all())

    def test_refuses_what_nobody_can_be_sent_to(self, lead, settings):
        settings.OUTSIDE = ""
        with pytest.raises(TargetNotRight):
            propose(actor=lead, slug="orders", draft=a_draft(), now=NOW)

        assert not Target.objects.exists()

    def test_there_are_forty_at_most(self, lead, monkeypatch):
        monkeypatch.setattr("standvast.care.launches.operations.proposing.TARGETS_MAX", 1)
        propose(actor=lead, slug="one", draft=a_draft(), now=NOW)

        with pytest.raises(TargetNotRight):
            propose(actor=lead, slug="two", draft=a_draft(), now=NOW)
        propose(actor=lead, slug="one", draft=a_draft(), now=NOW)


class TestWalkVersion:
    @pytest.mark.parametrize("slug", ["orders", "diagnostics", "pharmacy-portal"])
    def test_passes_where_the_other_side_keeps_its_contract(self, lead, there, slug):
        version_id = proposed(lead, there, slug)

        assert walk_version(actor=lead, version_id=version_id, now=now()) is None
        make_live(actor=lead, version_id=version_id, now=now())

        assert [one.slug for one in live_targets()] == [slug]
        assert there.systems[slug].let_in_count == 1

    @pytest.mark.parametrize(
        ("slug", "behaviour", "code"),
        [
            ("orders", {"answers": "stranger"}, "launches.refuses"),  # the portal knows no keys
            *(
                (slug, {"answers": answers}, code)
                for slug in ("orders", "pharmacy-portal")
                for answers, code in (
                    ("fault", "launches.far_fault"),
                    ("sign-in", "launches.signs_in"),
                    ("field", "launches.refuses"),
                )
            ),
        ],
    )
    def test_says_what_is_wrong_and_nothing_goes_live(self, lead, there, slug, behaviour, code):
        version_id = proposed(lead, there, slug)
        there.behaves(slug, **behaviour)

        fault = walk_version(actor=lead, version_id=version_id, now=now())

        assert fault is not None
        assert fault.code == code
        with pytest.raises(NotProven):
            make_live(actor=lead, version_id=version_id, now=now())
        assert versions_of(slug)[0].walk_code == code

    def test_a_slow_one_is_waited_for_a_deadline_and_no_longer(self, lead, there, monkeypatch):
        monkeypatch.setattr("standvast.care.launches.destinations.far_side.DEADLINE_S", 0.3)
        version_id = proposed(lead, there)
        there.behaves("orders", delay_s=20)

        begun = now()
        fault = walk_version(actor=lead, version_id=version_id, now=now())

        assert fault is not None
        assert fault.code == "launches.late"
        assert now() - begun < timedelta(seconds=3)
        there.behaves("orders")

    def test_one_that_is_not_there_cannot_be_reached(self, lead):
        version_id = propose(actor=lead, slug="orders", draft=a_draft(), now=NOW)

        fault = walk_version(actor=lead, version_id=version_id, now=now())

        assert fault is not None
        assert fault.code == "launches.unreached"

    def test_one_that_sends_people_where_nobody_agreed_is_not_followed(self, lead, there):
        elsewhere = there.url.replace("127.0.0.1", "localhost")
        version_id = proposed(lead, there, "diagnostics")
        there.systems["diagnostics"].sends_to = elsewhere

        fault = walk_version(actor=lead, version_id=version_id, now=now())

        assert fault is not None
        assert (fault.code, fault.values) == ("launches.elsewhere", {"site": elsewhere})
        agreed = proposed(lead, there, "diagnostics", leads_to=(elsewhere,))
        assert walk_version(actor=lead, version_id=agreed, now=now()) is None

    def test_needs_a_version_that_is_proposed(self, lead):
        live = a_target(lead, now=NOW)

        with pytest.raises(NotProposed):
            walk_version(actor=lead, version_id=live.id, now=NOW)


class TestMakeLive:
    def test_asks_for_a_walk_of_the_last_quarter_of_an_hour(self, lead, there):
        version_id = proposed(lead, there)
        with pytest.raises(NotProven):
            make_live(actor=lead, version_id=version_id, now=now())
        walk_version(actor=lead, version_id=version_id, now=now())

        with pytest.raises(NotProven):
            make_live(
                actor=lead, version_id=version_id, now=now() + timedelta(minutes=15, seconds=1)
            )

    def test_replaces_the_one_before_which_can_be_taken_back(self, lead):
        first = a_target(lead, now=NOW)
        second = a_target(lead, now=NOW + timedelta(hours=1), title="Anders")
        assert [one.draft.title for one in live_targets()] == ["Anders"]

        take_back(actor=lead, slug="orders", now=NOW + timedelta(hours=2))

        assert [one.id for one in live_targets()] == [first.id]
        take_back(actor=lead, slug="orders", now=NOW + timedelta(hours=3))
        assert [one.id for one in live_targets()] == [second.id], "and forth"

    def test_nothing_is_taken_back_to_where_nothing_was(self, lead):
        a_target(lead, now=NOW)

        with pytest.raises(NothingBefore):
            take_back(actor=lead, slug="orders", now=NOW)
        with pytest.raises(TargetNotFound):
            take_back(actor=lead, slug="moon", now=NOW)

    def test_the_database_lets_no_two_be_live_and_none_without_a_walk(self, lead):
        live = a_target(lead, now=NOW)
        version_id = propose(actor=lead, slug="orders", draft=a_draft(), now=NOW)

        for change in ({"state": "live", "walked_at": NOW}, {"state": "live"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Version.objects.filter(id=version_id).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.filter(id=live.id).update(sealed_key=None)

    def test_every_act_is_written_down(self, lead):
        a_target(lead, now=NOW)
        a_target(lead, now=NOW)
        take_back(actor=lead, slug="orders", now=NOW)
        retire(actor=lead, slug="orders", now=NOW)

        said = [entry.event for entry in recent(lead.organisation_id)]
        assert said == [
            "launches.target_retired",
            "launches.target_taken_back_to",
            "launches.target_made_live",
            "launches.target_proposed",
            "launches.target_made_live",
            "launches.target_proposed",
        ]


class TestRetire:
    def test_is_offered_and_walked_no_more_until_a_version_brings_it_back(self, lead):
        a_target(lead, now=NOW)
        retire(actor=lead, slug="orders", now=NOW)

        assert live_targets() == ()
        assert retired_slugs() == {"orders"}
        assert [one.slug for one in newest_versions()] == ["orders"]

        a_target(lead, now=NOW)
        assert [one.slug for one in live_targets()] == ["orders"]
        assert retired_slugs() == frozenset()

    def test_needs_something_to_retire(self, lead):
        with pytest.raises(TargetNotFound):
            retire(actor=lead, slug="moon", now=NOW)


class TestQueries:
    def test_an_organisation_sees_its_own_and_those_for_everybody(self, lead):
        mine, other = a_colleague(Role.GP).organisation, a_colleague(Role.GP).organisation
        a_target(lead, now=NOW)
        a_target(lead, now=NOW, slug="diagnostics", organisation_ids=(str(mine.id),))

        assert [one.slug for one in targets_for(mine.id)] == ["orders", "diagnostics"]
        assert [one.slug for one in targets_for(other.id)] == ["orders"]
        with pytest.raises(TargetNotFound):
            queries.target_for(other.id, "diagnostics")
        assert queries.seen_by(["diagnostics"]) == {mine.id}
        assert queries.seen_by(["orders", "diagnostics"]) is None
        assert queries.titles_of(["diagnostics"]) == ("Regionale diagnostiek",)

    def test_the_desk_sees_the_live_version_though_a_newer_is_proposed(self, lead):
        live = a_target(lead, now=NOW)
        propose(actor=lead, slug="orders", draft=a_draft(title="Nieuw"), now=NOW)

        assert [one.id for one in newest_versions()] == [live.id]


class TestOpenTarget:
    def opened(self, lead, there, slug="orders"):
        open_target(
            slug=slug,
            address=there.address(slug),
            audience=there.systems[slug].asks.audience,
            actor=lead,
            hand_in=lambda pem: there.trusts(slug, pem),
            now=now(),
        )

    def test_brings_the_demo_up_and_changes_nothing_the_second_time(self, lead, there):
        for slug in there.systems:
            self.opened(lead, there, slug)
            self.opened(lead, there, slug)

        assert {one.slug for one in live_targets()} == set(there.systems)
        assert {one.number for one in live_targets()} == {1}

    def test_walks_again_what_was_not_well_and_proposes_it_once(self, lead, there):
        there.behaves("orders", answers="fault")
        self.opened(lead, there)
        self.opened(lead, there)
        assert not live_targets()

        there.behaves("orders")
        self.opened(lead, there)

        assert [one.number for one in live_targets()] == [1]

    def test_leaves_alone_what_somebody_took_out_of_use(self, lead, there):
        self.opened(lead, there)
        address = there.address("orders")
        assert is_settled("orders", address)
        assert not is_settled("orders", f"{address}/elsewhere")
        assert not is_settled("diagnostics", address)

        retire(actor=lead, slug="orders", now=now())

        assert is_settled("orders", f"{address}/elsewhere")

    def test_follows_a_world_that_moved(self, lead, there, tmp_path):
        self.opened(lead, there)
        with world(tmp_path) as elsewhere:
            self.opened(lead, elsewhere)

            assert [one.draft.address for one in live_targets()] == [elsewhere.address("orders")]

    def test_a_later_start_follows_what_is_in_use_as_it_was_left(self, lead, settings, tmp_path):
        settings.VAR = tmp_path
        folder = authority_folder(tmp_path)
        folder.mkdir(parents=True)
        with world(folder) as before:
            for slug in ("orders", "diagnostics"):
                self.opened(lead, before, slug)
            retire(actor=lead, slug="diagnostics", now=now())
            version_id = proposed(lead, before, title="Anders genoemd")
            assert walk_version(actor=lead, version_id=version_id, now=now()) is None
            make_live(actor=lead, version_id=version_id, now=now())

        with world(folder) as after:
            settings.OUTSIDE = after.url
            seed(practices_count=1, opens_in_s=1, say=lambda _: None)

            [found] = live_targets()
            assert (found.slug, found.draft.title) == ("orders", "Anders genoemd")
            assert found.draft.address == after.address("orders")

    def test_leaves_what_fails_its_walk_where_nobody_meets_it(self, lead, there):
        there.behaves("orders", answers="fault")

        self.opened(lead, there)

        assert live_targets() == ()

    def test_bsns_are_not_among_what_a_walk_hands_over(self, lead, there):
        version_id = proposed(lead, there)
        walk_version(actor=lead, version_id=version_id, now=now())

        assert not any(number in str(there.systems["orders"]._opened) for number in BSNS)
