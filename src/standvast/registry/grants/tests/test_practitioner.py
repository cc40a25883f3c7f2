"""`fhirUser` leads to a Practitioner: whoever let the app in, and their colleagues at most."""

import pytest

from standvast.fhir.api import check_resource
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.places import practitioner
from standvast.registry.grants.testing import an_app, code_from

pytestmark = pytest.mark.django_db


def reads(client, made, address):
    headers = {"Authorization": f"Bearer {made['access_token']}"}
    return client.get(address, headers=headers)


def path_of(person):
    return f"/fhir/Practitioner/{person.id}"


@pytest.fixture
def made(doctor, browser, elsewhere, now):
    def act(scope):
        app = an_app(doctor.actor, now=now, scopes=scope)
        return app.tokens(elsewhere, code_from(browser, app, scope=scope)).json()

    return act


class TestFhirUser:
    def test_is_an_address_at_which_the_app_reads_who_let_it_in(self, made, doctor, elsewhere):
        got = made("openid fhirUser")
        told = reads(elsewhere, got, "/oauth/userinfo/").json()

        answer = reads(elsewhere, got, "/" + told["fhirUser"].split("/", 3)[3])

        assert told["fhirUser"] == practitioner(doctor.person.id)
        assert answer.status_code == 200
        check_resource("Practitioner", answer.json())
        assert answer.json() == {
            "resourceType": "Practitioner",
            "id": str(doctor.person.id),
            "active": True,
            "name": [{"text": doctor.person.display_name}],
        }

    def test_opens_no_colleague(self, made, doctor, elsewhere):
        colleague = a_colleague(Role.ASSISTANT, doctor.organisation)

        answer = reads(elsewhere, made("openid fhirUser"), path_of(colleague.person))

        assert answer.status_code == 404

    def test_without_it_nobody_is_shown(self, made, doctor, elsewhere):
        answer = reads(elsewhere, made("openid profile"), path_of(doctor.person))

        assert answer.status_code == 403


class TestColleagues:
    def test_are_shown_where_the_app_was_let_in_for_them(self, made, doctor, elsewhere):
        colleague = a_colleague(Role.ASSISTANT, doctor.organisation)

        answer = reads(elsewhere, made("user/Practitioner.r"), path_of(colleague.person))

        assert answer.json()["name"] == [{"text": colleague.person.display_name}]

    def test_of_others_are_not_there_for_an_app_nor_for_a_person(self, made, elsewhere, browser):
        other = a_colleague(Role.GP)

        answer = reads(elsewhere, made("user/Practitioner.r"), path_of(other.person))

        assert answer.status_code == 404
        assert browser.get(path_of(other.person)).status_code == 404

    def test_are_no_more_once_they_left(self, doctor, browser):
        other = a_colleague(Role.GP)
        colleague = a_colleague(Role.ASSISTANT, doctor.organisation)
        assert browser.get(path_of(colleague.person)).status_code == 200

        type(colleague.person).objects.filter(id=colleague.person.id).update(is_active=False)

        assert browser.get(path_of(colleague.person)).status_code == 404
        assert signed_in_client(other).get(path_of(doctor.person)).status_code == 404
