"""The dashboard by HTTP: filters, drill, file, whose it is, and what others feel of it."""

import csv
import io
import re
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from standvast.care.dashboards.operations.counting import keep_counted
from standvast.care.dashboards.rules.cells import months_later, window_at
from standvast.care.dashboards.testing import (
    a_source,
    broken_source,
    sources,
    two_programmes,
)
from standvast.kit.wiring import rewired
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, a_membership, signed_in_client

pytestmark = pytest.mark.django_db(transaction=True)
QUERIES_MAX = 30


@pytest.fixture
def window():
    return window_at(timezone.localdate(datetime.now(UTC)))


@pytest.fixture
def gp():
    return a_colleague(Role.GP, language="en")


@pytest.fixture
def other():
    return a_colleague(Role.GP)


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


@pytest.fixture(autouse=True)
def _counted(gp, other, window):
    done = two_programmes(window)
    with rewired(sources(a_source({gp.organisation.id: done, other.organisation.id: done}))):
        yield


def address(name="board", **filters):
    from urllib.parse import urlencode

    return f"{reverse(f'dashboards:{name}')}?{urlencode(filters, doseq=True)}"


def month(day):
    return f"{day:%Y-%m}"


def file_of(client, **filters):
    answer = client.get(address("file", **filters))
    assert answer.status_code == 200, answer.text
    rows = csv.reader(io.StringIO(answer.text), delimiter=";")
    next(rows)
    return {(table, label): value for table, label, value, _ in rows}


class TestBoard:
    def test_shows_charts_each_with_its_table(self, client):
        text = client.get(address()).text

        assert "at least 276" in text
        assert text.count("data-chart-picture") == text.count("data-chart-table") >= 3
        assert 'data-value="12"' in text

    def test_names_nobody_and_shows_no_small_number(self, client):
        text = client.get(address()).text
        cells = re.findall(r'<td class="cell--number" data-value="(\d*)">([^<]*)', text)

        assert cells
        assert all(value == "" or int(value) >= 10 for value, _ in cells)
        assert any(shown == "under 10" for _, shown in cells)

    def test_follows_the_filters(self, client, window):
        first = month(window.first_on)

        one_month = client.get(address(since=first, until=first)).text
        group = client.get(address(activity="C09/C09B")).text
        few = client.get(address(programme="copd")).text

        assert "at least 24" in one_month
        assert "96" in group
        assert "Nothing here is about ten people or more" in few
        assert "No month by itself is about ten people or more" in few

    def test_drills_from_a_group_to_its_parts_and_back(self, client):
        top = client.get(address()).text
        below = client.get(address(activity="C09")).text

        assert "activity=C09&amp;" in top
        assert ">C09A</a>" in below
        assert "C09 › C09A" in below, "the filter names the group as well"
        assert "One step back up" in below
        assert "One step back up" not in top

    def test_works_without_javascript(self, client):
        text = client.get(address()).text

        assert '<form class="filters" method="get"' in text
        assert ">Show<" in text

    @pytest.mark.parametrize(
        "filters",
        [
            {"since": "2019-01"},
            {"programme": "nothing"},
            {"activity": "C09/../x"},
            {"since": "latest", "until": "first"},
        ],
    )
    def test_says_which_filter_cannot_be(self, client, window, filters):
        words = {
            "latest": month(months_later(window.until_on, -1)),
            "first": month(window.first_on),
        }
        wrong = {name: words.get(value, value) for name, value in filters.items()}

        answer = client.get(address(**wrong))

        assert answer.status_code == 422
        assert "data-chart-table" not in answer.text
        assert client.get(address("file", **wrong)).status_code == 422
        assert client.get(address("now", **wrong)).status_code == 422

    def test_asks_few_questions_of_the_database(self, client):
        client.get(address())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address())

        assert len(asked) <= QUERIES_MAX


class TestNow:
    def test_is_the_part_that_follows_and_names_its_address(self, client):
        answer = client.get(address("now", programme="dm2"), headers={"HX-Request": "true"})

        assert "<html" not in answer.text
        assert "data-chart-table" in answer.text
        assert answer.headers["HX-Push-Url"].startswith("/dashboards/?programme=dm2&since=")
        assert 'hx-swap-oob="innerHTML"' in answer.text


class TestFile:
    def test_holds_the_same_numbers_with_the_same_ones_hidden(self, client, window):
        found = file_of(client)

        assert found[("Activities in this period", "")] == "276"
        assert found[("Activities by programme", "Diabetes type 2")] == "276"
        assert found[("Activities by programme", "COPD")] == "under 10"
        assert found[("Activities by month", month(window.first_on))] == "24"
        assert all(value == "under 10" or int(value) >= 10 for value in found.values())

    def test_is_not_kept_by_anybody(self, client):
        answer = client.get(address("file"))

        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Content-Disposition"] == 'attachment; filename="dashboard.csv"'

    def test_holds_no_formula(self, client, gp):
        gp.organisation.name = "=cmd|' /C calc'!A0"
        gp.organisation.save()

        labels = [label for table, label in file_of(client) if table == "Activities by practice"]

        assert labels == ["'=cmd|' /C calc'!A0"]


