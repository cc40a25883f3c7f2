"""The register of patients: one step, one number one patient, every look written down."""

import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection

from standvast.core.journal.api import who_looked
from standvast.kit.actor import Actor
from standvast.registry.organisations.api import AddressNotRight
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.operations.looking import look_at, look_up
from standvast.registry.patients.operations.merging import MergeNotPossible, merge, take_apart
from standvast.registry.patients.operations.registering import (
    NumberTaken,
    PageOutOfDate,
    correct,
    register,
)
from standvast.registry.patients.queries import PatientNotFound, patient_with_number
from standvast.registry.patients.rows import KIND
from standvast.registry.patients.rules import (
    BirthNotRight,
    NumberNotRight,
    SearchTooShort,
    System,
)
from standvast.registry.patients.testing import BSNS, a_patient, patient_data

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
BSN = {System.BSN: BSNS[0]}


def actor() -> Actor:
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


def events_of(who: Actor, patient_id: object) -> list[str]:
    entries = who_looked(KIND, str(patient_id), who.organisation_id)
    return [entry.event for entry in reversed(entries)]


def found(who: Actor, text: str) -> list[str]:
    return [row.listed for row in look_up(actor=who, text=text, now=NOW)]


@pytest.mark.django_db
class TestRegister:
    def test_needs_no_more_than_a_name_and_a_birth_date(self):
        who = actor()

        made = register(actor=who, data=patient_data("Özgür", ""), now=NOW)

        assert made.is_new
        assert look_at(actor=who, patient_id=made.patient_id, now=NOW).full_name == "Özgür"
        assert events_of(who, made.patient_id) == ["patients.registered", "patients.seen"]

    def test_twice_with_one_number_is_one_patient(self):
        who = actor()

        one = a_patient(who, NOW, numbers=BSN)
        again = a_patient(who, NOW, numbers=BSN, family="Anders")

        assert again.patient_id == one.patient_id
        assert not again.is_new
        assert found(who, "voorb") == ["Voorbeeld, Anna"]

    def test_two_organisations_each_have_their_own(self):
        one, other = actor(), actor()

        mine, theirs = a_patient(one, NOW, numbers=BSN), a_patient(other, NOW, numbers=BSN)

        assert mine.patient_id != theirs.patient_id
        assert mine.is_new
        assert theirs.is_new

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"numbers": {System.BSN: "123456789"}}, NumberNotRight),
            ({"birth_on": date(2026, 11, 29)}, BirthNotRight),
            ({"postcode": "abc"}, AddressNotRight),
            ({"insurer": "12"}, NumberNotRight),
        ],
    )
    def test_leaves_nothing_half_done(self, wrong, error):
        who = actor()

        with pytest.raises(error):
            a_patient(who, NOW, **wrong)

        assert not Patient.objects.filter(organisation_id=who.organisation_id).exists()

    def test_no_number_stands_in_the_journal(self):
        who = actor()
        made = a_patient(who, NOW, numbers=BSN)
        look_up(actor=who, text=BSNS[0], now=NOW)

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(j::text, ' ') FROM journal_entry j WHERE organisation_id = %s",
                [who.organisation_id],
            )
            [text] = cursor.fetchone()

        assert str(made.patient_id) in text
        assert BSNS[0] not in text
        assert "Voorbeeld" not in text


@pytest.mark.django_db(transaction=True)
class TestRegisterAtOnce:
    def test_two_that_meet_make_one_patient(self):
        who = actor()
        made, start = [], threading.Barrier(6)

        def one() -> None:
            try:
                start.wait()
                made.append(a_patient(who, NOW, numbers=BSN))
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({one.patient_id for one in made}) == 1
        assert [one.is_new for one in made].count(True) == 1
        assert Patient.objects.filter(organisation_id=who.organisation_id).count() == 1


