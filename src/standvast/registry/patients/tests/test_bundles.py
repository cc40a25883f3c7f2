"""A Bundle of patients: one result an entry, within memory, and nothing of it left."""

import json
import time
import tracemalloc
from datetime import UTC, datetime
from itertools import islice
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from standvast.events.patients import SliceHandedIn
from standvast.kit.actor import Actor
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import Country
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.bundles import ENTRY_BYTES_MAX, is_bundle, read_bundle
from standvast.registry.patients.imports import import_lines, import_view
from standvast.registry.patients.models import Identifier, Import, ImportSlice, Patient
from standvast.registry.patients.operations.importing import (
    SLICE_ROWS,
    hand_in,
    on_slice_handed_in,
)
from standvast.registry.patients.rules import System
from standvast.registry.patients.seeds import bsns
from standvast.registry.patients.sheets import ROWS_MAX, SheetNotRight
from standvast.registry.patients.systems import SYSTEMS
from standvast.registry.patients.testing import BSNS

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def who(db):
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


def somebody(number=BSNS[0], system=SYSTEMS[System.BSN], **more):
    return {
        "resourceType": "Patient",
        "identifier": [{"system": system, "value": number}],
        "name": [{"family": "Voorbeeld", "given": ["Anna"]}],
        "birthDate": "1962-03-15",
        "gender": "female",
        **more,
    }


def bundle(*resources):
    entries = [{"fullUrl": f"urn:uuid:{uuid4()}", "resource": one} for one in resources]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole).encode()


def insz(first_nine):
    return f"{first_nine}{97 - int(first_nine) % 97:02d}"


def work_off(import_id, now=NOW):
    for row in ImportSlice.objects.filter(whole_id=import_id).order_by("position"):
        with transaction.atomic():
            on_slice_handed_in(SliceHandedIn(import_id, row.position, now), now=now)


def handed_in(who, *resources, country=Country.NL):
    import_id = hand_in(actor=who, content=bundle(*resources), country=country, now=NOW)
    work_off(import_id)
    return import_id


class TestReading:
    def test_tells_a_bundle_from_a_sheet(self):
        assert is_bundle(b"\xef\xbb\xbf\n {}")
        assert not is_bundle(b"achternaam;geboortedatum\n")
        assert not is_bundle(b"")

    @pytest.mark.parametrize(
        "content",
        [
            b"{",
            b"{}",
            b'{"resourceType": "Patient"}',
            b'{"resourceType": "Bundle"}',
            b'{"resourceType": "Bundle", "entry": []}',
            b'{"resourceType": "Bundle", "entry": {}}',
            b'{"resourceType": "Bundle", "entry": [1]}',
            b'{"resourceType": "Bundle", "entry": [{"resource": ' + b"[" * 100_000,
            b'{"resourceType": "Bundle", "entry": ['
            + b",".join([b'{"resource":{}}'] * (ROWS_MAX + 1))
            + b"]}",
        ],
        ids=["cut off", "empty", "a patient", "no entries", "none", "no list", "no entry", "deep",
             "too many"],
    )  # fmt: skip
    def test_refuses_what_it_cannot_read(self, content):
        with pytest.raises(SheetNotRight):
            read_bundle(content)

    def test_ten_thousand_entries_stay_within_twice_their_size(self):
        content = bundle(*(somebody(text={"div": "x" * 1_000}) for _ in range(10_000)))
        tracemalloc.start()
        began = time.monotonic()
        rows = read_bundle(content)
        took_s, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert len(rows) == 10_000
        assert peak < 2 * len(content)
        assert took_s < 3


