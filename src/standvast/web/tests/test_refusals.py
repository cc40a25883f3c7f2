import logging
from datetime import UTC, date, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import include, path
from django.utils.translation import override

from standvast.kit.errors import (
    Busy,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
)
from standvast.kit.wiring import rewired
from standvast.web.api import BELL, NOTICES, PUBLIC_NOTICES, WHO, Who, say
from standvast.web.middleware import PersonLanguage

KINDS = {
    "missing": NotFound("There is no such thing."),
    "forbidden": NotAllowed("Ask {whom}.", whom="a colleague"),
    "wrong": Invalid("This cannot be."),
    "rule": Refused("This day is full; {left} doses are left.", left=1200),
    "gone": Gone("It was there."),
    "busy": Busy("Too many at once.", retry_after_s=7),
    "late": Unavailable(),
}
STATUS = {
    "missing": 404, "forbidden": 403, "wrong": 422, "rule": 409, "gone": 410, "busy": 503,
    "late": 503,
}  # fmt: skip


def refuse(request, kind):
    raise KINDS[kind]


def fail(request):
    raise RuntimeError("patient Jansen")


def fine(request):
    return HttpResponse(request.LANGUAGE_CODE)


urlpatterns = [
    path("", include("standvast.web.urls")),
    path("refuse/<kind>/", refuse),
    path("fail/", fail),
    path("fine/", fine),
]
handler404 = "standvast.web.errors.handler404"
handler500 = "standvast.web.errors.handler500"


@pytest.fixture(autouse=True)
def _addresses():
    """These pages by themselves: no addresses and no notices of other modules, no database."""
    alone = (WHO.filled(), BELL.filled(), NOTICES.filled(), PUBLIC_NOTICES.filled())
    with override_settings(ROOT_URLCONF=__name__), rewired(*alone):
        yield


@pytest.mark.parametrize("kind", KINDS)
class TestRefusals:
    def test_become_a_page_with_the_right_status(self, client, kind):
        answer = client.get(f"/refuse/{kind}/", headers={"Accept-Language": "en"})

        assert answer.status_code == STATUS[kind]
        assert b"<!doctype html>" in answer.content
        assert answer.headers["Cache-Control"] == "no-store, private"

    def test_become_a_fragment_for_htmx(self, client, kind):
        answer = client.get(f"/refuse/{kind}/", headers={"HX-Request": "true"})

        assert answer.status_code == STATUS[kind]
        assert b"<!doctype" not in answer.content
        assert b'role="alert"' in answer.content

    def test_leave_only_their_code_in_the_log(self, client, kind, caplog):
        with caplog.at_level(logging.DEBUG, logger="standvast"):
            client.get(f"/refuse/{kind}/")

        text = " ".join(record.getMessage() for record in caplog.records)
        assert KINDS[kind].code in text
        assert "colleague" not in text


def test_busy_says_when_to_come_back(client):
    answer = client.get("/refuse/busy/", headers={"Accept-Language": "nl"})

    assert answer.headers["Retry-After"] == "7"
    assert "over 7 seconden" in answer.content.decode()


def test_a_number_in_a_refusal_is_said_in_the_language():
    assert say(KINDS["rule"], "nl").endswith("1.200 doses are left.")
    assert say(KINDS["rule"], "en").endswith("1,200 doses are left.")


def test_a_date_and_an_instant_are_said_as_people_do():
    at = datetime(2020, 3, 2, 13, 2, tzinfo=UTC)
    refused = Refused("{day} {at}", day=date(2020, 3, 2), at=at)

    assert say(refused, "nl") == "ma 2 maart 2020 ma 2 maart 2020 14:02"
    assert say(refused, "fr") == "lun. 2 mars 2020 lun. 2 mars 2020 à 14:02"


def test_what_a_person_typed_is_escaped(client, monkeypatch):
    monkeypatch.setitem(KINDS, "rule", Refused("No {name}.", name="<script>alert(1)</script>"))

    answer = client.get("/refuse/rule/")

    assert b"<script>alert" not in answer.content


class TestFaults:
    def test_give_a_reference_that_the_log_has_too_and_no_detail(self, client, caplog):
        client.raise_request_exception = False

        with caplog.at_level(logging.INFO, logger="standvast.web"):
            answer = client.get("/fail/", headers={"Accept-Language": "fr"})

        text = answer.content.decode()
        number = text.split('class="reference">')[1].split("<")[0]
        assert answer.status_code == 500
        assert "Notre erreur" in text
        assert "Jansen" not in text
        assert any(number in record.getMessage() for record in caplog.records)

    def test_an_unknown_page_is_said_in_the_browsers_language(self, client):
        answer = client.get("/nowhere/", headers={"Accept-Language": "nl"})

        assert answer.status_code == 404
        assert "Niet gevonden" in answer.content.decode()

    def test_a_form_without_its_token_is_told_to_reload(self):
        from django.test import Client

        answer = Client(enforce_csrf_checks=True).post(
            "/web/screen/", {"theme": "dark"}, headers={"Accept-Language": "nl"}
        )

        assert answer.status_code == 403
        assert "stond te lang open" in answer.content.decode()


class TestPersonLanguage:
    """The person's own, then the organisation's, then the cookie's or browser's."""

    def speak(self, *, user_language="", organisation="", header="en"):
        class User:
            is_authenticated = bool(user_language or organisation)
            language = user_language

        request = RequestFactory().get("/fine/", headers={"Accept-Language": header})
        request.user = User()
        if User.is_authenticated:
            request.COOKIES["standvast_session"] = "x"
        who = Who(name="N", organisation_language=organisation)
        with override(header), rewired(WHO.filled(lambda _: who)):
            return PersonLanguage(fine)(request).headers["Content-Language"]

    @pytest.mark.parametrize(
        ("user_language", "organisation", "header", "spoken"),
        [
            ("fr", "nl", "en", "fr"),
            ("", "nl", "en", "nl"),
            ("", "", "en", "en"),
            ("xx", "fr", "nl", "fr"),
        ],
    )
    def test_speaks(self, user_language, organisation, header, spoken):
        found = self.speak(user_language=user_language, organisation=organisation, header=header)

        assert found == spoken


class TestLanguageAndScreen:
    def test_a_language_is_kept_and_the_person_goes_back(self, client):
        answer = client.post("/web/language/", {"language": "fr", "next": "/fine/?a=1"})

        assert (answer.status_code, answer.headers["Location"]) == (303, "/fine/?a=1")
        assert client.get("/fine/").content == b"fr"

    @pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
    def test_nobody_is_sent_elsewhere(self, client, address):
        answer = client.post("/web/screen/", {"theme": "dark", "next": address})

        assert answer.headers["Location"] == "/"

    def test_only_known_colours_are_kept(self, client):
        client.post("/web/screen/", {"theme": '"><script>'})
        assert client.cookies["standvast_theme"].value == ""

        client.post("/web/screen/", {"theme": "dark"})
        assert 'data-theme="dark"' in client.get("/refuse/rule/").content.decode()