@pytest.mark.django_db
class TestCorrect:
    def test_is_found_by_the_new_name_and_no_more_by_the_old(self):
        who = actor()
        made = a_patient(who, NOW, numbers=BSN)

        correct(
            actor=who,
            patient_id=made.patient_id,
            version=1,
            data=patient_data("Nieuwenhuis", numbers=BSN),
            now=NOW,
        )

        assert found(who, "nieuw") == ["Nieuwenhuis, Anna"]
        assert found(who, "voorb") == []
        assert events_of(who, made.patient_id)[-1] == "patients.corrected"

    def test_a_number_that_is_not_spoken_of_stays_and_an_empty_one_goes(self):
        who = actor()
        made = a_patient(who, NOW, numbers={**BSN, System.RECORD: "17"})

        correct(
            actor=who,
            patient_id=made.patient_id,
            version=1,
            data=patient_data(numbers={System.RECORD: ""}),
            now=NOW,
        )

        assert dict(look_at(actor=who, patient_id=made.patient_id, now=NOW).numbers) == BSN

    def test_refuses_a_page_that_is_out_of_date(self):
        who = actor()
        made = a_patient(who, NOW)
        at = {"actor": who, "patient_id": made.patient_id, "version": 1, "now": NOW}
        correct(**at, data=patient_data("Eerste"))

        with pytest.raises(PageOutOfDate):
            correct(**at, data=patient_data("Tweede"))

        assert found(who, "eerste")

    def test_refuses_the_number_of_another_and_changes_nothing(self):
        who = actor()
        a_patient(who, NOW, numbers=BSN)
        made = a_patient(who, NOW, family="Tweede")

        with pytest.raises(NumberTaken) as refused:
            correct(
                actor=who,
                patient_id=made.patient_id,
                version=1,
                data=patient_data("Anders", numbers=BSN),
                now=NOW,
            )

        assert BSNS[0] not in str(refused.value)
        assert found(who, "tweede")
        assert found(who, "anders") == []

    def test_is_not_there_for_another_organisation(self):
        made = a_patient(actor(), NOW)
        stranger = actor()

        with pytest.raises(PatientNotFound):
            look_at(actor=stranger, patient_id=made.patient_id, now=NOW)
        with pytest.raises(PatientNotFound):
            correct(
                actor=stranger,
                patient_id=made.patient_id,
                version=1,
                data=patient_data("Anders"),
                now=NOW,
            )
        with pytest.raises(PatientNotFound):
            merge(actor=stranger, patient_id=made.patient_id, into_id=uuid4(), now=NOW)
        with pytest.raises(PatientNotFound):
            take_apart(actor=stranger, patient_id=made.patient_id, now=NOW)
        assert found(stranger, "voorb") == []


