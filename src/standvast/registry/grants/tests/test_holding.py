"""What was given holds until something ends it, and what ends it is felt by the next request."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from standvast.registry.access.api import (
    Grant,
    Holding,
    Purpose,
    Role,
    end_membership,
    memberships_of,
)
from standvast.registry.access.models import Membership
from standvast.registry.access.ruling.operations.glass import break_glass
from standvast.registry.access.ruling.operations.persons import set_grant
from standvast.registry.access.testing import (
    a_colleague,
    a_membership,
    an_organisation,
    signed_in_client,
)
from standvast.registry.grants.holding import bearer_of
from standvast.registry.grants.models import Token
from standvast.registry.grants.operations.registering import (
    AppData,
    begin_use,
    change_app,
    end_use,
    set_open,
)
from standvast.registry.grants.queries.apps import app_view
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.grants.testing import an_app, code_from, told_back
from standvast.registry.patients.looks import looks_at
from standvast.registry.patients.testing import a_patient

pytestmark = pytest.mark.django_db
SCOPE = "openid offline_access launch/patient patient/Patient.rs"


@pytest.fixture
def patient(doctor, now):
    return a_patient(doctor.actor, now, family="Zonderling").patient_id


@pytest.fixture
def made(app, browser, elsewhere, patient):
    answer = browser.post(app.question(scope=SCOPE), {"decision": "yes", "patient": str(patient)})
    return app.tokens(elsewhere, told_back(answer)["code"]).json()


def reads(client, made, patient_id):
    headers = {"Authorization": f"Bearer {made['access_token']}"}
    return client.get(f"/fhir/Patient/{patient_id}", headers=headers).status_code


def person_leaves(doctor, app, now):
    colleague = a_colleague(Role.GP, doctor.organisation)
    membership = Membership.objects.get(person=doctor.person)
    end_membership(actor=colleague.actor, membership_id=membership.id, now=now)


def password_changes(doctor, app, now):
    doctor.person.set_password("een heel ander wachtwoord")
    doctor.person.save()


def person_is_put_away(doctor, app, now):
    doctor.person.is_active = False
    doctor.person.save()


def app_is_closed(doctor, app, now):
    set_open(actor=doctor.actor, app_id=app.app_id, is_open=False, now=now)


def use_ends(doctor, app, now):
    end_use(actor=doctor.actor, app_id=app.app_id, organisation_id=doctor.organisation.id, now=now)


def person_takes_it_back(doctor, app, now):
    signed_in_client(doctor).post("/grants/end/", {"app": str(app.app_id)})


def organisation_becomes_another(doctor, app, now):
    Membership.objects.filter(person=doctor.person).update(held_until=now)
    a_membership(doctor.person, an_organisation())


ENDS = [
    person_leaves,
    password_changes,
    person_is_put_away,
    app_is_closed,
    use_ends,
    person_takes_it_back,
    organisation_becomes_another,
]


class TestWhatWasGivenEnds:
    @pytest.mark.parametrize("happens", ENDS)
    def test_when(self, happens, doctor, app, made, patient, elsewhere, now):
        assert reads(elsewhere, made, patient) == 200

        happens(doctor, app, now)

        assert bearer_of(made["access_token"], address="", now=now) is None
        assert reads(elsewhere, made, patient) in (401, 403)
        answer = app.ask(
            elsewhere, "token", grant_type="refresh_token", refresh_token=made["refresh_token"]
        )
        assert answer.status_code in (400, 401)

    def test_when_its_time_is_over(self, made, patient, elsewhere, now):
        Token.objects.update(expires_at=now - timedelta(seconds=1))

        assert reads(elsewhere, made, patient) in (401, 403)

    def test_when_the_app_gives_it_back(self, app, made, patient, elsewhere):
        assert app.ask(elsewhere, "revoke", token=made["refresh_token"]).status_code == 200

        assert reads(elsewhere, made, patient) in (401, 403)

    def test_not_when_another_app_gives_it_back(self, made, doctor, patient, elsewhere, now):
        other = an_app(doctor.actor, now=now)

        assert other.ask(elsewhere, "revoke", token=made["refresh_token"]).status_code == 200

        assert reads(elsewhere, made, patient) == 200


class TestATokenOpensNoMoreThanWasGiven:
    def test_one_patient_is_no_other(self, made, doctor, patient, elsewhere, now):
        other = a_patient(doctor.actor, now, family="Ander").patient_id

        assert reads(elsewhere, made, patient) == 200
        assert reads(elsewhere, made, other) == 404

    def test_nor_another_organisations(self, made, elsewhere, now):
        theirs = a_patient(a_colleague(Role.GP).actor, now).patient_id

        assert reads(elsewhere, made, theirs) == 404

    def test_nor_what_its_scopes_leave_out(self, let_in, doctor, elsewhere, now):
        """The doctor may see patients; this app was not let in for that."""
        patient = a_patient(doctor.actor, now).patient_id

        assert reads(elsewhere, let_in(scope="openid profile"), patient) == 403

    def test_nor_what_the_role_does_not_give(self, elsewhere, now):
        """The app was let in for patients; its person may not see any."""
        office = a_colleague(Role.OFFICE)
        app = an_app(office.actor, now=now, scopes="openid user/Patient.rs")
        made = app.tokens(
            elsewhere, code_from(signed_in_client(office), app, scope="user/Patient.rs")
        ).json()
        patient = a_patient(a_colleague(Role.GP).actor, now).patient_id

        assert made["scope"] == "user/Patient.rs"
        assert reads(elsewhere, made, patient) == 403

    def test_nor_what_the_practice_withholds_from_its_person(
        self, made, doctor, patient, elsewhere, now
    ):
        """The role still gives it; what is withheld beside the role is felt by apps as well."""
        colleague = a_colleague(Role.GP, doctor.organisation)
        assert reads(elsewhere, made, patient) == 200

        set_grant(
            actor=colleague.actor,
            person_id=doctor.person.id,
            grant=Grant.PATIENT_DATA,
            holding=Holding.WITHHELD,
            now=now,
        )

        assert reads(elsewhere, made, patient) == 403

    def test_nor_what_its_person_opens_in_an_emergency(self, made, doctor, patient, elsewhere, now):
        self.test_nor_what_the_practice_withholds_from_its_person(
            made, doctor, patient, elsewhere, now
        )
        [work] = memberships_of(doctor.person.id)
        actor = replace(doctor.actor, held=work.held)

        break_glass(
            actor=actor, right="patients.see", purpose=Purpose.URGENT_CARE, why="w", now=now
        )

        assert signed_in_client(doctor).get(f"/patients/{patient}/").status_code == 200
        assert reads(elsewhere, made, patient) == 403

    def test_nor_more_than_was_registered(self, app, browser, elsewhere, doctor, patient):
        answer = browser.post(
            app.question(scope="launch/patient patient/*.cruds user/Patient.rs openid"),
            {"decision": "yes", "patient": str(patient)},
        )
        made = app.tokens(elsewhere, told_back(answer)["code"]).json()

        assert made["scope"] == "launch/patient patient/Patient.rs openid"

    @pytest.mark.parametrize("where", ["query", "basic", "cookie", "empty", "made_up"])
    def test_is_shown_in_the_header_and_nowhere_else(self, made, patient, where):
        token, client = made["access_token"], Client()
        headers = {
            "basic": {"Authorization": f"Basic {token}"},
            "empty": {"Authorization": "Bearer "},
            "made_up": {"Authorization": f"Bearer {token}x"},
        }.get(where, {})
        if where == "cookie":
            client.cookies["standvast_session"] = token
        query = {"access_token": token} if where == "query" else {}

        answer = client.get(f"/fhir/Patient/{patient}", query, headers=headers)

        assert answer.status_code in (400, 401, 403)
        who = client.get("/oauth/userinfo/", query, headers=headers)
        assert who.status_code == 401

    def test_does_not_open_our_own_pages(self, made, patient, elsewhere):
        headers = {"Authorization": f"Bearer {made['access_token']}"}

        assert elsewhere.get(f"/patients/{patient}/", headers=headers).status_code == 302
        assert elsewhere.get("/grants/", headers=headers).status_code == 302

    def test_nor_more_than_is_registered_now(self, app, made, doctor, patient, elsewhere, now):
        known = app_view(app.app_id)
        change_app(
            actor=doctor.actor,
            app_id=app.app_id,
            data=AppData(
                title=known.title,
                supplier=known.supplier,
                telephone="",
                proof=known.proof,
                redirects=known.redirects,
                scopes="openid offline_access",
            ),
            now=now,
        )

        assert reads(elsewhere, made, patient) == 403
        answer = app.ask(
            elsewhere, "token", grant_type="refresh_token", refresh_token=made["refresh_token"]
        )
        assert answer.json()["scope"] == "openid offline_access"
        assert "patient" not in answer.json()


class TestWhatEnded:
    """What came to an end does not begin again because its reason did."""

    def revives(self, app, made, elsewhere):
        answer = app.ask(
            elsewhere, "token", grant_type="refresh_token", refresh_token=made["refresh_token"]
        )
        return answer.status_code == 200

    def test_with_a_leaver_stays_so_when_they_come_back(
        self, app, made, doctor, patient, elsewhere, now
    ):
        person_leaves(doctor, app, now)
        a_membership(doctor.person, doctor.organisation)

        assert reads(elsewhere, made, patient) == 401
        assert not self.revives(app, made, elsewhere)
        asked = signed_in_client(doctor).get(app.question(scope="openid"))
        assert 'name="decision" value="yes"' in asked.text

    def test_with_a_closed_app_stays_so_when_it_opens(self, app, made, doctor, elsewhere, now):
        app_is_closed(doctor, app, now)
        set_open(actor=doctor.actor, app_id=app.app_id, is_open=True, now=now)

        assert not self.revives(app, made, elsewhere)

    def test_with_its_use_stays_so_when_it_is_used_again(self, app, made, doctor, elsewhere, now):
        use_ends(doctor, app, now)
        at = {"app_id": app.app_id, "organisation_id": doctor.organisation.id}
        begin_use(actor=doctor.actor, **at, now=now)

        assert not self.revives(app, made, elsewhere)


class TestWhatAnAppReads:
    def test_is_written_down_with_the_apps_name_beside_the_persons(
        self, made, doctor, patient, elsewhere
    ):
        reads(elsewhere, made, patient)
        headers = {"Authorization": f"Bearer {made['access_token']}"}
        elsewhere.get(f"/fhir/Patient?_id={patient}", headers=headers)

        looks = [one for one in looks_at(doctor.organisation.id, patient) if one.done == "looked"]
        assert [(one.name, one.app) for one in looks] == [
            (doctor.person.display_name, "Voorbeeld-app"),
            (doctor.person.display_name, "Voorbeeld-app"),
        ]

    def test_is_seen_so_in_the_patients_list(self, made, doctor, patient, elsewhere):
        reads(elsewhere, made, patient)
        signed_in_client(doctor).get(f"/patients/{patient}/")

        shown = signed_in_client(doctor).get(f"/patients/{patient}/looks/").text

        assert f"{doctor.person.display_name}, via Voorbeeld-app" in shown
        own = [one for one in looks_at(doctor.organisation.id, patient) if one.done == "looked"]
        assert [one.app for one in own if one.app] == ["Voorbeeld-app"]
        assert not all(one.app for one in own), "the person's own look stands without it"


class TestWhatATokenIsWorth:
    def test_is_told_to_its_own_app(self, doctor, browser, elsewhere, now):
        app = an_app(doctor.actor, now=now, proof=Proof.SECRET)
        made = app.tokens(elsewhere, code_from(browser, app, scope="openid")).json()

        told = app.ask(elsewhere, "introspect", token=made["access_token"]).json()

        assert told["active"] is True
        assert told["client_id"] == app.client_id
        assert told["sub"] == str(doctor.person.id)

    def test_is_told_to_no_other(self, made, doctor, elsewhere, now):
        other = an_app(doctor.actor, now=now, proof=Proof.SECRET)

        told = other.ask(elsewhere, "introspect", token=made["access_token"]).json()

        assert told == {"active": False}

    def test_is_not_told_to_whoever_cannot_keep_a_secret(self, app, made, elsewhere):
        answer = app.ask(elsewhere, "introspect", token=made["access_token"])

        assert answer.status_code == 401


class TestPagesOfAppsInABrowser:
    def test_may_read_answers_where_they_are_registered(self, app, made, patient, elsewhere):
        headers = {
            "Authorization": f"Bearer {made['access_token']}",
            "Origin": "https://app.example",
        }

        answer = elsewhere.get(f"/fhir/Patient/{patient}", headers=headers)

        assert answer["Access-Control-Allow-Origin"] == "https://app.example"
        assert "Access-Control-Allow-Credentials" not in answer

    @pytest.mark.parametrize(
        "origin",
        ["https://evil.example", "null", "https://app.example.evil.example", "http://app.example"],
    )
    def test_may_not_elsewhere(self, app, made, patient, elsewhere, origin):
        for address in (f"/fhir/Patient/{patient}", "/oauth/userinfo/"):
            answer = elsewhere.get(address, headers={"Origin": origin})
            assert "Access-Control-Allow-Origin" not in answer

    def test_ask_first_what_they_may_send(self, app, elsewhere):
        headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
        for address in ("/oauth/token/", "/fhir/Patient/x"):
            answer = elsewhere.options(address, headers=headers)
            assert answer.status_code == 204
            assert "Authorization" in answer["Access-Control-Allow-Headers"]

    def test_may_read_from_anywhere_what_is_public(self, elsewhere):
        for address in ("/.well-known/openid-configuration", "/oauth/keys/"):
            answer = elsewhere.get(address, headers={"Origin": "https://any.example"})
            assert answer["Access-Control-Allow-Origin"] == "*"
