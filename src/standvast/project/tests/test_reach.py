"""Whom an incident is told to and who is called back, as the whole is wired."""

from datetime import UTC, datetime, timedelta

import pytest

from standvast.care.campaigns.models import Season
from standvast.care.campaigns.testing import a_season, an_order, day_dates, invite
from standvast.care.launches.operations.going import go
from standvast.care.launches.testing import a_target
from standvast.core.lobby.testing import crowd, lobby_at
from standvast.desk.incidents.api import incident_view, open_incident, start_round
from standvast.desk.incidents.models import Callback, Incident
from standvast.desk.incidents.operations import telling
from standvast.desk.incidents.slots import Usage, name_of, reach_of, usage_of
from standvast.desk.status import board as board_file
from standvast.desk.status.api import notices_for, public_notices
from standvast.desk.status.models import Notice
from standvast.project.reach import everybody
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.organisations.api import Kind
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db
MONDAY_10H = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_board(monkeypatch, settings, tmp_path):
    settings.VAR = tmp_path
    monkeypatch.setattr(board_file, "_board", None)


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD)


@pytest.fixture
def season():
    return a_season(now=MONDAY_10H)


@pytest.fixture
def gp(season):
    found = a_colleague(Role.GP)
    invite(season, found.organisation)
    return found


def open_on(component, lead, *, now=MONDAY_10H):
    return open_incident(component=component, whole_red=True, actor=lead.actor, now=now)


def reads(somebody) -> bool:
    return bool(notices_for(somebody.actor, MONDAY_10H + timedelta(seconds=1)))


def called(component, lead, *, now=MONDAY_10H) -> list[str]:
    key = open_on(component, lead, now=now)
    start_round(incident_id=key.id, actor=lead.actor, now=now)
    rows = Callback.objects.filter(incident_id=key.id).order_by("place")
    return list(rows.values_list("organisation_name", flat=True))


class TestNotice:
    @pytest.mark.parametrize("component", ["ordering", "confirmation-mail", "lobby"])
    def test_goes_to_who_orders_and_to_nobody_else(self, component, lead, gp):
        nurse = a_colleague(Role.CARE_MANAGER)
        office = a_colleague(Role.OFFICE)

        open_on(component, lead)

        assert reads(gp)
        assert reads(office), "who leads the season knows"
        assert not reads(nurse)
        assert not public_notices(MONDAY_10H + timedelta(seconds=1))

    def test_of_what_everybody_uses_is_read_at_the_door_as_well(self, lead, gp):
        open_on("sign-in", lead)

        assert reads(gp)
        assert reads(a_colleague(Role.CARE_MANAGER))
        assert public_notices(MONDAY_10H + timedelta(seconds=1))

    def test_goes_to_all_where_nobody_knows_whom(self, lead, gp, monkeypatch):
        monkeypatch.setattr(telling, "reach_of", lambda *_: None)

        open_on("ordering", lead)

        assert Notice.objects.get().for_all

    def test_goes_to_all_where_more_are_served_than_can_be_named(self, lead, gp, monkeypatch):
        monkeypatch.setattr(telling, "NAMED_MAX", 0)

        open_on("ordering", lead)

        assert Notice.objects.get().for_all

    def test_is_not_put_up_where_nobody_is_served(self, lead):
        key = open_on("ordering", lead)

        assert not Notice.objects.exists()
        view = incident_view(key.number, MONDAY_10H)
        assert view.told_at == MONDAY_10H, "the public page says it all the same"
        assert any("nobody uses this now" in e.texts.get("en", "") for e in view.entries)

    def test_reads_a_country_in_a_few_questions(self, lead, season, django_assert_max_num_queries):
        organisations = [an_organisation() for _ in range(30)]
        invite(season, *organisations)

        with django_assert_max_num_queries(8):
            served = reach_of("ordering", (), MONDAY_10H)

        assert len(served.rows) == 30


class TestServed:
    def test_ends_with_the_season_but_for_who_waits_for_a_delivery(self, lead, season, gp):
        waits = an_organisation()
        invite(season, waits)
        an_order(season, waits, day_dates(season.id)[0])
        Season.objects.filter(id=season.id).update(state="closed")

        rows = reach_of("ordering", (), MONDAY_10H).rows
        later = reach_of("ordering", (), MONDAY_10H + timedelta(days=200)).rows

        assert {row.organisation_id for row in rows} == {waits.id}
        assert later == ()

    def test_are_affected_who_had_a_place_a_hold_or_an_order_in_thirty_days(self, season):
        idle, queued, held, ordered = (an_organisation(name=n) for n in ("i", "q", "h", "o"))
        invite(season, idle, queued, held, ordered)
        Season.objects.filter(id=season.id).update(lobby="night")
        crowd(
            lobby_at(MONDAY_10H + timedelta(hours=1)),
            organisation_ids=[queued.id],
            joined_at=MONDAY_10H - timedelta(minutes=5),
            drawn=False,
        )
        first, second, _ = day_dates(season.id)
        an_order(season, held, first, state="held")
        an_order(season, ordered, second)

        rows = reach_of("ordering", (), MONDAY_10H + timedelta(days=29)).rows
        later = reach_of("ordering", (), MONDAY_10H + timedelta(days=31)).rows

        assert {row.name for row in rows if row.affected} == {"q", "h", "o"}
        assert not any(row.affected for row in later)

    def test_are_not_known_for_a_component_that_nobody_brought(self):
        assert reach_of("moon", (), MONDAY_10H) is None
        assert everybody("couriers", (), MONDAY_10H) is None

    def test_by_everything_are_all_at_work_affected_if_somebody_signed_in(self, lead, gp):
        gp.person.last_login = MONDAY_10H - timedelta(days=2)
        gp.person.save(update_fields=["last_login"])
        an_organisation(name="gone", is_active=False)

        rows = {row.organisation_id: row for row in everybody("sign-in", (), MONDAY_10H).rows}

        assert rows.keys() == {lead.organisation.id, gp.organisation.id}
        assert rows[gp.organisation.id].affected
        assert not rows[lead.organisation.id].affected