@pytest.mark.django_db
class TestMerge:
    def test_the_double_is_found_under_the_other_by_name_and_number(self):
        who = actor()
        kept = a_patient(who, NOW, numbers={System.RECORD: "17"})
        double = a_patient(who, NOW, family="Meisjesnaam", numbers=BSN)

        merge(actor=who, patient_id=double.patient_id, into_id=kept.patient_id, now=NOW)

        assert found(who, "meisjes") == ["Voorbeeld, Anna"]
        assert found(who, BSNS[0]) == ["Voorbeeld, Anna"]
        assert patient_with_number(who.organisation_id, BSN) == kept.patient_id
        seen = look_at(actor=who, patient_id=kept.patient_id, now=NOW)
        assert {value for _, value in seen.numbers} == {"17", BSNS[0]}
        assert [row.id for row in seen.merged] == [double.patient_id]

    def test_taking_apart_gives_both_back_as_they_were(self):
        who = actor()
        kept = a_patient(who, NOW)
        double = a_patient(who, NOW, family="Meisjesnaam", numbers=BSN)
        merge(actor=who, patient_id=double.patient_id, into_id=kept.patient_id, now=NOW)

        take_apart(actor=who, patient_id=double.patient_id, now=NOW)

        assert found(who, "meisjes") == ["Meisjesnaam, Anna"]
        assert found(who, "voorb") == ["Voorbeeld, Anna"]
        assert patient_with_number(who.organisation_id, BSN) == double.patient_id
        assert events_of(who, kept.patient_id)[1:] == ["patients.merged", "patients.taken_apart"]

    def test_refuses_what_is_merged_already_and_itself(self):
        who = actor()
        one, two, three = (a_patient(who, NOW, family=name).patient_id for name in ("A", "B", "C"))
        merge(actor=who, patient_id=one, into_id=two, now=NOW)

        for patient_id, into_id in ((one, three), (three, one), (two, three), (three, three)):
            with pytest.raises(MergeNotPossible):
                merge(actor=who, patient_id=patient_id, into_id=into_id, now=NOW)
        with pytest.raises(MergeNotPossible):
            take_apart(actor=who, patient_id=three, now=NOW)

    def test_correcting_keeps_the_words_of_the_double(self):
        who = actor()
        kept = a_patient(who, NOW)
        double = a_patient(who, NOW, family="Meisjesnaam")
        merge(actor=who, patient_id=double.patient_id, into_id=kept.patient_id, now=NOW)

        correct(
            actor=who,
            patient_id=kept.patient_id,
            version=1,
            data=patient_data("Nieuwenhuis"),
            now=NOW,
        )

        assert found(who, "meisjes") == ["Nieuwenhuis, Anna"]


@pytest.mark.django_db
class TestLookUp:
    def test_every_word_must_fit_the_beginning_of_a_name(self):
        who = actor()
        a_patient(who, NOW, family="Berg", given="Anna", prefix="van den")
        a_patient(who, NOW, family="Bergsma", given="Joop", birth_on=date(1980, 1, 2))

        assert found(who, "berg") == ["Berg, Anna van den", "Bergsma, Joop"]
        assert found(who, "berg an") == ["Berg, Anna van den"]
        assert found(who, "den berg") == ["Berg, Anna van den"]
        assert found(who, "ergsma") == []
        assert found(who, "berg 02-01-1980") == ["Bergsma, Joop"]
        assert found(who, "2/1/1980") == ["Bergsma, Joop"]

    def test_a_number_with_the_wrong_name_finds_nobody(self):
        who = actor()
        a_patient(who, NOW, numbers=BSN)

        assert found(who, f"{BSNS[0]} voorb") == ["Voorbeeld, Anna"]
        assert found(who, f"{BSNS[0]} anders") == []

    def test_a_word_of_ours_is_no_word_of_theirs(self):
        who = actor()
        a_patient(who, NOW)

        assert found(who, f"x={who.organisation_id.hex[:6]}") == []
        assert found(who, "'zz':* | voorb") == []

    def test_a_miss_is_written_down_and_too_little_is_refused(self):
        who = actor()

        assert found(who, "niemand") == []
        with pytest.raises(SearchTooShort):
            look_up(actor=who, text="a", now=NOW)

        [entry] = who_looked("patients.search", "", who.organisation_id)
        assert entry.detail == {"found": 0}

    def test_shows_at_most_fifty_by_name(self):
        who = actor()
        for n in range(60):
            a_patient(who, NOW, family=f"Veel{n:02d}")

        rows = found(who, "veel")

        assert len(rows) == 50
        assert rows == sorted(rows)


@pytest.mark.django_db
def test_the_table_itself_holds_one_number_for_one_patient():
    who = actor()
    made = a_patient(who, NOW, numbers=BSN)
    other = Patient.objects.get(id=a_patient(who, NOW, family="Tweede").patient_id)

    with pytest.raises(Exception, match="patients_number_names_one"):
        Identifier.objects.create(
            patient=other, organisation_id=who.organisation_id, system="bsn", value=BSNS[0]
        )
    assert made.is_new
