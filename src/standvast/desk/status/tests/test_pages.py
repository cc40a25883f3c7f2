"""The desk's pages: happy, refused, not mine; and what they cost."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from standvast.core.health.api import (
    COMPONENTS,
    EDGES,
    PROBES,
    Component,
    Edge,
    Observation,
    Probe,
    ProbeContext,
)
from standvast.core.health.models import Finding, Hour, Standing
from standvast.core.health.models import Observation as Look
from standvast.desk.status.models import Closure, Notice, PutAway
from standvast.desk.status.operations import publish_notice
from standvast.desk.status.rules import NoticeKind
from standvast.kit.wiring import rewired
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


async def _never(context: ProbeContext) -> Observation:
    raise AssertionError


@pytest.fixture(autouse=True)
def declared():
    with rewired(
        COMPONENTS.filled(
            Component("mail", "Mail", "C"),
            Component("ordering", "Ordering", "A"),
            Component("bare", "Bare"),
        ),
        EDGES.filled(Edge("ordering", "mail", hard=False, still_works="Orders stand.")),
        PROBES.filled(
            Probe("mail.accepts", "mail", _never),
            Probe("ordering.walk", "ordering", _never),
            Probe("edge", "ordering>mail", _never),
        ),
    ):
        yield


@pytest.fixture
def desk():
    return signed_in_client(a_colleague(Role.OPERATOR, language="en"))


@pytest.fixture
def practice():
    return signed_in_client(a_colleague(language="en"))


def red_mail():
    Standing.objects.create(
        probe="mail.accepts", target="mail", verdict="red", row_verdict="red", row_count=2,
        code="health.smtp_slow", since=NOW, told_at=NOW, observed_at=NOW,
        template="The mail server takes longer than {seconds} seconds to accept a message.",
        values={"seconds": 5},
    )  # fmt: skip
    Finding.objects.create(
        kind="down", target="mail", probe="mail.accepts", code="health.smtp_slow",
        template="The mail server takes longer than {seconds} seconds to accept a message.",
        values={"seconds": 5}, began_at=NOW, opened_at=NOW,
    )  # fmt: skip
    for hour in range(3):
        at = NOW - timedelta(hours=hour)
        Hour.objects.create(probe="mail.accepts", hour=at, red_count=hour, duration_ms_sum=5)
        Look.objects.create(probe="mail.accepts", at=at, verdict="red", duration_ms=5000)


class TestHome:
    def test_shows_what_is_red_since_when_and_what_is_not_looked_at(self, desk):
        red_mail()
        text = desk.get("/desk/", headers={"accept-language": "en"}).content.decode()

        assert "takes longer than 5 seconds" in text
        assert "/desk/components/mail/" in text
        assert "Bare" in text

    def test_gives_htmx_the_part_alone(self, desk):
        answer = desk.get("/desk/", headers={"HX-Request": "true"})
        assert b"<html" not in answer.content
        assert b'id="desk-now"' in answer.content

    def test_is_not_for_practices_and_strangers_sign_in_first(self, practice, client):
        assert practice.get("/desk/").status_code == 403
        assert client.get("/desk/").status_code == 302

    def test_costs_few_queries(self, desk, django_assert_max_num_queries):
        red_mail()
        desk.get("/desk/")
        with django_assert_max_num_queries(18):  # one is the board's, once a second
            desk.get("/desk/")


class TestComponent:
    def test_shows_variants_edges_findings_and_looks(self, desk):
        red_mail()
        text = desk.get(reverse("desk:component", args=["mail"])).content.decode()
        assert "takes longer than 5 seconds" in text
        assert "5,000 ms" in text
        assert "Orders stand." in desk.get("/desk/components/ordering/").content.decode()
        assert desk.get("/desk/components/bare/").status_code == 200

    def test_names_the_variant_of_an_edge_that_is_red_with_reason_and_time(self, desk):
        Standing.objects.create(
            probe="edge", target="ordering>mail", variant="e-mail address", verdict="red",
            row_verdict="red", row_count=2, code="health.walk_broken", since=NOW, told_at=NOW,
            observed_at=NOW, template="{target}: the walk stops at “{step}” ({reason}).",
            values={"target": "ordering>mail", "step": "ask", "reason": "not_as_agreed"},
        )  # fmt: skip
        probe = Probe("edge", "ordering>mail", _never, variant="e-mail address")
        with rewired(PROBES.filled(probe, Probe("walk", "ordering", _never))):
            text = desk.get("/desk/components/ordering/").content.decode()

        assert "<strong>e-mail address</strong>" in text
        assert "(not_as_agreed)" in text
        assert NOW.isoformat()[:16] in text.partition("not_as_agreed")[2][:200]

    def test_an_unknown_one_is_not_there(self, desk):
        assert desk.get("/desk/components/moon/").status_code == 404


FORM = {
    "function": "orders.place", "audience": "all", "text_nl": "Gesloten tot 9 uur.",
    "reason": "mail is slow",
}  # fmt: skip


class TestClosures:
    def test_previews_without_closing_then_closes_then_reopens(self, desk):
        shown = desk.post("/desk/closures/", {**FORM, "act": "preview"})
        assert shown.status_code == 200
        assert "Gesloten tot 9 uur." in shown.content.decode()
        assert not Closure.objects.exists()

        assert desk.post("/desk/closures/", {**FORM, "act": "close"}).status_code == 303
        closure = Closure.objects.get()
        assert closure.for_all

        page = desk.get("/desk/closures/")
        assert reverse("desk:reopen", args=[closure.id]) in page.content.decode()
        assert desk.post(reverse("desk:reopen", args=[closure.id])).status_code == 303
        closure.refresh_from_db()
        assert closure.ended_at is not None

    def test_closes_for_organisations_by_their_number_only(self, desk):
        mine = a_colleague().organisation
        form = {**FORM, "audience": "codes", "codes": mine.code, "act": "close"}
        assert desk.post("/desk/closures/", form).status_code == 303
        assert Closure.objects.get().organisation_ids == [mine.id]

    def test_closes_for_a_kind(self, desk):
        mine = a_colleague().organisation
        form = {**FORM, "audience": "kinds", "kinds": [mine.kind], "act": "close"}
        assert desk.post("/desk/closures/", form).status_code == 303
        assert mine.id in Closure.objects.get().organisation_ids

    @pytest.mark.parametrize(
        "wrong",
        [
            {"text_nl": ""},
            {"reason": ""},
            {"function": "moon.land"},
            {"audience": "codes", "codes": "99999999"},
            {"audience": "codes", "codes": ""},
            {"audience": "kinds"},
            {"hours": "0"},
            {"hours": "1000000000"},
        ],
    )
    def test_says_what_is_wrong_and_closes_nothing(self, desk, wrong):
        answer = desk.post("/desk/closures/", {**FORM, **wrong, "act": "close"})
        assert answer.status_code == 422
        assert not Closure.objects.exists()

    def test_twice_is_refused(self, desk):
        desk.post("/desk/closures/", {**FORM, "act": "close"})
        assert desk.post("/desk/closures/", {**FORM, "act": "close"}).status_code == 409

    def test_is_not_for_practices(self, practice):
        assert practice.post("/desk/closures/", FORM).status_code == 403
        assert practice.post(reverse("desk:reopen", args=[uuid.uuid4()])).status_code == 403


class TestNotices:
    def test_tells_and_ends(self, desk, practice):
        form = {
            "kind": "outage", "components": ["mail"], "audience": "all",
            "text_nl": "Mail is laat.", "act": "tell",
        }  # fmt: skip
        assert desk.post("/desk/notices/", {**form, "act": "preview"}).status_code == 200
        assert not Notice.objects.exists()
        assert desk.post("/desk/notices/", form).status_code == 303
        notice = Notice.objects.get()
        assert practice.get("/desk/notices/").status_code == 403
        assert desk.get("/desk/notices/").status_code == 200
        assert desk.post(reverse("desk:end_notice", args=[notice.id])).status_code == 303

    def test_refuses_words_about_nothing(self, desk):
        answer = desk.post("/desk/notices/", {"kind": "outage", "audience": "all", "act": "tell"})
        assert answer.status_code == 422

    def test_people_read_the_strip_open_a_known_problem_and_put_it_away(self, practice, client):
        operator = a_colleague(Role.OPERATOR).actor
        notice_id = publish_notice(
            kind=NoticeKind.KNOWN_PROBLEM, components=[], organisation_ids=None,
            texts={"nl": "Zoeken is traag."}, actor=operator, now=datetime.now(UTC),
        )  # fmt: skip
        strip = practice.get("/notices/").content.decode()
        assert "Zoeken is traag." in strip

        assert "Zoeken" in practice.get(f"/notices/{notice_id}/").content.decode()
        assert practice.post(f"/notices/{notice_id}/put-away/").status_code == 303
        assert PutAway.objects.count() == 1
        assert "Zoeken" not in practice.get("/notices/").content.decode()
        assert client.get("/notices/").status_code == 302

    def test_a_notice_for_others_is_not_there(self, practice):
        operator = a_colleague(Role.OPERATOR).actor
        notice_id = publish_notice(
            kind=NoticeKind.KNOWN_PROBLEM, components=[], organisation_ids=[uuid.uuid4()],
            texts={"nl": "x"}, actor=operator, now=datetime.now(UTC),
        )  # fmt: skip
        assert practice.get(f"/notices/{notice_id}/").status_code == 404
        assert practice.post(f"/notices/{notice_id}/put-away/").status_code == 404
