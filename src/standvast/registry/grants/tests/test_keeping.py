"""The keys we sign with, what is forgotten, and what stands in journal and logs."""

import json
import logging
from datetime import timedelta

import jwt
import pytest
from django.db import connection

from standvast.registry.grants.models import Assertion, Grant, Launch, SigningKey, Tally, Token
from standvast.registry.grants.operations.forgetting import forget
from standvast.registry.grants.operations.keeping import (
    PUBLISHED_AFTER,
    PUBLISHED_AHEAD,
    SIGNS_FOR,
    keep_keys,
)
from standvast.registry.grants.places import fhir_server, issuer
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.grants.signing import keys_shown, signed
from standvast.registry.grants.testing import an_app, code_from
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db


def signer(now):
    return jwt.get_unverified_header(signed({"sub": "x"}, now=now))["kid"]


class TestKeys:
    def test_the_first_signs_at_once(self, now):
        SigningKey.objects.all().delete()

        assert signer(now) in {key["kid"] for key in keys_shown(now)["keys"]}

    def test_the_next_is_shown_before_it_signs_and_the_last_after(self, now):
        SigningKey.objects.all().delete()
        first, due = signer(now), now + SIGNS_FOR - PUBLISHED_AHEAD
        assert keep_keys(due - timedelta(seconds=1)) == 0

        assert keep_keys(due) == 1
        assert keep_keys(due) == 0
        shown = {key["kid"] for key in keys_shown(due)["keys"]}
        second = (shown - {first}).pop()
        assert signer(due) == first
        assert signer(due + PUBLISHED_AHEAD) == second
        over = due + PUBLISHED_AHEAD + PUBLISHED_AFTER + timedelta(seconds=1)
        keep_keys(over)

        assert {key["kid"] for key in keys_shown(over)["keys"]} == {second}

    def test_private_halves_are_sealed_and_never_shown(self, now):
        keys_shown(now)

        for key in keys_shown(now)["keys"]:
            assert not {"d", "p", "q", "dp", "dq", "qi"} & key.keys()
        for row in SigningKey.objects.all():
            assert not bytes(row.sealed).startswith(b"0\x82")
            assert b"PRIVATE" not in bytes(row.sealed)

    def test_a_key_that_was_moved_to_another_row_does_not_open(self, now):
        SigningKey.objects.all().delete()
        keep_keys(now)
        row = SigningKey.objects.get()
        SigningKey.objects.filter(kid=row.kid).update(kid="another")

        with pytest.raises(Exception, match="does not open"):
            signed({}, now=now)


class TestDiscovery:
    def test_names_the_issuer_as_it_is_set(self, elsewhere):
        told = elsewhere.get("/.well-known/openid-configuration").json()

        assert told["issuer"] == issuer()
        assert told["code_challenge_methods_supported"] == ["S256"]
        assert "none" not in told["id_token_signing_alg_values_supported"]
        smart = elsewhere.get("/fhir/.well-known/smart-configuration").json()
        assert smart["token_endpoint"] == told["token_endpoint"]
        assert "launch-ehr" in smart["capabilities"]
        assert fhir_server().startswith(told["issuer"])

    def test_every_address_in_it_is_there(self, elsewhere):
        told = elsewhere.get("/.well-known/openid-configuration").json()

        for name, address in told.items():
            if name.endswith(("_endpoint", "_uri")):
                answer = elsewhere.get(address.removeprefix(issuer()))
                assert answer.status_code != 404, name


class TestForgetting:
    def test_takes_what_cannot_count_and_leaves_the_rest(
        self, doctor, browser, elsewhere, app, now
    ):
        keyed = an_app(doctor.actor, now=now, proof=Proof.KEY)
        keyed.ask(elsewhere, "token", grant_type="x")
        elsewhere.post("/oauth/token/", {})
        patient = a_patient(doctor.actor, now).patient_id
        browser.post("/grants/launch/", {"app": str(app.app_id), "patient": str(patient)})
        made = app.tokens(elsewhere, code_from(browser, app, scope="openid offline_access")).json()
        tables = (Assertion, Launch, Tally, Token, Grant)
        assert all(table.objects.exists() for table in tables)

        forget(now)
        assert all(table.objects.exists() for table in tables)
        forget(now + timedelta(days=1))
        assert not Assertion.objects.exists()
        assert not Launch.objects.exists()
        assert not Tally.objects.exists()
        assert Token.objects.filter(kind="refresh").exists()
        assert Grant.objects.exists()
        assert made["refresh_token"]

        forget(now + timedelta(days=100))
        forget(now + timedelta(days=100))
        assert not Token.objects.exists()
        assert not Grant.objects.exists()


class TestTraces:
    def test_every_step_is_in_the_journal_and_nothing_secret(
        self, doctor, browser, elsewhere, app, now
    ):
        patient = a_patient(doctor.actor, now).patient_id
        code = code_from(browser, app, scope="openid offline_access")
        made = app.tokens(elsewhere, code).json()
        app.ask(elsewhere, "token", grant_type="refresh_token", refresh_token=made["refresh_token"])
        app.ask(elsewhere, "token", grant_type="refresh_token", refresh_token=made["refresh_token"])
        browser.post("/grants/launch/", {"app": str(app.app_id), "patient": str(patient)})
        browser.post(app.question(), {"decision": "no"})

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT event, detail, purpose FROM journal_entry WHERE organisation_id = %s",
                [doctor.organisation.id],
            )
            rows = cursor.fetchall()
        events = {event for event, _, _ in rows}
        assert {
            "grants.app_registered",
            "grants.use_begun",
            "grants.given",
            "grants.exchanged",
            "grants.refreshed",
            "grants.ended",
            "grants.launched",
            "grants.refused",
        } <= events
        text = json.dumps(rows)
        tokens = [value for name, value in made.items() if name.endswith("token")]
        assert not [secret for secret in (code, *tokens) if secret in text]

    def test_nothing_secret_is_logged(self, browser, elsewhere, app, caplog):
        caplog.set_level(logging.DEBUG)
        code = code_from(browser, app, scope="openid offline_access")
        made = app.tokens(elsewhere, code).json()
        app.tokens(elsewhere, code)

        records = [one for one in caplog.records if not one.name.startswith("django.db")]
        said = " ".join(record.getMessage() for record in records)
        for secret in (code, made["access_token"], made["refresh_token"], made["id_token"]):
            assert secret not in said
