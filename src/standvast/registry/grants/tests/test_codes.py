"""Codes and refresh tokens, and whoever copies them: each counts once, for one app, for a while."""

import hashlib
from datetime import timedelta

import pytest
from django.db.models import F

from standvast.registry.grants.holding import bearer_of
from standvast.registry.grants.models import Grant, Token
from standvast.registry.grants.rules.times import CODE_LIFE, REFRESH_LIFE
from standvast.registry.grants.testing import VERIFIER, an_app, challenge_of, code_from, told_back

pytestmark = pytest.mark.django_db
OFFLINE = "openid offline_access"


def opens(token, now):
    return bearer_of(token, address="", now=now) is not None


def later(seconds):
    """Let time pass for everything that was given."""
    by = timedelta(seconds=seconds)
    Grant.objects.update(code_expires_at=F("code_expires_at") - by, given_at=F("given_at") - by)
    Token.objects.update(expires_at=F("expires_at") - by)


def refreshed(app, elsewhere, token, **more):
    return app.ask(elsewhere, "token", grant_type="refresh_token", refresh_token=token, **more)


class TestACode:
    def test_counts_once_and_a_second_use_ends_what_came_of_the_first(
        self, app, browser, elsewhere, now
    ):
        code = code_from(browser, app, scope=OFFLINE)
        made = app.tokens(elsewhere, code).json()
        assert opens(made["access_token"], now)

        again = app.tokens(elsewhere, code)

        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        assert not opens(made["access_token"], now)
        assert refreshed(app, elsewhere, made["refresh_token"]).status_code == 400
        assert Grant.objects.get(app_id=app.app_id).ended_for == "code_reused"

    def test_is_for_its_own_app(self, app, doctor, browser, elsewhere, now):
        other = an_app(doctor.actor, now=now)
        code = code_from(browser, app)

        stolen = other.tokens(elsewhere, code)

        assert stolen.json()["error"] == "invalid_grant"
        assert app.tokens(elsewhere, code).status_code == 200

    @pytest.mark.parametrize(
        "wrong",
        [
            {"code_verifier": "w" * 64},
            {"code_verifier": ""},
            {"code_verifier": challenge_of(VERIFIER)},
            {"code_verifier": VERIFIER + "é"},
            {"redirect_uri": "https://app.example/callback/"},
            {"redirect_uri": ""},
        ],
    )
    def test_needs_what_the_app_showed_when_it_asked(self, app, browser, elsewhere, wrong):
        code = code_from(browser, app)

        answer = app.tokens(elsewhere, code, **wrong)

        assert answer.json()["error"] == "invalid_grant"
        assert app.tokens(elsewhere, code).status_code == 400, "it was burnt by the wrong try"

    def test_is_over_after_a_minute(self, app, browser, elsewhere):
        code = code_from(browser, app)
        later(CODE_LIFE.total_seconds())

        assert app.tokens(elsewhere, code).json()["error"] == "invalid_grant"

    def test_is_kept_as_a_digest_only(self, app, browser):
        code = code_from(browser, app)

        row = Grant.objects.filter(app_id=app.app_id).values().get()

        assert code not in str(row)
        assert row["code_digest"] == hashlib.sha256(code.encode()).hexdigest()


class TestPkceCannotBeLeftOut:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"code_challenge": None, "code_challenge_method": None},
            {"code_challenge_method": None},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": "s256"},
            {"code_challenge": VERIFIER},
            {"code_challenge": "a" * 42},
        ],
    )
    def test_the_app_is_told(self, app, browser, wrong):
        told = told_back(browser.get(app.question(**wrong)))

        assert told["error"] == "invalid_request"
        assert "code" not in told


class TestARefreshToken:
    def test_gives_the_next_and_is_used_up(self, app, let_in, elsewhere, now):
        made = let_in(scope=OFFLINE)

        answer = refreshed(app, elsewhere, made["refresh_token"])

        assert answer.status_code == 200
        after = answer.json()
        assert after["refresh_token"] != made["refresh_token"]
        assert opens(after["access_token"], now)
        assert opens(made["access_token"], now)
        assert "nonce" in str(after["id_token"]) or after["id_token"]

    def test_that_is_used_twice_ends_the_family(self, app, let_in, elsewhere, now):
        first = let_in(scope=OFFLINE)
        second = refreshed(app, elsewhere, first["refresh_token"]).json()

        stolen = refreshed(app, elsewhere, first["refresh_token"])

        assert stolen.json()["error"] == "invalid_grant"
        assert not opens(second["access_token"], now)
        assert refreshed(app, elsewhere, second["refresh_token"]).status_code == 400
        assert Grant.objects.get(app_id=app.app_id).ended_for == "refresh_reused"

    def test_is_for_its_own_app(self, app, doctor, let_in, elsewhere, now):
        other = an_app(doctor.actor, now=now)
        made = let_in(scope=OFFLINE)

        assert refreshed(other, elsewhere, made["refresh_token"]).status_code == 400
        assert refreshed(app, elsewhere, made["refresh_token"]).status_code == 200

    def test_may_give_less_and_never_more(self, app, let_in, elsewhere):
        made = let_in(scope="openid profile offline_access")

        less = refreshed(app, elsewhere, made["refresh_token"], scope="openid")
        assert less.json()["scope"] == "openid"
        token = less.json()["refresh_token"]
        more = refreshed(app, elsewhere, token, scope="openid user/Patient.rs")

        assert more.json()["error"] == "invalid_scope"

    def test_is_over_when_nobody_used_it_for_long(self, app, let_in, elsewhere):
        made = let_in(scope=OFFLINE)
        later(REFRESH_LIFE.total_seconds())

        assert refreshed(app, elsewhere, made["refresh_token"]).status_code == 400

    def test_is_not_given_without_asking(self, let_in):
        assert "refresh_token" not in let_in(scope="openid")

    def test_opens_nothing_itself(self, let_in, now):
        assert not opens(let_in(scope=OFFLINE)["refresh_token"], now)

    def test_an_access_token_does_not_refresh(self, app, let_in, elsewhere):
        made = let_in(scope=OFFLINE)

        assert refreshed(app, elsewhere, made["access_token"]).status_code == 400