class TestWorkingOff:
    def test_gives_each_entry_its_result_and_names_the_element(self, who):
        import_id = handed_in(
            who,
            somebody(),
            somebody("123456789"),
            somebody(BSNS[1], birthDate="1962"),
            somebody(BSNS[1], name=[{"given": ["Anna"]}]),
            somebody(BSNS[1], name="Voorbeeld"),
            {"resourceType": "Practitioner"},
            somebody(BSNS[1], photo=[{"data": "A" * ENTRY_BYTES_MAX}]),
            {
                "resourceType": "Patient",
                "name": [{"family": "Voorbeeld"}],
                "birthDate": "1962-03-15",
            },
            somebody(),
        )

        lines = list(import_lines(who.organisation_id, import_id))
        assert [one.outcome.value for one in lines] == [
            "registered", *["refused"] * 7, "known",
        ]  # fmt: skip
        assert [one.place for one in lines if one.place] == ["Patient.name", "resourceType"]
        assert len({one.reason for one in lines}) == 7  # of the nine, two had none, two the same
        assert import_view(who.organisation_id, import_id).is_done
        assert not ImportSlice.objects.exists()

    def test_keeps_what_a_resource_says(self, who):
        handed_in(
            who,
            somebody(
                name=[
                    {"use": "old", "family": "Vroeger"},
                    {"use": "official", "family": "van den Berg", "given": ["Anna", "Maria"]},
                ],
                telecom=[{"system": "phone", "value": "030 1"}],
                address=[
                    {"line": ["Lindelaan 12 b"], "postalCode": "3571 AB", "city": "Utrecht"},
                ],
                active=True,
            ),
        )

        row = Patient.objects.get()
        assert (row.family, row.given, row.telephone) == ("van den Berg", "Anna", "030 1")
        assert (row.street, row.house_number, row.postcode) == ("Lindelaan", "12 b", "3571AB")
        assert (row.sex, row.country) == ("female", "NL")

    @pytest.mark.parametrize("first_nine", ["620315002", "622315002", "624315002", "200229002"])
    def test_knows_belgian_numbers_bis_numbers_among_them(self, who, first_nine):
        ssin = "https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin"
        number = insz(first_nine)

        handed_in(who, somebody(number, ssin), country=Country.BE)

        assert Identifier.objects.get().value == number
        assert Patient.objects.get().country == "BE"

    def test_knows_the_number_of_a_record_system_by_its_type(self, who):
        typed = {"type": {"coding": [{"code": "MR"}]}, "system": "urn:x", "value": "A 7"}

        handed_in(who, somebody(identifier=[typed]))

        assert Identifier.objects.get().system == "record"

    def test_the_same_bundle_twice_doubles_nobody(self, who):
        for _ in range(2):
            handed_in(who, *map(somebody, BSNS))

        assert Patient.objects.count() == len(BSNS)

    def test_lies_sealed_until_then(self, who):
        hand_in(actor=who, content=bundle(somebody()), country=Country.NL, now=NOW)

        assert b"Voorbeeld" not in bytes(ImportSlice.objects.get().sealed)

    def test_works_off_a_whole_slice_well_within_its_lease(self, who):
        many = [somebody(bsn) for bsn in islice(bsns(), SLICE_ROWS)]
        import_id = hand_in(actor=who, content=bundle(*many), country=Country.NL, now=NOW)
        began = time.monotonic()
        work_off(import_id)

        assert time.monotonic() - began < 5
        assert import_view(who.organisation_id, import_id).registered_count == SLICE_ROWS


@pytest.mark.django_db(transaction=True)
def test_a_bundle_is_handed_in_on_the_page_and_reported():
    client = signed_in_client(a_colleague(Role.GP))
    content = bundle(somebody(), somebody(BSNS[1], name="Voorbeeld"))

    answer = client.post(
        reverse("patients:import"), {"list": SimpleUploadedFile("patients.json", content)}
    )
    import_id = Import.objects.get().id
    assert answer["Location"] == reverse("patients:imported", args=[import_id])
    work_off(import_id, datetime.now(UTC))

    assert "Patient.name" in client.get(answer["Location"]).text
    report = client.get(reverse("patients:report", args=[import_id])).text.splitlines()
    assert report[2].endswith(";Patient.name")
