"""A click out: what goes along, who may, what greys, and what is written down."""

import re
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from standvast.care.launches.destinations.own_page import Form
from standvast.care.launches.models import Hour
from standvast.care.launches.operations.forgetting import HOURS_KEPT, forget_hours
from standvast.care.launches.operations.going import go
from standvast.care.launches.queries.usage import used_by_target, users_count, users_of
from standvast.care.launches.rules.targets import Contract, Kind
from standvast.care.launches.synthetic import PRACTICE_ID, make_ready
from standvast.care.launches.testing import a_target, walked
from standvast.core.journal.api import recent
from standvast.kit.actor import house_actor
from standvast.registry.access.api import Grant, Holding
from standvast.registry.access.rules import Role
from standvast.registry.access.ruling.operations.persons import set_grant
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import Kind as OrganisationKind
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 9, 20, tzinfo=UTC)
LINK = {
    "kind": Kind.LINK,
    "claims": {},
    "contract": Contract(marker="x"),
}


@pytest.fixture(autouse=True)
def simulated(settings):
    settings.OUTSIDE = "http://127.0.0.1:1"


@pytest.fixture
def lead():
    return a_colleague(Role.OPERATOR_LEAD).actor


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def orders(lead):
    return a_target(lead, now=NOW)


@pytest.fixture
def patient(gp):
    known = {"family": "Zonderling", "numbers": {System.BSN: BSNS[0]}}
    return a_patient(gp.actor, NOW, **known).patient_id


def address(patient_id=None, slug="orders"):
    return f"/launch/out/{slug}/" + (f"{patient_id}/" if patient_id else "")


def form_in(text):
    form = Form()
    form.feed(text)
    return form


def told(target, token, **more):
    return jwt.decode(
        token,
        target.public_key,
        algorithms=["ES256"],
        audience=target.draft.audience,
        options={"verify_exp": False, "verify_iat": False, **more},
    )


def clicked(who, patient_id, slug="orders"):
    answer = signed_in_client(who).post(address(patient_id, slug))
    assert answer.status_code == 200, answer.text
    return form_in(answer.text)


class TestHandedOver:
    def test_is_a_form_with_a_token_of_a_minute_that_says_who_for_whom_about_whom(
        self, gp, patient, orders, settings
    ):
        form = clicked(gp, patient)
        [(field, token)] = form.fields
        claims = told(orders, token)

        assert (form.address, field) == (orders.draft.address, "token")
        assert claims["iss"] == settings.ADDRESS
        assert claims["exp"] - claims["iat"] == 60
        assert claims["user-id"] == {"value": str(gp.person.id)}
        assert claims["org-id"]["value"] == gp.organisation.code
        assert claims["context"] == {
            "patient-id": str(patient),
            "family": "Zonderling",
            "birth-date": "1962-03-15",
            "bsn": BSNS[0],
            "task": "order",
        }

    def test_each_click_has_a_number_of_its_own(self, gp, patient, orders):
        numbers = {told(orders, clicked(gp, patient).fields[0][1])["jti"] for _ in range(3)}

        assert len(numbers) == 3

    def test_another_targets_key_signed_nothing_of_it(self, gp, patient, lead, orders):
        other = a_target(lead, now=NOW, slug="diagnostics")
        token = clicked(gp, patient).fields[0][1]

        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, other.public_key, algorithms=["ES256"], options={"verify_aud": False})

    def test_nothing_of_anybody_stands_in_an_address_or_in_the_journal(self, gp, patient, orders):
        form = clicked(gp, patient)

        said = str(recent(gp.organisation.id))
        assert "Zonderling" not in form.address + said
        assert BSNS[0] not in form.address + said

    def test_only_claims_that_are_mapped_go_along(self, gp, patient, lead):
        a_target(lead, now=NOW, slug="pharmacy-portal")

        form = clicked(gp, patient, "pharmacy-portal")

        assert dict(form.fields) == {
            "organisation": gp.organisation.code,
            "patient_name": "Zonderling",
            "patient_birth_date": "1962-03-15",
        }

    def test_a_plain_link_carries_nobody(self, gp, lead):
        a_target(lead, now=NOW, slug="orders", **LINK)

        form = clicked(gp, None)

        assert (form.address, form.fields) == ("http://127.0.0.1:9/open", [])

    def test_a_form_may_go_to_its_site_and_to_no_other(self, gp, patient, orders):
        answer = signed_in_client(gp).post(address(patient))

        assert answer.headers["X-Standvast-Forms-To"] == "http://127.0.0.1:9"
        assert "no-store" in answer.headers["Cache-Control"]

    def test_is_counted_by_the_hour_and_written_down_among_the_looks(self, gp, patient, orders):
        client = signed_in_client(gp)
        for _ in range(2):
            client.post(address(patient))

        [row] = Hour.objects.all()
        assert (row.count, row.organisation_id) == (2, gp.organisation.id)
        newest = recent(gp.organisation.id)[0]
        assert (newest.event, newest.record_id) == ("launches.gone", str(patient))
        assert "opende er een ander systeem mee" in client.get(f"/patients/{patient}/looks/").text

    def test_needs_a_patient_where_it_is_about_one(self, gp, orders):
        answer = signed_in_client(gp).post(address())

        assert answer.status_code == 409
        assert not Hour.objects.exists()


