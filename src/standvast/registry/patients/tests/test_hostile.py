"""Signs that nobody can store, numbers of two people at once, and looks that went unseen."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import transaction

from standvast.core.journal.api import entry_of, record
from standvast.events.patients import SliceHandedIn
from standvast.kit.actor import Actor
from standvast.kit.wiring import rewired
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import Country
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.contributions import DEEDS, LOOK_KINDS
from standvast.registry.patients.doubles import numbers_of, one_person
from standvast.registry.patients.imports import import_lines, import_view
from standvast.registry.patients.looks import looks_at
from standvast.registry.patients.models import Import, ImportSlice, Patient
from standvast.registry.patients.operations import importing
from standvast.registry.patients.operations.importing import (
    TooManyLists,
    hand_in,
    on_slice_handed_in,
)
from standvast.registry.patients.operations.looking import look_at
from standvast.registry.patients.operations.merging import merge
from standvast.registry.patients.operations.registering import (
    NumberTaken,
    TextNotRight,
    register,
)
from standvast.registry.patients.rules import System
from standvast.registry.patients.sheets import SheetNotRight
from standvast.registry.patients.systems import SYSTEMS
from standvast.registry.patients.testing import BSNS, a_list, a_patient, patient_data

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def who(db):
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


def work_off(import_id):
    for row in ImportSlice.objects.filter(whole_id=import_id).order_by("position"):
        with transaction.atomic():
            on_slice_handed_in(SliceHandedIn(import_id, row.position, NOW), now=NOW)


def outcomes(who, import_id):
    return [(row.line, row.outcome.value) for row in import_lines(who.organisation_id, import_id)]


def a_bundle(*people):
    entries = [
        {
            "resource": {
                "resourceType": "Patient",
                "identifier": [{"system": SYSTEMS[System.BSN], "value": bsn}],
                "name": [{"family": family}],
                "birthDate": "1962-03-15",
            }
        }
        for family, bsn in people
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


class TestSigns:
    @pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e"])
    def test_a_row_with_a_sign_that_cannot_be_stored_holds_up_no_other(self, who, sign):
        content = a_bundle((f"Voor{sign}beeld", BSNS[0]), ("Gewoon", BSNS[1]))
        import_id = hand_in(actor=who, content=content, country=Country.NL, now=NOW)

        work_off(import_id)

        assert outcomes(who, import_id) == [(1, "refused"), (2, "registered")]
        [refused] = import_view(who.organisation_id, import_id).refused
        assert "Voor" not in refused.reason

    def test_half_a_sign_is_no_text_and_nothing_of_the_file_is_taken(self, who):
        with pytest.raises(SheetNotRight):
            hand_in(
                actor=who,
                content=a_bundle(("Voor\ud800beeld", BSNS[0])),
                country=Country.NL,
                now=NOW,
            )
        assert not Import.objects.exists()

    def test_a_wrong_postcode_is_said_in_words_without_repeating_it(self, who):
        content = f"achternaam;geboortedatum;bsn;postcode\nX;15-3-1962;{BSNS[0]};overal".encode()
        import_id = hand_in(actor=who, content=content, country=Country.NL, now=NOW)

        work_off(import_id)

        [refused] = import_view(who.organisation_id, import_id).refused
        assert "{" not in refused.reason

    @pytest.mark.parametrize("field", ["street", "insured_number", "representative"])
    def test_nor_is_it_registered_by_hand(self, who, field):
        with pytest.raises(TextNotRight):
            register(actor=who, data=patient_data(**{field: "a\0b"}), now=NOW)
        assert not Patient.objects.exists()

    def test_a_cell_on_two_lines_is_one_line(self, who):
        made = register(actor=who, data=patient_data(street=" Dorps\nstraat \t 1 "), now=NOW)

        assert Patient.objects.get(id=made.patient_id).street == "Dorps straat 1"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("number", ["9999\x0090019", "\x00", "\x1b1"])
    def test_a_number_that_cannot_be_stored_is_nobodys(self, number):
        client = signed_in_client(a_colleague())
        given = {"identifier": f"{SYSTEMS[System.BSN]}|{number}"}

        answer = client.post("/fhir/Patient/_search", given)

        assert answer.status_code in (200, 400, 422), answer.status_code
        assert "9999" not in answer.text


class TestNumbers:
    def test_a_record_number_that_was_given_anew_names_nobody_else(self, who):
        numbers = {System.RECORD: "17", System.BSN: BSNS[0]}
        a_patient(who, NOW, numbers=numbers)

        with pytest.raises(NumberTaken):
            a_patient(who, NOW, numbers=numbers | {System.BSN: BSNS[1]})
        assert Patient.objects.count() == 1

    def test_a_number_of_the_country_goes_before_the_practices(self, who):
        by_bsn = a_patient(who, NOW, numbers={System.BSN: BSNS[0]})
        a_patient(who, NOW, family="Ander", numbers={System.RECORD: "17"})

        found = a_patient(who, NOW, numbers={System.RECORD: "17", System.BSN: BSNS[0]})

        assert found.patient_id == by_bsn.patient_id

    def test_who_had_no_number_of_the_country_is_known_by_the_practices(self, who):
        first = a_patient(who, NOW, numbers={System.RECORD: "17"})

        found = a_patient(who, NOW, numbers={System.RECORD: "17", System.BSN: BSNS[0]})

        assert found.patient_id == first.patient_id

    def test_a_row_with_the_numbers_of_two_is_refused(self, who):
        heading = "achternaam;geboortedatum;bsn;dossiernummer"
        rows = (
            f"Eerste;15-3-1962;{BSNS[0]};17",
            f"Tweede;15-3-1962;{BSNS[1]};17",
            f"Eerste;15-3-1962;{BSNS[0]};17",
            f"Eerste;16-3-1962;{BSNS[0]};",
        )
        content = "\n".join([heading, *rows]).encode()
        import_id = hand_in(actor=who, content=content, country=Country.NL, now=NOW)

        work_off(import_id)

        assert outcomes(who, import_id) == [
            (2, "registered"), (3, "refused"), (4, "known"), (5, "refused"),
        ]  # fmt: skip

    def test_a_double_is_known_by_either_birth_date(self, who):
        kept = a_patient(who, NOW, numbers={System.RECORD: "17"})
        double = a_patient(
            who, NOW, numbers={System.BSN: BSNS[0]}, birth_on=datetime(1962, 3, 16).date()
        )
        merge(actor=who, patient_id=double.patient_id, into_id=kept.patient_id, now=NOW)
        import_id = a_list(
            who, NOW, f"X;15-3-1962;{BSNS[0]}", f"X;16-3-1962;{BSNS[0]}", f"X;17-3-1962;{BSNS[0]}"
        )

        work_off(import_id)

        assert [outcome for _, outcome in outcomes(who, import_id)] == ["known", "known", "refused"]


class TestHowMany:
    def test_no_more_lists_wait_than_are_kept(self, who, monkeypatch):
        monkeypatch.setattr(importing, "WAITING_MAX", 2)
        first = a_list(who, NOW)
        a_list(who, NOW)

        with pytest.raises(TooManyLists):
            a_list(who, NOW)
        a_list(Actor(None, an_organisation().id, "gp"), NOW)
        work_off(first)
        a_list(who, NOW)


class TestOnePerson:
    def test_has_the_numbers_of_all_rows_and_only_ones_own(self, who):
        kept = a_patient(who, NOW).patient_id
        double = a_patient(who, NOW, family="Dubbel", numbers={System.BSN: BSNS[0]}).patient_id
        merge(actor=who, patient_id=double, into_id=kept, now=NOW)
        own = who.organisation_id

        assert one_person(own, [double, kept]) == {
            double: (kept, double), kept: (kept, double),
        }  # fmt: skip
        assert numbers_of(own, [kept], System.BSN) == {kept: BSNS[0]}
        stranger = an_organisation().id
        assert one_person(stranger, [kept]) == {}
        assert numbers_of(stranger, [kept, double], System.BSN) == {}


class TestLooks:
    def test_what_other_services_show_is_on_the_patients_list(self, who):
        kept = a_patient(who, NOW).patient_id
        double = a_patient(who, NOW, family="Dubbel").patient_id
        look_at(actor=who, patient_id=double, now=NOW)
        with transaction.atomic():
            record(
                entry_of(
                    who, at=NOW, action="R", event="elsewhere.seen", record_kind="elsewhere.care",
                    record_id=kept,
                )
            )  # fmt: skip
        merge(actor=who, patient_id=double, into_id=kept, now=NOW)

        with rewired(LOOK_KINDS.filled("elsewhere.care"), DEEDS.filled(("elsewhere.seen", "x"))):
            done = [one.done for one in looks_at(who.organisation_id, kept)]

        assert done.count("x") == 1
        assert "looked" in done
        assert looks_at(an_organisation().id, kept) == ()
