"""Who claims is reminded of a quarter that is over: once, in their language, about nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from standvast.care.insurance.letters import reminder_letter
from standvast.care.insurance.models import Reminder
from standvast.care.insurance.operations import reminding
from standvast.care.insurance.operations.enrolling import record_activity
from standvast.care.insurance.operations.reminding import remind, remind_one, reminder_key
from standvast.care.insurance.operations.submitting import submit
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.queries.reminders import outstanding_of
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.rules.reminders import Outstanding, quarter_to_remind_of
from standvast.care.insurance.testing import QUARTER, a_bundle, an_enrolled_patient
from standvast.core.delivery.api import receipt_of
from standvast.core.delivery.models import Delivery
from standvast.core.journal.api import recent
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.tidings.queries import tidings_for

TUESDAY = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)


class TestWhen:
    @pytest.mark.parametrize(
        ("local", "quarter"),
        [
            (datetime(2026, 4, 1, 8, 0), Quarter(2026, 1)),
            (datetime(2026, 4, 1, 7, 59), None),
            (datetime(2026, 4, 1, 18, 0), None),
            (datetime(2026, 4, 4, 9, 0), None),
            (datetime(2026, 3, 31, 9, 0), None),
            (datetime(2026, 5, 15, 9, 0), Quarter(2026, 1)),
            (datetime(2026, 5, 18, 9, 0), None),
            (datetime(2026, 1, 1, 9, 0), Quarter(2025, 4)),
        ],
    )
    def test_by_day_on_a_working_day_soon_after_the_quarter(self, local, quarter):
        assert quarter_to_remind_of(local) == quarter


@pytest.fixture(autouse=True)
def _insurers(settings):
    settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"


@pytest.fixture
def gp():
    return a_colleague(email="van.dam@praktijk.example", language="fr")


def key_of(who):
    return reminder_key(
        quarter=QUARTER, organisation_id=who.organisation.id, person_id=who.person.id
    )


def mails():
    return list(Delivery.objects.filter(lane="mail").values_list("key", flat=True))


@pytest.mark.django_db(transaction=True)
class TestRemind:
    def test_once_a_quarter_by_mail_and_under_the_bell(self, gp):
        an_enrolled_patient(gp.actor)
        a_bundle(gp.actor)

        for hours in range(0, 72, 6):
            remind(TUESDAY + timedelta(hours=hours))

        key = key_of(gp)
        assert mails() == [key]
        assert receipt_of("mail", key) is not None
        [tiding] = tidings_for(gp.actor)
        assert tiding.values == {"number": 1, "year": 2026, "count": 1}
        assert [one.event for one in recent(gp.organisation.id)].count("insurance.reminded") == 1

    def test_each_who_claims_and_nobody_else(self, gp):
        a_colleague(Role.ASSISTANT, gp.organisation, email="assistent@praktijk.example")
        second = a_colleague(Role.GP, gp.organisation, email="tweede@praktijk.example")
        unreached = a_colleague(Role.GP, gp.organisation, email="")
        an_enrolled_patient(gp.actor)
        a_bundle(gp.actor)

        told = remind_one(organisation_id=gp.organisation.id, quarter=QUARTER, now=TUESDAY)

        assert told == 3
        wanted = {key_of(one) for one in (gp, second)}
        assert set(mails()) == wanted
        assert tidings_for(unreached.actor)

    def test_a_practice_without_anything_to_claim_hears_nothing_until_there_is(self, gp):
        patient = an_enrolled_patient(gp.actor, done=())
        a_bundle(gp.actor)
        remind(TUESDAY)
        assert not mails()
        assert Reminder.objects.get().told_at is None

        record_activity(
            actor=gp.actor, patient_id=patient, programme="dm2", code="yearly",
            done_on=date(2026, 2, 3), now=TUESDAY,
        )  # fmt: skip
        remind(TUESDAY + timedelta(hours=1))
        assert not mails()
        remind(TUESDAY + timedelta(days=1))
        assert len(mails()) == 1

    def test_nobody_is_reminded_where_no_claims_are_sent(self, gp, settings):
        settings.CLAIMS_URL = ""
        an_enrolled_patient(gp.actor)
        a_bundle(gp.actor)
        remind(TUESDAY)

        assert not mails()

    def test_what_went_is_not_to_be_claimed_and_what_waits_is(self, gp):
        an_enrolled_patient(gp.actor)
        an_enrolled_patient(gp.actor, covered=Status.UNKNOWN)
        an_enrolled_patient(gp.actor, main=Main.ELSEWHERE)
        bundle_id = a_bundle(gp.actor)
        found = outstanding_of(gp.organisation.id, QUARTER)
        assert found == (Outstanding("dm2", people_count=2, ready_count=1, waiting_count=1),)
        tally = bundle_row(gp.organisation.id, bundle_id).tally
        submit(
            actor=gp.actor, bundle_id=bundle_id, lines_count=tally.ready_count,
            cents=tally.ready_cents, now=TUESDAY,
        )  # fmt: skip

        [left] = outstanding_of(gp.organisation.id, QUARTER)
        assert (left.people_count, left.ready_count, left.waiting_count) == (1, 0, 1)

    def test_leaves_nothing_behind_when_a_mail_cannot_be_kept(self, gp, monkeypatch):
        def broken(*_, **__):
            raise ConnectionError

        an_enrolled_patient(gp.actor)
        a_bundle(gp.actor)
        with monkeypatch.context() as broke:
            broke.setattr(reminding, "enqueue_many", broken)
            with pytest.raises(ConnectionError):
                remind_one(organisation_id=gp.organisation.id, quarter=QUARTER, now=TUESDAY)
        assert not Reminder.objects.exists()
        assert not tidings_for(gp.actor)

        assert remind_one(organisation_id=gp.organisation.id, quarter=QUARTER, now=TUESDAY) == 1


class TestLetter:
    @pytest.mark.parametrize(
        ("language", "subject"),
        [
            ("nl", "Nog te declareren: kwartaal 1 van 2026"),
            ("fr", "Encore à facturer : trimestre 1 de 2026"),
            ("en", "Still to be claimed: quarter 1 of 2026"),
        ],
    )
    def test_speaks_the_readers_language(self, language, subject):
        letter = reminder_letter(
            to="a@b.example",
            language=language,
            organisation_name="Praktijk <Zuid>",
            quarter=QUARTER,
            outstanding=[Outstanding("copd", 12, 9, 3)],
        )

        assert letter.subject == subject
        assert "/claims/" in letter.text
        assert "12" in letter.text
        assert "<Zuid>" not in letter.html