class TestWhose:
    @pytest.mark.parametrize("name", ["board", "now", "file"])
    def test_another_organisations_does_not_exist(self, client, gp, other, name):
        assert "Diabetes" in client.get(address(name)).text
        for practices in (
            [other.organisation.id],
            [gp.organisation.id, other.organisation.id],
            [uuid.uuid4()],
            ["1 or 1=1"],
        ):
            answer = client.get(address(name, practice=practices))

            assert answer.status_code == 404
            assert "Diabetes" not in answer.text

    def test_another_organisations_is_not_counted_anew(self, client, other):
        answer = client.post(address("again", practice=[other.organisation.id]))

        assert answer.status_code == 404

    def test_an_assistant_is_told_whom_to_ask(self):
        for name in ("board", "now", "file"):
            answer = signed_in_client(a_colleague(Role.ASSISTANT)).get(address(name))
            assert answer.status_code == 403

    def test_a_person_with_two_practices_chooses(self, client, gp, other):
        assert "by practice" not in client.get(address()).text
        a_membership(gp.person, other.organisation, Role.GP)
        both = [gp.organisation.id, other.organisation.id]

        text = client.get(address(practice=both)).text

        assert "at least 552" in text
        assert other.organisation.name in text
        assert "at least 276" in client.get(address()).text


class TestBroken:
    @pytest.fixture
    def _broken(self):
        with rewired(sources(broken_source(RuntimeError))):
            yield

    @pytest.mark.usefixtures("_broken")
    def test_the_dashboard_says_so(self, client):
        answer = client.get(address())

        assert answer.status_code == 200
        assert "cannot be counted just now" in answer.text

    def test_the_last_count_stands_with_its_date(self, client, gp, monkeypatch):
        keep_counted(organisation_ids=[gp.organisation.id], now=datetime(2026, 1, 2, 9, tzinfo=UTC))
        with rewired(sources(broken_source(RuntimeError))):
            text = client.get(address()).text

        assert "This is the last count." in text

    @pytest.mark.usefixtures("_broken")
    @pytest.mark.parametrize("path", ["/", "/insurance/", "/patients/", "/accounts/login/"])
    def test_others_go_on(self, client, path):
        client.get(address())

        assert client.get(path, follow=True).status_code == 200

    @pytest.mark.usefixtures("_broken")
    def test_a_click_from_another_system_goes_on(self, gp):
        from standvast.care.launches.testing import a_sender

        now = datetime.now(UTC)
        token = a_sender(gp.actor, now=now).token(agb=gp.organisation.code, now=now)
        answer = signed_in_client(gp).post("/launch/", {"token": token})

        assert answer.status_code in (302, 303)

    def test_without_anybody_who_counts_it_says_that(self, client):
        with rewired(sources()):
            assert "no service of this installation" in client.get(address()).text


class TestOthersPages:
    @pytest.mark.parametrize("path", ["/insurance/", "/patients/", "/patients/new/"])
    def test_load_nothing_of_a_dashboard(self, client, path):
        scripts = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(path).text)

        assert scripts
        assert not [one for one in scripts if "dashboards" in one or "uplot" in one.lower()]


class TestCountAnew:
    def test_counts_and_comes_back_to_the_same_filters(self, client):
        client.get(address())

        answer = client.post(address("again", programme="dm2"))

        assert answer.status_code == 503
        assert "Retry-After" in answer.headers


class TestTile:
    def test_stands_on_the_first_page_of_who_sees_dashboards(self, client):
        assert "How much was done, by month" in client.get("/").text
        assistant = signed_in_client(a_colleague(Role.ASSISTANT))
        assert reverse("dashboards:board") not in assistant.get("/").text


def test_an_exception_at_one_practice_opens_no_dashboard_of_another(gp, other):
    """Somebody works at two; what the desk gave them at the first came along to the second."""
    from datetime import timedelta

    from standvast.registry.access.api import except_person

    assistant = a_colleague(Role.ASSISTANT, gp.organisation)
    a_membership(assistant.person, other.organisation, Role.ASSISTANT)
    now = datetime.now(UTC)
    except_person(
        actor=a_colleague(Role.OPERATOR).actor,
        person_id=assistant.person.id,
        organisation_id=gp.organisation.id,
        right="dashboards.see",
        why="w",
        until_at=now + timedelta(days=1),
        now=now,
    )
    client = signed_in_client(assistant)

    assert client.get(address()).status_code == 200
    assert client.get(address(practice=other.organisation.id)).status_code == 404
