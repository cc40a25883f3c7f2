"""A quarter's bundle: the same again, held for a reason, decided by a person."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standvast.care.insurance.models import Coverage, Enrolment, Line
from standvast.care.insurance.operations.enrolling import (
    EnrolmentNotFound,
    leave,
    record_activity,
    withdraw_activity,
)
from standvast.care.insurance.operations.preparing import (
    NotDecided,
    QuarterNotBegun,
    decide,
    prepare,
    take_back_in,
    validate,
)
from standvast.care.insurance.queries.claims import (
    BundleNotFound,
    bundle_row,
    candidates,
    left_since,
)
from standvast.care.insurance.rules.claims import BundleState, LineState
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Held, Known, Main, covered_on, held_by
from standvast.care.insurance.rules.programmes import NotInProgramme
from standvast.care.insurance.testing import (
    AFTERWARDS,
    QUARTER,
    a_bundle,
    an_enrolled_patient,
    cover,
)
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gp():
    return a_colleague().actor


def lines(bundle_id):
    return list(
        Line.objects.filter(bundle_id=bundle_id)
        .order_by("patient_id", "on", "activity")
        .values_list("id", "patient_id", "activity", "version", "cents", "state", "held")
    )


def held_of(bundle_id, patient_id):
    return Held(Line.objects.get(bundle_id=bundle_id, patient_id=patient_id, activity=None).held)


class TestPrepare:
    def test_a_quarter_and_what_has_an_amount_of_its_own(self, gp):
        an_enrolled_patient(gp, done=("yearly", "feet", "talk"))
        bundle_id = a_bundle(gp)

        assert sorted(line[4] for line in lines(bundle_id)) == [3_205, 6_395]
        found = bundle_row(gp.organisation_id, bundle_id)
        assert found.state is BundleState.READY
        assert found.tally.total_cents == found.tally.ready_cents == 9_600

    def test_again_gives_the_same_lines(self, gp):
        for done in (("yearly", "feet"), ()):
            an_enrolled_patient(gp, done=done)
        before = lines(a_bundle(gp))

        assert lines(a_bundle(gp)) == before

    def test_an_amount_is_that_of_the_day(self, gp):
        an_enrolled_patient(gp, done_on=date(2025, 11, 3))
        a_bundle(gp)
        last = prepare(actor=gp, programme="dm2", quarter=QUARTER.before, now=AFTERWARDS)

        assert [line[4] for line in lines(last)] == [6_150]

    @pytest.mark.parametrize(
        ("known", "held"),
        [
            ({}, Held.NOTHING),
            ({"main": Main.NONE}, Held.OPEN),
            ({"main": Main.DOUBLE, "done": ()}, Held.OPEN),
            ({"done": ()}, Held.NOTHING_DONE),
            ({"covered": Status.UNKNOWN}, Held.COVERAGE_UNKNOWN),
            ({"covered": Status.NOT_INSURED}, Held.COVERAGE_UNKNOWN),
        ],
    )
    def test_says_what_keeps_a_line_here(self, gp, known, held):
        patient_id = an_enrolled_patient(gp, **known)

        assert held_of(a_bundle(gp), patient_id) is held

    def test_another_practices_patients_are_not_claimed(self, gp):
        an_enrolled_patient(gp, main=Main.ELSEWHERE)

        assert lines(a_bundle(gp)) == []

    def test_without_a_tariff_it_is_said(self, gp):
        patient_id = an_enrolled_patient(gp)
        bundle_id = prepare(actor=gp, programme="dm2", quarter=QUARTER, now=AFTERWARDS)

        assert held_of(bundle_id, patient_id) is Held.NO_TARIFF

    def test_what_was_done_before_somebody_came_does_not_count(self, gp):
        patient_id = an_enrolled_patient(gp, done=("feet",))
        Enrolment.objects.filter(patient_id=patient_id).update(from_on=date(2026, 3, 1))

        assert [line[4:] for line in lines(a_bundle(gp))] == [(6_395, "draft", "nothing_done")]

    def test_a_line_whose_ground_is_gone_is_withdrawn_and_comes_back(self, gp):
        patient_id = an_enrolled_patient(gp, done=("yearly",))
        feet = record_activity(
            actor=gp, patient_id=patient_id, programme="dm2", code="feet",
            done_on=date(2026, 2, 10), now=AFTERWARDS,
        )  # fmt: skip
        bundle_id = a_bundle(gp)
        withdraw_activity(actor=gp, activity_id=feet, now=AFTERWARDS)
        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        assert Line.objects.get(activity=feet).state == LineState.WITHDRAWN
        assert bundle_row(gp.organisation_id, bundle_id).tally.total_cents == 6_395

    def test_refuses_a_quarter_to_come_and_a_programme_that_is_none(self, gp):
        with pytest.raises(QuarterNotBegun):
            prepare(actor=gp, programme="dm2", quarter=QUARTER.after.after, now=AFTERWARDS)
        with pytest.raises(NotInProgramme):
            prepare(actor=gp, programme="flu", quarter=QUARTER, now=AFTERWARDS)

    def test_sees_only_ones_own(self, gp):
        an_enrolled_patient(a_colleague().actor)

        assert lines(a_bundle(gp)) == []


class TestValidate:
    def test_an_answer_that_came_lets_a_line_go(self, gp):
        patient_id = an_enrolled_patient(gp, covered=Status.UNKNOWN)
        bundle_id = a_bundle(gp)
        cover(gp, patient_id, Status.INSURED, now=AFTERWARDS)
        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        assert held_of(bundle_id, patient_id) is Held.NOTHING

    def test_anothers_bundle_is_not_there(self, gp):
        bundle_id = a_bundle(gp)

        with pytest.raises(BundleNotFound):
            validate(actor=a_colleague().actor, bundle_id=bundle_id, now=AFTERWARDS)


class TestDecide:
    @pytest.mark.parametrize(("main", "count"), [(Main.HERE, 1), (Main.ELSEWHERE, 0)])
    def test_a_person_says_who_claims(self, gp, main, count):
        patient_id = an_enrolled_patient(gp, main=Main.DOUBLE)
        bundle_id = a_bundle(gp)
        assert bundle_row(gp.organisation_id, bundle_id).state is BundleState.DECIDING
        enrolment = Enrolment.objects.get(patient_id=patient_id)

        decide(actor=gp, bundle_id=bundle_id, enrolment_id=enrolment.id, main=main, now=AFTERWARDS)

        enrolment.refresh_from_db()
        assert enrolment.decided_by == gp.person_id
        assert bundle_row(gp.organisation_id, bundle_id).tally.ready_count == count

    def test_refuses_to_leave_it_open_and_what_is_not_there(self, gp):
        patient_id = an_enrolled_patient(gp, main=Main.NONE)
        bundle_id = a_bundle(gp)
        enrolment_id = Enrolment.objects.get(patient_id=patient_id).id
        other = a_colleague().actor

        with pytest.raises(NotDecided):
            decide(
                actor=gp, bundle_id=bundle_id, enrolment_id=enrolment_id, main=Main.NONE,
                now=AFTERWARDS,
            )  # fmt: skip
        with pytest.raises(EnrolmentNotFound):
            decide(
                actor=other, bundle_id=a_bundle(other), enrolment_id=enrolment_id,
                main=Main.HERE, now=AFTERWARDS,
            )  # fmt: skip


class TestLeft:
    def test_who_was_claimed_for_and_left_is_shown_and_can_be_taken_back(self, gp):
        from standvast.care.insurance.models import Submission

        patient_id = an_enrolled_patient(gp, done_on=date(2025, 11, 3))
        a_bundle(gp)
        last = prepare(actor=gp, programme="dm2", quarter=QUARTER.before, now=AFTERWARDS)
        message = Submission.objects.create(
            bundle_id=last, version=1, lines_count=1, cents=6_150, submitted_at=AFTERWARDS
        )
        Line.objects.filter(bundle_id=last).update(state="submitted", submission=message)
        enrolment = Enrolment.objects.get(patient_id=patient_id)
        leave(actor=gp, enrolment_id=enrolment.id, until_on=date(2025, 12, 1), now=AFTERWARDS)
        bundle_id = a_bundle(gp)

        left = left_since(gp.organisation_id, bundle_row(gp.organisation_id, bundle_id))
        assert [one.patient_id for one in left] == [patient_id]

        take_back_in(
            actor=gp, bundle_id=bundle_id, enrolment_id=left[0].enrolment_id, now=AFTERWARDS
        )

        assert not left_since(gp.organisation_id, bundle_row(gp.organisation_id, bundle_id))
        assert held_of(bundle_id, patient_id) is Held.NOTHING_DONE


near = st.builds(
    lambda day, n: day + timedelta(days=n),
    st.sampled_from([date(2026, 2, 10), QUARTER.first_on]),
    st.integers(min_value=-1, max_value=1),
)
days = near | st.dates(date(2025, 6, 1), date(2026, 6, 1))
"""Mostly about the days that are decided about: a border is a day wide."""


class TestTheTwoAgree:
    """SQL decides for a quarter what the rules decide for one."""

    @settings(
        max_examples=120,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        main=st.sampled_from([Main.HERE, Main.NONE, Main.DOUBLE]),
        status=st.sampled_from(Status),
        answered_on=days,
        from_on=st.none() | days,
        until_on=st.none() | days,
        done=st.booleans(),
    )
    def test_what_holds_a_line(self, gp, main, status, answered_on, from_on, until_on, done):
        patient_id = _once(gp)
        Enrolment.objects.update(main=main.value, practitioner_id=None)
        Coverage.objects.update(
            status=status.value, answered_on=answered_on, from_on=from_on, until_on=until_on
        )
        after_on = QUARTER.after.first_on if done else date(2026, 2, 1)

        rows = candidates(gp.organisation_id, "dm2", QUARTER.first_on, after_on)
        found = [row[:5] for row in rows]

        day = date(2026, 2, 10) if done else QUARTER.first_on
        coverage = covered_on(day, Known(status, answered_on, from_on, until_on))
        assert found == [
            (
                patient_id,
                None,
                day,
                6_395,
                held_by(main, done_count=int(done), cents=6_395, coverage=coverage).value,
            )
        ]


def _once(gp):
    from standvast.care.insurance.seeds import seed_tariffs

    row = Enrolment.objects.first()
    if row is not None:
        return row.patient_id
    seed_tariffs()
    return an_enrolled_patient(gp)
