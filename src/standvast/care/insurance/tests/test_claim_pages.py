"""Pages about claims: one's own, by right, in a bounded number of questions."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from standvast.care.insurance.models import Activity, Coverage, Enrolment, Line, Submission
from standvast.care.insurance.operations.answered import take_claim_answers, take_payment
from standvast.care.insurance.operations.preparing import prepare
from standvast.care.insurance.rules.answers import LineAnswer, PaidRow, Specification
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.testing import (
    AFTERWARDS,
    QUARTER,
    a_bundle,
    an_enrolled_patient,
    cover,
)
from standvast.core.journal.api import recent
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.patients.api import System, patient_rows
from standvast.registry.patients.testing import BSNS

pytestmark = pytest.mark.django_db(transaction=True)
QUERIES_MAX = 32


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"


@pytest.fixture
def gp():
    return a_colleague()


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


@pytest.fixture
def bundle_id(gp):
    an_enrolled_patient(gp.actor, family="Goedhart", numbers={System.BSN: BSNS[0]})
    an_enrolled_patient(gp.actor, family="Wachter", covered=Status.UNKNOWN)
    return a_bundle(gp.actor)


def at(name, *args):
    return reverse(f"insurance:{name}", args=args)


def submitted(client, bundle_id):
    assert client.get(at("submit", bundle_id)).status_code == 200
    line = Line.objects.filter(bundle_id=bundle_id, state="in_bundle")
    seen = {
        "lines_count": line.count(),
        "cents": sum(one.cents for one in line),
        "after_version": Submission.objects.filter(bundle_id=bundle_id).count(),
    }
    return client.post(at("submit", bundle_id), seen)


def paid(bundle_id):
    made = Submission.objects.get(bundle_id=bundle_id)
    lines = Line.objects.filter(submission=made)
    with transaction.atomic():
        take_claim_answers(
            submission_id=made.id,
            answers=[LineAnswer(one.id, one.cents) for one in lines],
            now=AFTERWARDS,
        )
        rows = tuple(PaidRow(one.id, one.cents) for one in lines)
        paid_on = AFTERWARDS.date()
        take_payment(
            submission_id=made.id,
            paid=Specification(uuid4(), "B-77", paid_on, rows),
            now=AFTERWARDS,
        )


class TestOverview:
    def test_is_for_who_may_claim(self, gp):
        assistant = signed_in_client(a_colleague(Role.ASSISTANT, gp.organisation))

        assert assistant.get(at("claims")).status_code == 403

    def test_shows_ones_own_bundles(self, client, bundle_id):
        address, other = at("bundle", bundle_id), signed_in_client(a_colleague())

        assert address in client.get(at("claims")).text
        assert address not in other.get(at("claims")).text

    def test_prepares_a_quarter(self, client, gp):
        last = timezone.localdate() - timedelta(days=95)
        an_enrolled_patient(gp.actor, done_on=last, now=datetime.now(UTC))
        quarter = f"{last.year}-{(last.month + 2) // 3}"

        answer = client.post(at("prepare"), {"programme": "dm2", "quarter": quarter})

        assert answer.status_code == 303
        assert client.get(answer["Location"]).status_code == 200

    def test_refuses_what_is_no_quarter(self, client):
        assert client.post(at("prepare"), {"programme": "dm2", "quarter": "x"}).status_code == 422


class TestBundle:
    def test_names_what_stays_here_and_why(self, client, bundle_id, django_assert_max_num_queries):
        with django_assert_max_num_queries(QUERIES_MAX):
            text = client.get(at("bundle", bundle_id)).text

        assert "Goedhart" in text
        assert "Wachter" in text
        held = client.get(at("bundle", bundle_id), {"show": "held"}).text
        assert "Goedhart" not in held

    def test_each_patient_who_is_named_is_written_down(self, client, gp, bundle_id):
        client.get(at("bundle", bundle_id))

        seen = [one for one in recent(gp.organisation.id) if one.event == "insurance.claims_seen"]
        assert len(seen) == 2

    def test_a_strange_page_is_the_nearest_one(self, client, bundle_id):
        for wanted in ({"page": "x", "show": "y"}, {"page": "99"}, {"page": "0"}):
            assert client.get(at("bundle", bundle_id), wanted).status_code == 200

    def test_anothers_is_not_there(self, bundle_id):
        other = signed_in_client(a_colleague())

        for name in ("bundle", "submit", "paid", "paid_csv", "sums"):
            assert other.get(at(name, bundle_id)).status_code == 404

    def test_asks_about_those_of_whom_nothing_is_known(self, client, bundle_id, settings):
        assert client.post(at("ask", bundle_id)).status_code == 409
        settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"
        Coverage.objects.update(check_under_way=None)

        assert client.post(at("ask", bundle_id)).status_code == 303

        unknown = Line.objects.get(bundle_id=bundle_id, state="draft").patient_id
        asked = Coverage.objects.exclude(asked_at=None).values_list("patient_id", flat=True)
        assert list(asked) == [unknown]

    def test_says_that_somebody_is_being_asked_about(self, client, gp, bundle_id, settings):
        settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"
        an_enrolled_patient(
            gp.actor, family="Vraag", covered=Status.UNKNOWN, numbers={System.BSN: BSNS[1]}
        )
        client.post(at("validate", bundle_id))
        Coverage.objects.update(check_under_way=None)
        said = "Over 1 patiënt wordt het de verzekeraars gevraagd"
        assert said not in client.get(at("bundle", bundle_id)).text

        client.post(at("ask", bundle_id))

        assert said in client.get(at("bundle", bundle_id)).text

    def test_who_left_is_named_and_taken_back_in(self, client, gp, bundle_id):
        submitted(client, bundle_id)
        patient_id = Line.objects.get(state="submitted").patient_id
        enrolment = Enrolment.objects.get(patient_id=patient_id)
        after = QUARTER.after
        enrolment.until_on = after.first_on
        enrolment.save()
        later = prepare(actor=gp.actor, programme="dm2", quarter=after, now=AFTERWARDS)
        assert "Goedhart" in client.get(at("bundle", later)).text

        assert client.post(at("back", later), {"enrolment": enrolment.id}).status_code == 303

        enrolment.refresh_from_db()
        assert enrolment.until_on is None

    def test_a_person_decides(self, client, gp, bundle_id):
        patient_id = an_enrolled_patient(gp.actor, family="Dubbel", main=Main.DOUBLE)
        client.post(at("validate", bundle_id))
        shown = client.get(at("bundle", bundle_id)).text
        one = patient_rows(gp.organisation.id, [patient_id])[patient_id]
        born = one.birth_on.strftime("%d-%m-%Y")
        assert shown.index("Dubbel") < shown.index(born)
        assert "de andere kunnen gaan" not in shown
        enrolment = Enrolment.objects.get(patient_id=patient_id)

        said = {"enrolment": enrolment.id, "main": "here"}
        assert client.post(at("decide", bundle_id), said).status_code == 303
        assert client.post(at("decide", bundle_id), {}).status_code == 422

        enrolment.refresh_from_db()
        assert enrolment.main == Main.HERE


class TestSubmit:
    def test_goes_and_says_that_it_is_kept(self, client, bundle_id):
        assert submitted(client, bundle_id).status_code == 303

        for name in ("bundle", "sums"):
            assert "receipt--" in client.get(at(name, bundle_id)).text

    def test_other_than_was_seen_is_shown_again(self, client, gp, bundle_id):
        unknown = Line.objects.get(bundle_id=bundle_id, state="draft").patient_id
        cover(gp.actor, unknown, Status.INSURED, now=AFTERWARDS)
        seen = {"lines_count": 1, "cents": 6_395, "after_version": 0}

        answer = client.post(at("submit", bundle_id), seen)

        assert answer.status_code == 409
        assert not Submission.objects.exists()
        assert 'value="12790"' in answer.text
        again = {"lines_count": 2, "cents": 12_790, "after_version": 0}
        assert client.post(at("submit", bundle_id), again).status_code == 303

    def test_is_looked_through_first(self, client, bundle_id):
        answer = client.post(at("validate", bundle_id), {"then": "submit"})

        assert answer["Location"] == at("submit", bundle_id)

    def test_the_file_that_went_can_be_had(self, client, bundle_id):
        submitted(client, bundle_id)

        fhir = client.get(at("file", bundle_id, 1, "fhir"))
        assert len(json.loads(fhir.content)["entry"]) == 1
        assert client.get(at("file", bundle_id, 1, "fixed")).content.startswith(b"01")
        assert client.get(at("file", bundle_id, 2, "fhir")).status_code == 409
        assert client.get(at("file", bundle_id, 1, "vektis")).status_code == 404
        other = signed_in_client(a_colleague())
        assert other.get(at("file", bundle_id, 1, "fhir")).status_code == 404


class TestLine:
    def test_is_corrected_and_taken_back(self, client, bundle_id):
        submitted(client, bundle_id)
        paid(bundle_id)
        line = Line.objects.get(state="approved")
        assert client.get(at("line", line.id)).status_code == 200

        assert client.post(at("correct", line.id)).status_code == 303
        assert client.post(at("credit", line.id)).status_code == 409

        assert client.get(at("line", line.id)).status_code == 200
        assert Line.objects.filter(patient_id=line.patient_id).count() == 3

    def test_anothers_is_not_there(self, bundle_id):
        other, line = signed_in_client(a_colleague()), Line.objects.first()

        assert other.get(at("line", line.id)).status_code == 404
        assert other.post(at("correct", line.id)).status_code == 404


class TestPaid:
    def test_says_what_for(self, client, bundle_id):
        submitted(client, bundle_id)
        paid(bundle_id)

        text = client.get(at("paid", bundle_id)).text
        assert "B-77" in text
        assert "Goedhart" in text
        sheet = client.get(at("paid_csv", bundle_id))
        assert "B-77;2026-04-07;Goedhart" in sheet.text
        assert sheet.text.rstrip().endswith(";6395")

    def test_lists_people_by_name(self, client, gp, bundle_id):
        for family, number in (("Zwart", BSNS[1]), ("aalbers", BSNS[2])):
            an_enrolled_patient(gp.actor, family=family, numbers={System.BSN: number})
        again = a_bundle(gp.actor)
        submitted(client, again)
        paid(again)

        for name in ("paid", "paid_csv"):
            text = client.get(at(name, again)).text
            places = [text.index(family) for family in ("aalbers", "Goedhart", "Zwart")]
            assert places == sorted(places)

    def test_nothing_was_paid_yet(self, client, bundle_id):
        assert client.get(at("paid", bundle_id)).status_code == 200

    def test_no_cell_is_worked_out(self, client, gp):
        an_enrolled_patient(gp.actor, family="=1+1")
        bundle_id = a_bundle(gp.actor)
        submitted(client, bundle_id)
        paid(bundle_id)

        assert ";'=1+1" in client.get(at("paid_csv", bundle_id)).text


class TestCareCard:
    def test_enrols_records_and_takes_back(self, client, gp, bundle_id):
        patient_id = an_enrolled_patient(gp.actor, done=())
        today = timezone.localdate().isoformat()
        page = reverse("patients:patient", args=[patient_id])

        enrol = {"programme": "copd", "from_on": today, "main": "here"}
        assert client.post(at("enrol", patient_id), enrol).status_code == 303
        done = {"what": "copd.breath", "done_on": today}
        assert client.post(at("activity", patient_id), done).status_code == 303
        assert client.post(at("activity", patient_id), {"what": "x"}).status_code == 422

        activity = Activity.objects.get(patient_id=patient_id)
        assert gp.person.display_name in client.get(page).text
        assert client.post(at("withdraw", activity.id)).status_code == 303
        enrolment = Enrolment.objects.get(patient_id=patient_id, programme="dm2")
        left = {"enrolment": enrolment.id, "until_on": today}
        assert client.post(at("leave", patient_id), left).status_code == 303
        assert client.get(page).status_code == 200

    def test_anothers_patient_is_not_there(self, gp):
        patient_id = an_enrolled_patient(gp.actor)
        other = signed_in_client(a_colleague())

        for name in ("enrol", "leave", "activity"):
            assert other.post(at(name, patient_id)).status_code == 404