class TestWhoMay:
    def test_another_organisations_patient_does_not_exist(self, patient, orders):
        hostile = signed_in_client(a_colleague(Role.GP))

        assert hostile.post(address(patient)).status_code == 404
        assert hostile.get(address(patient)).status_code == 404
        assert not Hour.objects.exists()

    def test_a_system_for_others_does_not_exist(self, gp, lead, patient):
        other = a_colleague(Role.GP).organisation
        a_target(lead, now=NOW, organisation_ids=(str(other.id),))
        client = signed_in_client(gp)

        assert client.post(address(patient)).status_code == 404
        assert "Laboratorium Noord" not in client.get("/launch/out/").text
        assert "Laboratorium Noord" not in client.get(f"/patients/{patient}/").text

    def test_who_is_kept_from_patient_data_takes_nobody_along(self, gp, patient, orders):
        colleague = a_colleague(Role.ASSISTANT, gp.organisation)
        set_grant(
            actor=gp.actor,
            person_id=colleague.person.id,
            grant=Grant.PATIENT_DATA,
            holding=Holding.WITHHELD,
            now=NOW,
        )

        answer = signed_in_client(colleague).post(f"/launch/out/orders/{patient}/")

        assert answer.status_code == 403

    def test_who_sees_no_patients_goes_nowhere(self, orders):
        office = signed_in_client(a_colleague(Role.OFFICE))

        assert office.get("/launch/out/").status_code == 403
        assert office.post(address()).status_code == 403

    def test_one_that_is_retired_or_only_proposed_does_not_exist(self, gp, patient, lead):
        client = signed_in_client(gp)

        assert client.post(address(patient)).status_code == 404
        assert client.get("/launch/out/").status_code == 200


class TestGreyed:
    @pytest.fixture
    def broken(self, orders, lead):
        a_target(lead, now=NOW, slug="diagnostics")
        walked("diagnostics", now=datetime.now(UTC))
        walked("orders", now=datetime.now(UTC), code="launches.signs_in")

    def test_only_that_one_with_reason_and_time_and_what_to_do_instead(self, gp, patient, broken):
        text = signed_in_client(gp).get(f"/patients/{patient}/").text

        buttons = re.findall(r'action="(/launch/out/[^"]+)"', text)
        assert buttons == [address(patient, "diagnostics")]
        assert "Er verschijnt een aanmeldpagina" in text
        assert "papieren formulier" in text
        assert "Sinds" in text

    def test_a_click_meets_its_own_page_and_may_try_anyway(self, gp, patient, broken):
        client = signed_in_client(gp)

        stopped = client.post(address(patient))
        tried = client.post(address(patient), {"anyway": "1"})

        assert stopped.status_code == 503
        assert "000-1110001" in stopped.text
        assert 'name="anyway"' in stopped.text
        assert not form_in(stopped.text).address
        assert form_in(tried.text).address
        assert Hour.objects.get().count == 1, "who was stopped did not go"

    def test_the_others_go_on(self, gp, patient, broken):
        assert clicked(gp, patient, "diagnostics").address

    def test_what_nobody_has_walked_yet_is_not_called_broken(self, gp, patient, orders):
        assert clicked(gp, patient).address

    def test_the_page_of_all_says_how_many(self, gp, broken):
        assert "1 systeem werkt nu niet." in signed_in_client(gp).get("/launch/out/").text

    def test_each_language_has_its_words(self, gp, patient, broken):
        client = signed_in_client(gp)
        for language, words in (("fr", "formulaire papier"), ("en", "paper form")):
            gp.person.language = language
            gp.person.save(update_fields=["language"])

            assert words in client.get(address(patient)).text

    def test_a_page_asks_few_questions(self, gp, patient, broken, django_assert_max_num_queries):
        client = signed_in_client(gp)
        client.get("/launch/out/")

        with django_assert_max_num_queries(16):
            client.get("/launch/out/")


class TestUsage:
    def click(self, who, patient_id, now):
        go(actor=who.actor, slug="orders", patient_id=patient_id, anyway=False, now=now)

    def test_counts_a_day_thirty_days_and_organisations(self, gp, patient, orders):
        other = a_colleague(Role.GP)
        theirs = a_patient(other.actor, NOW).patient_id
        for days in (0, 0, 2, 29, 31):
            self.click(gp, patient, NOW - timedelta(days=days))
        self.click(other, theirs, NOW)

        used = used_by_target(NOW)[orders.target_id]

        assert (used.day_count, used.month_count, used.organisations_count) == (3, 5, 2)
        assert users_of(["orders"], NOW) == {gp.organisation.id, other.organisation.id}
        assert users_of(["diagnostics"], NOW) == frozenset()
        assert users_count(NOW) == 2

    def test_whoever_walks_is_not_counted(self, orders, settings):
        make_ready(issuer="x", public_key="y", now=NOW)
        actor = house_actor(PRACTICE_ID, role="gp")
        theirs = a_patient(actor, NOW).patient_id

        go(actor=actor, slug="orders", patient_id=theirs, anyway=True, now=NOW)

        assert users_count(NOW) == 0

    def test_is_forgotten_after_thirty_five_days(self, gp, patient, orders):
        self.click(gp, patient, NOW)

        assert forget_hours(NOW.replace(minute=0) + HOURS_KEPT) == 0
        assert forget_hours(NOW + HOURS_KEPT + timedelta(hours=1)) == 1


def test_a_pharmacy_and_a_hospital_click_through_as_well(lead):
    a_target(lead, now=NOW, slug="orders", **LINK)
    for role, kind in (
        (Role.PHARMACIST, OrganisationKind.PHARMACY),
        (Role.CARE_MANAGER, OrganisationKind.HOSPITAL),
    ):
        who = a_colleague(role, an_organisation(kind=kind))

        assert clicked(who, None).address
