"""Coverage by FHIR: what the page shows, said as a resource; nobody waits for the insurers."""

import time
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from standvast.care.insurance.models import Check, Coverage
from standvast.care.insurance.operations.answering import take_answers
from standvast.care.insurance.operations.asking import check_now
from standvast.care.insurance.resources import AGE
from standvast.care.insurance.rules.coverage import Answer, Policy
from standvast.core.journal.api import who_looked
from standvast.fhir.api import BEARER, Granted, check_resource
from standvast.kit.wiring import rewired
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
ASK, ANSWERS = "/fhir/CoverageEligibilityRequest", "/fhir/CoverageEligibilityResponse"
INSURED = Answer(
    "Gevonden",
    "ActieveVerzekeringen",
    (Policy("9991", "A1", "Basis", "Actief", "Basispakket", date(2026, 1, 1)),),
)
UNKNOWN = Answer("NietGevonden")


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


@pytest.fixture
def patient_id(gp):
    return a_patient(gp.actor, datetime.now(UTC), numbers={System.BSN: BSNS[0]}).patient_id


def request_about(patient, **more):
    return {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation"],
        "patient": patient,
        "created": "2026-11-30",
        "insurer": {"display": "unknown"},
        **more,
    }


def asked(client, patient, **more):
    return client.post(ASK, request_about(patient, **more), content_type="application/fhir+json")


def by_id(patient_id):
    return {"reference": f"Patient/{patient_id}"}


def answer_all(answer=INSURED, at=None):
    checks = Check.objects.filter(answered_at__isnull=True).values_list("id", flat=True)
    with transaction.atomic():
        take_answers(answers=dict.fromkeys(checks, answer), now=at or datetime.now(UTC))


def response(answer, status=200):
    assert answer.status_code == status, answer.text
    found = answer.json()
    check_resource("CoverageEligibilityResponse", found)
    return found


