"""The desk adds, changes and retires what people click through to."""

from datetime import UTC, datetime

import pytest

from standvast.care.launches.models import Version
from standvast.care.launches.operations.going import go
from standvast.care.launches.queries.targets import live_targets, versions_of
from standvast.care.launches.rules.targets import State
from standvast.care.launches.testing import a_target, walked
from standvast.care.launches.tests.world import world
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import CodeSystem
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.testing import a_patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIST = "/desk/launches/"


@pytest.fixture
def there(tmp_path, settings):
    with world(tmp_path) as found:
        settings.OUTSIDE = found.url
        yield found


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD)


@pytest.fixture
def client(lead):
    return signed_in_client(lead)


def written(there, **other):
    return {
        "name": "portal",
        "title": "Apotheekportaal",
        "purpose": "Overzicht zien",
        "kind": "form",
        "address": there.address("pharmacy-portal"),
        "claims": "organisation = organisation\npatient_name = patient-family\n"
        "patient_birth_date = patient-birth-date",
        "status": "200",
        "marker": "Medication overview",
        "echoes": "patient_name patient_birth_date",
        "owner": "Portaal",
        "telephone": "000-1",
        "instead_nl": "Bel de apotheek.",
        **other,
    }


class TestAdd:
    def test_is_walked_at_once_and_live_in_one_act_after(self, client, there):
        answer = client.post(f"{LIST}-/add/", written(there))

        assert answer.headers["Location"] == f"{LIST}portal/"
        [version] = versions_of("portal")
        assert (version.state, version.is_proven) == (State.PROPOSED, True)
        assert live_targets() == ()

        client.post(f"{LIST}portal/{version.id}/live/")

        assert [one.slug for one in live_targets()] == ["portal"]
        assert "Apotheekportaal" in client.get(LIST).text

    def test_one_that_fails_its_walk_stays_unseen_and_the_page_says_why(self, client, there):
        there.behaves("pharmacy-portal", answers="sign-in")
        client.post(f"{LIST}-/add/", written(there))
        [version] = versions_of("portal")

        text = client.get(f"{LIST}portal/").text
        refused = client.post(f"{LIST}portal/{version.id}/live/")

        assert "Er verschijnt een aanmeldpagina" in text
        assert f"{version.id}/live/" not in text
        assert refused.status_code == 409
        there.behaves("pharmacy-portal")
        client.post(f"{LIST}portal/{version.id}/walk/")
        assert f"{version.id}/live/" in client.get(f"{LIST}portal/").text

    @pytest.mark.parametrize(
        "wrong",
        [
            {"address": "http://lab.example/"},
            {"claims": "patient = moon"},
            {"echoes": "moon"},
            {"organisations": "99999999"},
            {"name": "Not A Slug"},
            {"marker": "", "echoes": ""},
            {"instead_nl": ""},
        ],
    )
    def test_what_cannot_be_is_said_on_the_form_and_kept_there(self, client, there, wrong):
        answer = client.post(f"{LIST}-/add/", written(there, **wrong))

        assert answer.status_code == 422
        assert "Overzicht zien" in answer.text
        assert not Version.objects.exists()

    def test_who_sees_it_is_named_by_number(self, client, there):
        practice = an_organisation(code_system=CodeSystem.AGB, code="01234567")

        client.post(f"{LIST}-/add/", written(there, organisations="01234567"))

        assert versions_of("portal")[0].draft.organisation_ids == (str(practice.id),)
        assert "01234567" in client.get(f"{LIST}portal/change/").text


class TestChange:
    def test_shows_what_there_is_and_proposes_a_next_version(self, client, there):
        client.post(f"{LIST}-/add/", written(there))
        first = versions_of("portal")[0]
        client.post(f"{LIST}portal/{first.id}/live/")

        text = client.get(f"{LIST}portal/change/").text
        client.post(f"{LIST}portal/change/", written(there, title="Nieuw portaal"))

        assert "patient_name = patient-family" in text
        assert [one.draft.title for one in live_targets()] == ["Apotheekportaal"]
        assert versions_of("portal")[0].draft.title == "Nieuw portaal"

    def test_is_taken_back_and_retired(self, client, lead, there):
        for title in ("Eerst", "Daarna"):
            a_target(lead.actor, now=datetime.now(UTC), title=title)

        client.post(f"{LIST}orders/back/")
        assert [one.draft.title for one in live_targets()] == ["Eerst"]

        client.post(f"{LIST}orders/retire/")
        assert live_targets() == ()
        assert "niet meer aangeboden" in client.get(f"{LIST}orders/").text


class TestSee:
    def test_says_state_reason_last_walk_and_use(self, client, lead, there):
        a_target(lead.actor, now=NOW)
        walked("orders", now=datetime.now(UTC), code="launches.far_fault", status=500)
        gp = a_colleague(Role.GP)
        patient_id = a_patient(gp.actor, NOW).patient_id
        go(
            actor=gp.actor,
            slug="orders",
            patient_id=patient_id,
            anyway=True,
            now=datetime.now(UTC),
        )

        text = client.get(LIST).text

        assert "Het meldt een eigen storing (500)." in text
        assert "1 systeem werkt nu niet." in text

    def test_an_operator_sees_and_does_not_act(self, lead, there):
        a_target(lead.actor, now=NOW)
        operator = signed_in_client(a_colleague(Role.OPERATOR))

        assert "retire" not in operator.get(f"{LIST}orders/").text
        assert operator.post(f"{LIST}orders/retire/").status_code == 403

    def test_shows_the_public_key_and_never_the_private(self, client, lead, there):
        target = a_target(lead.actor, now=NOW)

        text = client.get(f"{LIST}orders/").text

        assert target.public_key.splitlines()[1] in text
        assert "PRIVATE" not in text

    def test_says_what_the_empty_list_is_for(self, client):
        assert client.get(LIST).status_code == 200
        assert client.get(f"{LIST}moon/").status_code == 404