class TestCallbackRound:
    @pytest.fixture(autouse=True)
    def used(self, season):
        kinds = {"practice": Kind.PRACTICE, "pharmacy": Kind.PHARMACY, "post": Kind.POST}
        organisations = [an_organisation(kind=kind, name=name) for name, kind in kinds.items()]
        invite(season, *organisations)
        for organisation, on in zip(organisations, day_dates(season.id), strict=True):
            an_order(season, organisation, on)

    def test_lists_who_is_open_now_soonest_closing_first(self, lead):
        assert called("ordering", lead) == ["practice", "pharmacy"]

    def test_is_asked_again_each_time(self, lead):
        key = open_on("ordering", lead)
        found = {}

        for hour in (10, 15, 16, 17):
            now = MONDAY_10H.replace(hour=hour)
            start_round(incident_id=key.id, actor=lead.actor, now=now)
            rows = Incident.objects.get(id=key.id).callbacks.order_by("-round", "place")
            last = rows[0].round
            found[hour] = [row.organisation_name for row in rows if row.round == last]

        assert found[10] == ["practice", "pharmacy"]
        assert found[15] == ["practice", "pharmacy", "post"], "its shift begins within the hour"
        assert found[16] == ["pharmacy", "post"], "17:00 in Amsterdam: closing is half open"
        assert found[17] == ["post"]

    def test_gives_the_telephone_of_the_organisation_else_its_mail_box(self, lead):
        from standvast.registry.organisations.models import Organisation

        Organisation.objects.filter(name="practice").update(telephone="085 000 0001")
        called("ordering", lead)

        contacts = dict(Callback.objects.values_list("organisation_name", "contact"))
        assert contacts["practice"] == "085 000 0001"
        assert contacts["pharmacy"].endswith(".example")

    def test_is_empty_for_a_component_that_nobody_brought(self, lead):
        assert called("couriers", lead) == []


class TestLaunches:
    @pytest.fixture
    def users(self, lead, settings):
        settings.OUTSIDE = "http://127.0.0.1:1"
        used, idle = a_colleague(Role.GP), a_colleague(Role.GP)
        only = (str(used.organisation.id),)
        a_target(lead.actor, now=MONDAY_10H)
        a_target(lead.actor, now=MONDAY_10H, slug="diagnostics", organisation_ids=only)
        patient_id = a_patient(used.actor, MONDAY_10H).patient_id
        go(actor=used.actor, slug="diagnostics", patient_id=patient_id, anyway=False,
           now=MONDAY_10H)  # fmt: skip
        return used, idle

    def test_one_system_is_told_to_those_who_see_it_and_affects_those_who_used_it(self, users):
        used, idle = users

        both = {r.organisation_id: r.affected for r in reach_of(*self.of("orders")).rows}
        one = {r.organisation_id: r.affected for r in reach_of(*self.of("diagnostics")).rows}

        assert both == {used.organisation.id: False, idle.organisation.id: False}
        assert one == {used.organisation.id: True}

    def test_clicking_through_as_a_whole_affects_all_who_see_patients(self, users):
        rows = reach_of(*self.of()).rows

        assert {row.affected for row in rows} == {True}
        assert len(rows) == 2

    def test_its_share_is_of_those_who_click_through_at_all(self, users):
        assert usage_of(*self.of("diagnostics")) == Usage(1.0, 1)
        assert usage_of(*self.of("orders")) == Usage(0.0, 0)
        assert usage_of(*self.of()) == Usage(), "nobody's share of everything"

    def test_nothing_is_known_before_anybody_clicked(self, lead):
        assert usage_of(*self.of("orders")) == Usage()
        assert usage_of("mail", ("lane",), MONDAY_10H) == Usage()

    def test_is_called_by_its_own_name(self, users):
        assert name_of("launches", ["diagnostics"]) == "Regionale diagnostiek"
        assert name_of("launches", []) == name_of("mail", ["lane"]) == ""

    def of(self, *variants):
        return "launches", variants, MONDAY_10H