def refused(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json()["issue"][0]["details"]["coding"][0]["code"]


class TestAsking:
    def test_is_answered_at_once_with_what_is_known_and_read_again_for_more(
        self, client, patient_id
    ):
        answer = asked(client, by_id(patient_id))
        first = response(answer, 201)
        assert first["outcome"] == "queued"
        assert "insurance" not in first
        answer_all()

        found = response(client.get(answer["Location"]))

        assert answer["Location"].endswith(f"{ANSWERS}/{first['id']}")
        assert found["outcome"] == "complete"
        assert found["insurance"][0]["inforce"] is True
        (coverage,) = found["contained"]
        assert coverage["subscriberId"] == "A1"
        assert coverage["period"] == {"start": "2026-01-01"}
        assert found["insurer"]["identifier"]["value"] == "9991"

    def test_shows_the_last_known_answer_and_its_age_while_a_new_one_is_awaited(
        self, client, gp, patient_id
    ):
        long_ago = datetime.now(UTC) - timedelta(days=28)
        check_now(actor=gp.actor, patient_id=patient_id, now=long_ago)
        answer_all(at=long_ago)

        found = response(asked(client, by_id(patient_id)), 201)

        assert found["outcome"] == "queued"
        assert found["insurance"][0]["inforce"] is True
        (age,) = found["extension"]
        assert age["url"] == AGE
        assert age["valueDuration"]["value"] == pytest.approx(28 * 86_400, abs=60)

    def test_never_waits_for_the_insurers(self, client, patient_id):
        began = time.monotonic()
        response(asked(client, by_id(patient_id)), 201)  # nobody answers, here

        assert time.monotonic() - began < 2.5  # the import of the models included

    def test_that_takes_long_says_so_and_goes_on(self, client, patient_id):
        asked(client, by_id(patient_id))
        Coverage.objects.update(asked_at=datetime.now(UTC) - timedelta(seconds=4))

        (found,) = client.get(f"{ANSWERS}?patient=Patient/{patient_id}").json()["entry"]

        assert found["resource"]["outcome"] == "queued"
        assert "laat" in found["resource"]["disposition"]

    def test_that_reached_an_operator_is_an_error(self, client, patient_id):
        asked(client, by_id(patient_id))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_delivery SET state = 'refused', is_open = false,"
                " settled_at = now() WHERE lane = 'insurance.coverage'"
            )

        found = client.get(f"{ANSWERS}/{Coverage.objects.get().id}")

        assert response(found)["outcome"] == "error"

    def test_an_answer_that_is_not_clear_says_neither(self, client, patient_id):
        first = response(asked(client, by_id(patient_id)), 201)
        answer_all(UNKNOWN)

        found = response(client.get(f"{ANSWERS}/{first['id']}"))

        assert found["outcome"] == "complete"
        assert "insurance" not in found
        assert found["disposition"]

    def test_knows_a_patient_by_a_number_too(self, client, patient_id):
        number = {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": BSNS[0]}

        found = response(asked(client, {"identifier": number}), 201)

        assert found["patient"] == by_id(patient_id)
        assert BSNS[0] not in str(found)

    def test_each_look_is_written_down(self, client, gp, patient_id):
        response(asked(client, by_id(patient_id)), 201)

        events = [
            one.event
            for one in who_looked("insurance.coverage", str(patient_id), gp.organisation.id)
        ]
        assert events == ["insurance.seen", "insurance.asked"]

    @pytest.mark.parametrize(
        "more",
        [
            {"purpose": ["benefits"]},
            {"purpose": ["validation", "benefits"]},
            {"status": "cancelled"},
            {"servicedDate": "2020-01-01"},
            {"servicedPeriod": {"start": "2026-01-01"}},
        ],
        ids=lambda more: next(iter(more)),
    )
    def test_refuses_what_is_not_answered_here(self, client, patient_id, more):
        answer = asked(client, by_id(patient_id), **more)

        assert refused(answer, 422) == "insurance.request_not_taken"
        assert not Check.objects.exists()

    def test_takes_today_by_name(self, client, patient_id):
        today = timezone.localdate().isoformat()

        taken = response(asked(client, by_id(patient_id), servicedDate=today), 201)

        assert taken["resourceType"] == "CoverageEligibilityResponse"
        assert Check.objects.exists()

    def test_refuses_what_is_no_request_of_fhir(self, client, patient_id):
        wrong = asked(client, by_id(patient_id), created="yesterday")
        no_patient = asked(client, {"display": "Anna"})
        no_json = client.post(ASK, "<x/>", content_type="application/fhir+xml")

        assert refused(wrong, 422) == "fhir.resource_not_right"
        assert wrong.json()["issue"][0]["expression"] == ["CoverageEligibilityRequest.created"]
        assert refused(no_patient, 422) == "insurance.request_not_taken"
        assert refused(no_json, 415) == "fhir.media_unknown"

    def test_says_when_nobody_is_asked_here(self, client, patient_id, settings):
        settings.COVERAGE_URL = ""

        assert refused(asked(client, by_id(patient_id)), 409) == "insurance.not_set_up"


class TestAHostileOrganisation:
    def test_asks_and_reads_nothing_of_ours(self, client, patient_id):
        first = response(asked(client, by_id(patient_id)), 201)
        checks = Check.objects.count()
        hostile = signed_in_client(a_colleague(Role.GP))
        number = {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": BSNS[0]}

        met = [
            refused(asked(hostile, by_id(patient_id)), 404),
            refused(asked(hostile, {"identifier": number}), 404),
            refused(hostile.get(f"{ANSWERS}?patient=Patient/{patient_id}"), 404),
            refused(hostile.get(f"{ANSWERS}/{first['id']}"), 404),
        ]

        assert met == [*["patients.not_found"] * 3, "insurance.no_response"]
        assert Check.objects.count() == checks

    def test_nor_with_a_token_for_another_patient(self, client, gp, patient_id):
        scopes = frozenset({"patient/CoverageEligibilityRequest.c", "patient/*.rs"})
        first = response(asked(client, by_id(patient_id)), 201)

        with rewired(BEARER.filled(lambda *_: Granted(gp.actor, scopes, uuid4()))):
            bearer = {"headers": {"Authorization": "Bearer x"}}
            sent = client.post(
                ASK, request_about(by_id(patient_id)), content_type="application/fhir+json",
                **bearer,
            )  # fmt: skip
            read = client.get(f"{ANSWERS}/{first['id']}", **bearer)

        assert refused(sent, 404) == refused(read, 404) == "fhir.out_of_context"

    def test_a_search_without_a_patient_is_no_search(self, client):
        assert refused(client.get(ANSWERS), 400) == "fhir.request_not_right"

    def test_a_patient_who_was_never_asked_about_has_no_answer(self, client, gp):
        other = a_patient(gp.actor, datetime.now(UTC)).patient_id

        assert client.get(f"{ANSWERS}?patient={other}").json()["entry"] == []
