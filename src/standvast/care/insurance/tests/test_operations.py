"""A question is asked once, answered once, and never stands in anybody's way."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from standvast.care.insurance.models import Check, Coverage
from standvast.care.insurance.operations.answering import take_answers
from standvast.care.insurance.operations.asking import (
    FORGOTTEN_AFTER,
    LANE,
    CoverageNotSetUp,
    check_now,
    on_patient_corrected,
    on_patient_registered,
)
from standvast.care.insurance.queries.coverage import coverage_view, questions_of, to_look_at
from standvast.care.insurance.rules.coverage import Answer, Path, Policy, Status
from standvast.core.delivery.api import receipt_of
from standvast.events.patients import PatientCorrected, PatientRegistered
from standvast.kit.actor import Actor
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.api import PatientNotFound, System
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INSURED = Answer(
    "Gevonden",
    "ActieveVerzekeringen",
    (Policy("9991", "A1", "Basis", "Actief", "Basispakket", date(2026, 1, 1)),),
)


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"


def actor() -> Actor:
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


@pytest.fixture
def gp():
    return actor()


@pytest.fixture
def patient_id(gp):
    return a_patient(gp, NOW, numbers={System.BSN: BSNS[0]}).patient_id


def heard(event, operation):
    with transaction.atomic():
        operation(event, now=NOW)


def answered(answers, now=NOW):
    with transaction.atomic():
        take_answers(answers=answers, now=now)


class TestAsk:
    def test_somebody_new_is_asked_about_by_itself(self, gp, patient_id):
        heard(PatientRegistered(patient_id, gp.organisation_id, NOW), on_patient_registered)

        found = coverage_view(gp.organisation_id, patient_id)
        assert found is not None
        assert found.status is Status.UNKNOWN
        assert receipt_of(LANE, str(found.check_id)) is not None

    def test_hearing_twice_asks_once(self, gp, patient_id):
        for _ in range(2):
            heard(PatientRegistered(patient_id, gp.organisation_id, NOW), on_patient_registered)

        assert Check.objects.count() == 1

    def test_nothing_is_asked_where_nobody_can_be_asked(self, gp, patient_id, settings):
        settings.COVERAGE_URL = ""
        heard(PatientRegistered(patient_id, gp.organisation_id, NOW), on_patient_registered)

        with pytest.raises(CoverageNotSetUp):
            check_now(actor=gp, patient_id=patient_id, now=NOW)
        assert not Coverage.objects.exists()

    def test_too_little_known_reaches_a_person_until_it_is_mended(self, gp):
        nobody = a_patient(gp, NOW).patient_id
        check_now(actor=gp, patient_id=nobody, now=NOW)

        [to_mend] = to_look_at(gp.organisation_id)
        assert (to_mend.code, to_mend.is_under_way) == ("cannot_ask", False)

        heard(PatientCorrected(nobody, gp.organisation_id, 2, NOW), on_patient_corrected)
        assert Check.objects.count() == 0

    def test_anothers_patient_is_not_asked_about(self, patient_id):
        with pytest.raises(PatientNotFound):
            check_now(actor=actor(), patient_id=patient_id, now=NOW)

        assert not Coverage.objects.exists()

    def test_a_question_that_was_forgotten_is_asked_anew(self, gp, patient_id):
        check_now(actor=gp, patient_id=patient_id, now=NOW)
        check_now(actor=gp, patient_id=patient_id, now=NOW + FORGOTTEN_AFTER - timedelta(seconds=1))
        assert Check.objects.count() == 1

        check_now(actor=gp, patient_id=patient_id, now=NOW + FORGOTTEN_AFTER)

        assert Check.objects.count() == 2

    def test_a_question_is_made_from_what_is_known_when_it_is_offered(self, gp, patient_id):
        check_now(actor=gp, patient_id=patient_id, now=NOW)

        [question] = questions_of(list(Check.objects.values_list("id", flat=True)))
        assert (question.search.path, question.search.bsn) == (Path.BSN, BSNS[0])


class TestTakeAnswers:
    def under_way(self, gp, patient_id):
        check_now(actor=gp, patient_id=patient_id, now=NOW)
        return Coverage.objects.get(patient_id=patient_id).check_under_way_id

    def test_what_was_said_is_known_and_kept(self, gp, patient_id):
        check_id = self.under_way(gp, patient_id)

        answered({check_id: INSURED})

        found = coverage_view(gp.organisation_id, patient_id)
        assert (found.status, found.insurer, found.is_under_way) == (Status.INSURED, "9991", False)
        evidence = Check.objects.get(id=check_id)
        assert (evidence.found, evidence.person) == ("Gevonden", "ActieveVerzekeringen")

    def test_the_last_known_answer_stands_while_the_next_is_awaited(self, gp, patient_id):
        answered({self.under_way(gp, patient_id): INSURED})

        check_now(actor=gp, patient_id=patient_id, now=NOW + timedelta(days=1))

        found = coverage_view(gp.organisation_id, patient_id)
        assert (found.status, found.answered_at, found.is_under_way) == (Status.INSURED, NOW, True)

    def test_a_second_answer_changes_nothing(self, gp, patient_id):
        check_id = self.under_way(gp, patient_id)
        answered({check_id: INSURED})

        answered({check_id: Answer("NietGevonden")}, NOW + timedelta(minutes=1))

        found = coverage_view(gp.organisation_id, patient_id)
        assert (found.status, found.answered_at) == (Status.INSURED, NOW)

    def test_a_late_answer_to_a_forgotten_question_does_not_undo_a_newer_one(self, gp, patient_id):
        old = self.under_way(gp, patient_id)
        later = NOW + FORGOTTEN_AFTER
        check_now(actor=gp, patient_id=patient_id, now=later)
        new = Coverage.objects.get(patient_id=patient_id).check_under_way_id
        answered({new: INSURED}, later)

        answered({old: Answer("NietGevonden")}, later + timedelta(minutes=1))

        assert coverage_view(gp.organisation_id, patient_id).status is Status.INSURED
        assert Check.objects.get(id=old).found == "NietGevonden"

    def test_leaves_nothing_when_its_settle_is_lost(self, gp, patient_id):
        check_id = self.under_way(gp, patient_id)

        with transaction.atomic():
            take_answers(answers={check_id: INSURED}, now=NOW)
            transaction.set_rollback(True)

        assert coverage_view(gp.organisation_id, patient_id).is_under_way
