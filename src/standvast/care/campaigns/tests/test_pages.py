"""The pages: happy, refused, not mine; each renders in each language."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from standvast.care.campaigns.models import Day, Order, Season
from standvast.care.campaigns.testing import a_season, an_order, counts_wrong, day_dates, invite
from standvast.core.groupcommit.kept import DURABLE
from standvast.core.lobby.api import place_view
from standvast.core.lobby.operations.rows import run
from standvast.core.lobby.testing import crowd, let_everyone_in, lobby_at
from standvast.database.api import database_now
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def season(gp):
    season = a_season(now=database_now(), doses_max=300)
    invite(season, gp.organisation)
    return season


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


@pytest.fixture
def office():
    return signed_in_client(a_colleague(Role.OFFICE))


@pytest.fixture
def ordered(gp, season):
    return an_order(season, gp.organisation, day_dates(season.id)[0], doses=100)


class TestPractice:
    def test_sees_seasons_and_its_orders(self, client, ordered):
        answer = client.get("/campaigns/")

        assert answer.status_code == 200
        assert "flu-test" in answer.content.decode()

    @pytest.mark.parametrize(("minutes", "waits"), [(1, True), (11, False)])
    @pytest.mark.parametrize("page", ["", "flu-test/", "flu-test/order/print"])
    def test_is_told_of_a_young_order_when_it_is_on_disk(
        self, client, ordered, page, minutes, waits
    ):
        at = timezone.now() - timedelta(minutes=minutes)
        Order.objects.update(hold_taken_at=at, confirmed_at=at)

        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/campaigns/{page}").status_code == 200

        assert any(DURABLE in one["sql"] for one in asked) is waits

    def test_sees_nothing_when_there_is_nothing(self, client):
        assert client.get("/campaigns/").status_code == 200

    def test_orders_from_a_calendar_that_works_without_scripts(self, client, season):
        text = client.get("/campaigns/flu-test/").content.decode()

        assert 'type="radio"' in text
        assert 'action="/campaigns/flu-test/hold"' in text

    @pytest.mark.parametrize("hours", [-2, 1, 3])
    def test_counts_down_before_the_opening(self, client, season, hours):
        now = database_now()
        Season.objects.update(
            doors_at=now + timedelta(hours=hours - 1), opens_at=now + timedelta(hours=3)
        )

        text = client.get("/campaigns/flu-test/").content.decode()

        assert "data-until" in text
        assert 'name="doses"' not in text

    def test_sees_its_hold_with_the_time_left(self, client, gp, season):
        an_order(
            season, gp.organisation, day_dates(season.id)[0], state="held", given_back_ms=4_000
        )

        text = client.get("/campaigns/flu-test/").content.decode()

        assert "/confirm" in text
        assert "data-until" in text

    def test_sees_the_order_its_print_and_its_calendar_file(self, client, ordered):
        assert client.get("/campaigns/flu-test/").status_code == 200
        assert client.get("/campaigns/flu-test/order/print").status_code == 200
        assert client.get("/campaigns/flu-test/order/receipt").status_code == 200
        file = client.get("/campaigns/flu-test/order/delivery.ics")
        assert b"BEGIN:VEVENT" in file.content

    def test_changes_its_order(self, client, season, ordered):
        other = day_dates(season.id)[1]
        assert client.get("/campaigns/flu-test/order/change").status_code == 200

        answer = client.post(
            "/campaigns/flu-test/order/change", {"on": other, "doses": 200, "version": 1}
        )

        assert answer.status_code == 303
        ordered.refresh_from_db()
        assert (ordered.day.on, ordered.doses, ordered.version) == (other, 200, 2)
        assert counts_wrong(season.id) == []
        assert client.get("/campaigns/flu-test/").status_code == 200

    def test_keeps_the_old_place_when_the_new_one_is_full(self, client, season, ordered):
        Day.objects.filter(on=day_dates(season.id)[1]).update(doses_max=50)

        answer = client.post(
            "/campaigns/flu-test/order/change",
            {"on": day_dates(season.id)[1], "doses": 100, "version": 1},
        )

        assert answer.status_code == 409
        ordered.refresh_from_db()
        assert (ordered.day.on, ordered.version) == (day_dates(season.id)[0], 1)
        assert counts_wrong(season.id) == []

    @pytest.mark.parametrize(
        ("changed", "status"),
        [
            ({"doses": 0}, 409),
            ({"doses": 15}, 409),
            ({"doses": 10**9}, 409),
            ({"doses": "x"}, 422),
            ({"on": "2020-01-01"}, 409),
            ({"version": 7}, 409),
        ],
    )
    def test_bad_input_changes_nothing(self, client, season, ordered, changed, status):
        sent = {"on": ordered.day.on, "doses": 100, "version": 1} | changed

        answer = client.post("/campaigns/flu-test/order/change", sent)

        assert answer.status_code == status
        ordered.refresh_from_db()
        assert (ordered.doses, ordered.version) == (100, 1)

    def test_cancels_its_order(self, client, season, ordered):
        assert client.get("/campaigns/flu-test/order/cancel").status_code == 200

        answer = client.post("/campaigns/flu-test/order/cancel", {"version": 1})

        assert answer.status_code == 303
        assert Order.objects.get().state == "cancelled"
        assert counts_wrong(season.id) == []

    def test_may_come_again_after_cancelling(self, gp, client, season, ordered):
        now = database_now()
        lobby_id = lobby_at(now - timedelta(minutes=1), slug="night")
        Season.objects.update(lobby="night")
        crowd(lobby_id, organisation_ids=[gp.organisation.id])
        let_everyone_in(lobby_id, now)
        run("finish", lobby="night", organisation_ids=[gp.organisation.id], now=now)

        client.post("/campaigns/flu-test/order/cancel", {"version": 1})

        assert place_view("night", gp.organisation.id).state == "left"
        text = client.get("/campaigns/flu-test/").content.decode()
        assert 'data-joined="no"' in text, "or the page would go on asking for itself"

    def test_cannot_change_eight_working_days_before(self, client, season, ordered):
        soon = timezone.localdate() + timedelta(days=8)
        Day.objects.filter(id=ordered.day_id).update(on=soon)

        answer = client.post("/campaigns/flu-test/order/cancel", {"version": 1})

        assert answer.status_code == 410
        assert Order.objects.get().state == "confirmed"

    def test_another_practice_sees_none_of_it(self, season, ordered):
        other = a_colleague(Role.GP)
        invite(season, other.organisation)
        theirs = signed_in_client(other)

        assert ordered_reference(ordered) not in theirs.get("/campaigns/").content.decode()
        assert theirs.get("/campaigns/flu-test/order/print").status_code == 404
        assert theirs.post("/campaigns/flu-test/order/cancel", {"version": 1}).status_code == 404

    def test_words_in_the_address_never_reach_the_page(self, client, season):
        text = client.get("/campaigns/flu-test/?refused=<b>call+06</b>").content.decode()

        assert "call 06" not in text

    def test_a_season_that_is_planned_is_not_there_yet(self, client, season):
        Season.objects.update(state="planned")

        assert client.get("/campaigns/flu-test/").status_code == 404

    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_speaks_each_language(self, gp, client, ordered, language):
        gp.person.language = language
        gp.person.save()

        assert client.get("/campaigns/flu-test/").status_code == 200


def ordered_reference(order):
    from standvast.care.campaigns.rules import order_reference

    return order_reference(order.id)


class TestOffice:
    def fields(self, **changed):
        now = timezone.localtime() + timedelta(days=30)
        return {
            "programme": "pneumococcal",
            "year": 2031,
            "doors_at": (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
            "opens_at": now.strftime("%Y-%m-%dT%H:%M"),
            "closes_at": (now + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M"),
            "first_on": (now + timedelta(days=90)).strftime("%Y-%m-%d"),
            "days_count": 5,
            "doses_per_day": 1000,
            "addresses_per_day": 10,
            "step": 10,
            "hold_s": 300,
            "change_working_days_min": 8,
            "practice_doses_max": 5000,
            "care_doses_max": 2000,
            "has_lobby": "on",
        } | changed

    def test_makes_a_season_after_looking_at_it(self, office, gp):
        assert office.get("/office/campaigns/new").status_code == 200
        look = office.post("/office/campaigns/new", self.fields(act="look"))
        assert look.status_code == 200
        assert not Season.objects.exists()

        made = office.post("/office/campaigns/new", self.fields(act="make"))

        assert made.status_code == 303
        assert office.get(made["Location"]).status_code == 200
        assert Season.objects.get().state == "planned"
        assert office.get("/office/campaigns/").status_code == 200
        again = office.post("/office/campaigns/new", self.fields(act="make"))
        assert again.status_code == 409

    def test_mends_a_planned_season_and_keeps_what_stays(self, office, gp):
        office.post("/office/campaigns/new", self.fields(act="make"))
        page = "/office/campaigns/pneumococcal-2031/"
        first = day_dates(Season.objects.get().id)[0]
        Day.objects.filter(on=first).update(is_closed=True)
        changed = self.fields(days_count=8, doses_per_day=2000, has_lobby="", care_doses_max=900)
        assert office.get(page + "change").status_code == 200
        assert office.post(page + "change", {**changed, "act": "look"}).status_code == 200
        assert Day.objects.count() == 5, "looking changes nothing"
        assert office.post(page + "change", {**changed, "days_count": 0}).status_code == 422

        answer = office.post(page + "change", {**changed, "act": "make"})

        assert answer.status_code == 303
        season = Season.objects.get()
        assert (season.lobby, season.programme, season.year) == ("", "pneumococcal", 2031)
        assert set(Day.objects.values_list("doses_max", flat=True)) == {2000}
        assert Day.objects.count() == 8
        assert Day.objects.get(on=first).is_closed
        assert season.kindrule_set.get(kind="care").doses_max == 900

    def test_leaves_a_season_alone_that_people_have_seen(self, office, season):
        page = "/office/campaigns/flu-test/change"

        assert office.get(page).status_code == 409
        assert office.post(page, self.fields(act="make")).status_code == 409
        assert Day.objects.count() == 3

    def test_opens_only_when_the_checklist_is_green(self, office, gp):
        office.post("/office/campaigns/new", self.fields(act="make"))
        Season.objects.update(closes_at=timezone.now() + timedelta(days=200))
        page = "/office/campaigns/pneumococcal-2031/state"

        refused = office.post(page, {"act": "open"})
        assert refused.status_code == 409
        Season.objects.update(closes_at=timezone.now() + timedelta(days=50))
        opened = office.post(page, {"act": "open"})

        assert opened.status_code == 303
        assert Season.objects.get().state == "open"

    def test_pauses_and_goes_on_and_holds_get_their_time_back(self, office, gp, season):
        hold = an_order(season, gp.organisation, day_dates(season.id)[0], state="held")
        office.post("/office/campaigns/flu-test/state", {"act": "pause"})
        Season.objects.update(paused_at=timezone.now() - timedelta(seconds=90))
        Order.objects.update(hold_taken_at=timezone.now() - timedelta(seconds=100))

        answer = office.post("/office/campaigns/flu-test/state", {"act": "resume"})

        assert answer.status_code == 303
        before = hold.held_until
        hold.refresh_from_db()
        assert timedelta(seconds=89) < hold.held_until - before < timedelta(seconds=95)
        assert office.post("/office/campaigns/flu-test/state", {"act": "resume"}).status_code == 409

    def test_never_goes_below_what_is_sold(self, office, season, ordered):
        page = f"/office/campaigns/flu-test/days/{ordered.day.on}"
        assert office.get(page).status_code == 200

        below = office.post(page, {"doses_max": 90, "addresses_max": 10})
        assert ordered.organisation.name in below.content.decode(), "whom to call"
        above = office.post(page, {"doses_max": 100, "addresses_max": 1})

        assert below.status_code == 409
        assert above.status_code == 303
        assert Day.objects.get(id=ordered.day_id).doses_max == 100

    def test_watches_the_night(self, office, ordered):
        assert office.get("/office/campaigns/flu-test/night").status_code == 200
        assert office.get("/office/campaigns/flu-test/night/now").status_code == 200

    def test_is_not_for_practices(self, client, season):
        assert client.get("/office/campaigns/").status_code == 403
        assert client.post("/office/campaigns/flu-test/state", {"act": "pause"}).status_code == 403

    def test_unknown_things_are_not_found(self, office, season):
        assert office.get("/office/campaigns/none/").status_code == 404
        assert office.get("/office/campaigns/flu-test/days/soon").status_code == 404
        assert (
            office.post("/office/campaigns/flu-test/state", {"act": str(uuid4())}).status_code
            == 404
        )
