"""The public page: whole, honest about its age, alive without platform and database."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.db.utils import OperationalError

from standvast.core.health.api import COMPONENTS, PROBES, Component, FindingView, Probe
from standvast.core.health.models import Finding, Standing
from standvast.desk.status.operations import close_function, publish_notice
from standvast.desk.status.rules import NoticeKind
from standvast.desk.status.slots import (
    FUNCTIONS,
    PUBLIC_ENTRIES,
    Function,
    PublicEntry,
    PublicUpdate,
)
from standvast.desk.status.snapshot import make
from standvast.desk.status.snapshot.make import (
    Writer,
    folder,
    make_files,
    say_by_hand,
    snapshot_figures,
)
from standvast.kit.ids import uuid7
from standvast.kit.wiring import rewired
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


async def _never(context):
    raise AssertionError


ENTRY = PublicEntry(
    id="i1", number="ST-2026-014", titles={"nl": "Mail is laat", "en": "Mail is late"},
    state="investigating", impact="major", components=("mail",), began_at=NOW - HOUR,
    updates=(PublicUpdate("u1", NOW, "investigating", {"nl": "We zoeken <b>de</b> oorzaak."}),),
    next_news_at=NOW + HOUR,
)  # fmt: skip


@pytest.fixture(autouse=True)
def declared():
    with rewired(
        COMPONENTS.filled(
            Component("mail", "Mail", "C"), Component("hidden", "Hidden", audience="internal")
        ),
        PROBES.filled(Probe("mail.accepts", "mail", _never)),
        PUBLIC_ENTRIES.filled(lambda now: [ENTRY]),
    ):
        yield


@pytest.fixture
def no_incident(declared):
    with rewired(PUBLIC_ENTRIES.filled()):
        yield


def stand(verdict):
    Standing.objects.update_or_create(
        probe="mail.accepts",
        defaults={
            "target": "mail", "verdict": verdict, "row_verdict": verdict, "row_count": 2,
            "since": NOW, "told_at": NOW, "observed_at": NOW,
        },
    )  # fmt: skip


def read(name):
    return (folder() / name).read_text(encoding="utf-8")


class TestFiles:
    def test_says_the_same_in_three_languages_in_json_and_in_the_feed(self):
        stand("red")
        Finding.objects.create(
            kind="down", target="mail", probe="mail.accepts", began_at=NOW - HOUR, opened_at=NOW
        )
        files = make_files(NOW)

        summary = json.loads(files["api/v2/summary.json"])
        assert summary["status"]["indicator"] == "critical"
        assert [c["status"] for c in summary["components"]] == ["major_outage"]
        assert [i["name"] for i in summary["incidents"]] == ["Mail is late"]
        for language in ("nl", "fr", "en"):
            page = files[f"index.{language}.html"].decode()
            assert f'lang="{language}"' in page
            assert "Hidden" not in page
            assert "&lt;b&gt;" in page, "what people wrote is shown, never run"
            assert f'data-made="{NOW.isoformat()}"' in page
            assert "<style" not in page
            assert "onclick" not in page
        feed = ET.fromstring(files["feed.atom"])
        assert [e.findtext("{*}id") for e in feed.findall("{*}entry")] == [
            "urn:standvast:update:u1"
        ]

    def test_unknown_is_not_said_to_work(self, no_incident):
        page = json.loads(make_files(NOW)["api/v2/components.json"])
        assert [c["status"] for c in page["components"]] == ["degraded_performance"]
        assert [c["is_known"] for c in page["components"]] == [False]

    def test_never_says_that_all_is_well_while_people_feel_an_incident(self):
        stand("green")
        files = make_files(NOW)
        [component] = json.loads(files["api/v2/components.json"])["components"]
        assert (component["status"], component["updated_at"]) == (
            "partial_outage",
            (NOW - HOUR).isoformat(),
        )
        assert "Everything works" not in files["index.en.html"].decode()

        with rewired(PUBLIC_ENTRIES.filled(lambda now: [replace(ENTRY, state="monitoring")])):
            mended = make_files(NOW)
        assert json.loads(mended["api/v2/status.json"])["status"]["indicator"] == "none"

    def test_notices_for_some_stay_with_them(self):
        operator = a_colleague(Role.OPERATOR).actor
        words = {"nl": "Alleen voor u."}
        publish_notice(
            kind=NoticeKind.OUTAGE, components=["mail"],
            organisation_ids=[operator.organisation_id], texts=words, actor=operator, now=NOW,
        )  # fmt: skip
        assert "Alleen voor u." not in make_files(NOW)["index.nl.html"].decode()

    def test_a_closed_function_is_out_since_its_closing_in_the_desks_words(self, no_incident):
        stand("green")
        operator = a_colleague(Role.OPERATOR).actor
        with rewired(FUNCTIONS.filled(Function("mail.send", "Sending", "mail"))):
            close_function(
                function="mail.send", organisation_ids=None, texts={"nl": "Even dicht."},
                reason="r", actor=operator, now=NOW,
            )  # fmt: skip
            files = make_files(NOW)
        [component] = json.loads(files["api/v2/components.json"])["components"]
        assert (component["status"], component["updated_at"]) == ("major_outage", NOW.isoformat())
        assert "Even dicht." in files["index.fr.html"].decode()

    def test_has_every_file_that_is_served(self):
        assert set(make_files(NOW)) == make.served_names()


class TestWriter:
    def test_writes_at_a_change_and_not_in_between(self):
        writer = Writer()
        stand("green")
        assert writer.sweep(NOW)
        assert not writer.sweep(NOW + timedelta(seconds=2))
        stand("red")
        assert writer.sweep(NOW + timedelta(seconds=4))
        assert json.loads(read("summary.json"))["status"]["indicator"] == "critical"

    def test_goes_on_with_the_database_gone_even_in_a_new_process(self, no_incident, monkeypatch):
        stand("green")
        Writer().sweep(NOW)

        def gone():
            raise OperationalError("gone")

        monkeypatch.setattr(connection, "cursor", gone)
        finding = FindingView(
            id=uuid7(), kind="down", target="mail", variant="", probe="p", code="c", template="",
            values={}, began_at=NOW, opened_at=NOW,
        )  # fmt: skip
        Writer().blind([finding], NOW + HOUR)
        assert json.loads(read("summary.json"))["status"]["indicator"] == "critical"
        assert (NOW + HOUR).isoformat() in read("index.nl.html")

        Writer().blind([], NOW + HOUR)
        assert json.loads(read("api/v2/components.json"))["components"][0]["is_known"] is False

    def test_leaves_no_half_file_behind(self):
        Writer().sweep(NOW)
        assert not [path for path in folder().rglob(".*") if path.is_file()]


class TestFigures:
    def test_the_age_of_the_page_is_a_figure(self):
        assert snapshot_figures(NOW) == ()
        Writer().sweep(NOW)
        [figure] = snapshot_figures(NOW + HOUR)
        assert (figure.name, figure.value) == ("standvast_snapshot_age_seconds", 3600)


class TestByHand:
    def test_stands_above_everything_without_a_database_and_can_be_cleared(self, monkeypatch):
        stand("green")
        Writer().sweep(NOW)
        monkeypatch.setattr(connection, "cursor", lambda: 1 / 0)

        say_by_hand("Bel 088 000 00 00.")
        assert read("notice.txt").strip() == "Bel 088 000 00 00."
        page = read("index.fr.html")
        assert page.index("Bel 088") < page.index("<h1>")
        assert NOW.isoformat() in page, "the page keeps the age it had"

        say_by_hand("")
        assert "Bel 088" not in read("index.fr.html")

    def test_works_where_nothing_was_ever_written(self, monkeypatch):
        monkeypatch.setattr(connection, "cursor", lambda: 1 / 0)
        say_by_hand("Hallo")
        assert "Hallo" in read("index.nl.html")
