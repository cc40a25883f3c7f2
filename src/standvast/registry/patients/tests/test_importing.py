"""A list of patients: one result a row, nobody doubled, nothing left, whatever happens midway."""

import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from standvast.events.patients import SliceHandedIn
from standvast.kit.actor import Actor
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.patients.imports import (
    ImportNotFound,
    earlier_imports,
    import_lines,
    import_view,
)
from standvast.registry.patients.models import Import, ImportLine, ImportSlice, Patient
from standvast.registry.patients.operations import entering, importing
from standvast.registry.patients.operations.importing import (
    SLICE_ROWS,
    TOLD_FOR,
    JustRegistered,
    on_slice_handed_in,
    sweep_imports,
)
from standvast.registry.patients.rules import Sex, System
from standvast.registry.patients.seeds import bsns
from standvast.registry.patients.sheets import ROWS_MAX, SheetNotRight, read_sheet, sex_of
from standvast.registry.patients.testing import BSNS, a_list, a_patient

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
HEADING = b"achternaam;geboortedatum;bsn\n"


@pytest.fixture
def who(db):
    return Actor(person_id=uuid4(), organisation_id=an_organisation().id, role="gp")


def one_slice(import_id, position, now=NOW):
    with transaction.atomic():
        on_slice_handed_in(SliceHandedIn(import_id, position, now), now=now)


def work_off(import_id, now=NOW):
    for row in ImportSlice.objects.filter(whole_id=import_id).order_by("position"):
        one_slice(import_id, row.position, now)


def outcomes(who, import_id):
    return [(row.line, row.outcome.value) for row in import_lines(who.organisation_id, import_id)]


class TestSheet:
    @pytest.mark.parametrize(
        "content",
        [
            "Achternaam;Geboortedatum;Voornaam\nBérg;15-3-1962;Zoë".encode(),
            "\ufeffNom,Date de naissance,Prénom\r\nBérg,1962-03-15,Zoë\r\n".encode(),
            "Family name,Birth date,Given name\nBérg,15/3/1962,Zoë".encode("cp1252"),
        ],
    )
    def test_knows_three_languages_two_separators_two_encodings(self, content):
        (row,) = read_sheet(content)

        assert (row["line"], row["family"], row["given"]) == ("2", "Bérg", "Zoë")

    def test_a_row_has_the_line_it_begins_on(self):
        rows = read_sheet(HEADING + b'"two\nlines";1962-03-15;\n\nBerg;1962-03-15;\n')

        assert [row["line"] for row in rows] == ["2", "5"]

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            HEADING,
            b"achternaam;bsn\nBerg;1\n",
            b"achternaam;naam;geboortedatum\nBerg;Berg;1962-03-15\n",
            HEADING + b"Be\0rg;1962-03-15;1\n",
            "achternaam;geboortedatum\nBerg;1962-03-15".encode("utf-16"),
            HEADING + b"Be\x81rg;1962-03-15;1\n",
            HEADING + b"a" * 200_000 + b";1962-03-15;1\n",
            HEADING + b"a;1962-03-15;1\n" * (ROWS_MAX + 1),
            b"a" * (20 * 1024 * 1024 + 1),
        ],
        ids=["empty", "no rows", "no birth date", "same heading twice", "NUL", "utf-16",
             "no encoding", "huge cell", "too many rows", "too large"],
    )  # fmt: skip
    def test_refuses_what_it_cannot_read(self, content):
        with pytest.raises(SheetNotRight):
            read_sheet(content)

    def test_takes_as_many_rows_as_it_says(self):
        assert len(read_sheet(HEADING + b"a;1962-03-15;1\n" * ROWS_MAX)) == ROWS_MAX

    def test_a_sex_that_it_does_not_know_is_not_known(self):
        assert [sex_of(text) for text in ("V", "man", "?")] == [Sex.FEMALE, Sex.MALE, Sex.UNKNOWN]


class TestWorkingOff:
    def test_gives_each_row_its_result(self, who):
        import_id = a_list(
            who,
            NOW,
            f"Berg;15-3-1962;{BSNS[0]}",
            "Berg;15-3-1962;123456789",
            f"Berg;gisteren;{BSNS[1]}",
            "Berg;15-3-1962;",
            f";15-3-1962;{BSNS[2]}",
            f"{'x' * 101};15-3-1962;{BSNS[2]}",
            f"Ander;16-3-1962;{BSNS[0]}",
        )
        work_off(import_id)

        refused = [(line, "refused") for line in range(3, 9)]
        assert outcomes(who, import_id) == [(2, "registered"), *refused]
        reasons = {row.reason for row in import_view(who.organisation_id, import_id).refused}
        assert len(reasons) == 6
        assert not any(BSNS[1] in reason or "gisteren" in reason for reason in reasons)
        assert Patient.objects.get().family == "Berg"

    def test_a_row_of_whom_is_known_leaves_them_as_they_are(self, who):
        a_patient(who, NOW, family="Eerder", numbers={System.BSN: BSNS[0]})
        import_id = a_list(who, NOW)
        work_off(import_id)

        assert outcomes(who, import_id) == [(2, "known")]
        assert Patient.objects.get().family == "Eerder"

    def test_the_same_list_twice_doubles_nobody(self, who):
        for _ in range(2):
            work_off(a_list(who, NOW, *(f"Berg;15-3-1962;{bsn}" for bsn in BSNS)))

        assert Patient.objects.count() == len(BSNS)

    def test_nothing_of_the_list_is_left(self, who):
        import_id = a_list(who, NOW)
        assert b"Voorbeeld" not in bytes(ImportSlice.objects.get().sealed)
        work_off(import_id)

        assert not ImportSlice.objects.exists()
        assert import_view(who.organisation_id, import_id).is_done

    @pytest.mark.parametrize("falls_at", ["before results", "after results"])
    def test_dying_midway_leaves_a_slice_whole_or_done(self, who, monkeypatch, falls_at):
        monkeypatch.setattr(importing, "SLICE_ROWS", 2)
        import_id = a_list(who, NOW, *(f"Berg;15-3-1962;{bsn}" for bsn in BSNS))
        one_slice(import_id, 0)
        place = importing if falls_at == "before results" else ImportSlice
        name = "_result" if falls_at == "before results" else "delete"

        def fall(*_args, **_more):
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr(place, name, fall)
            with pytest.raises(ConnectionError):
                one_slice(import_id, 1)
        assert (Patient.objects.count(), ImportLine.objects.count()) == (2, 2)

        work_off(import_id)
        one_slice(import_id, 1)
        assert (Patient.objects.count(), ImportLine.objects.count()) == (5, 5)

    def test_comes_again_when_another_process_registers_the_same_number(self, who, monkeypatch):
        import_id = a_list(who, NOW)
        with monkeypatch.context() as crossed:
            crossed.setattr(entering, "holders_of", lambda *_: {})
            a_patient(who, NOW, numbers={System.BSN: BSNS[0]})
            with pytest.raises(JustRegistered) as raised:
                one_slice(import_id, 0)
        assert BSNS[0] not in str(raised.value)
        work_off(import_id)

        assert outcomes(who, import_id) == [(2, "known")]

    def test_works_off_a_whole_slice_well_within_its_lease(self, who):
        rows = [f"Berg;15-3-1962;{bsn}" for bsn in islice(bsns(), SLICE_ROWS)]
        import_id = a_list(who, NOW, *rows)
        began = time.monotonic()
        one_slice(import_id, 0)

        assert time.monotonic() - began < 5
        assert import_view(who.organisation_id, import_id).registered_count == SLICE_ROWS

    def test_a_list_that_lies_for_a_week_is_thrown_away_and_said_to_be(self, who):
        import_id = a_list(who, NOW)
        sweep_imports(NOW + timedelta(days=7))
        assert ImportSlice.objects.exists()
        sweep_imports(NOW + timedelta(days=7, seconds=1))

        assert not ImportSlice.objects.exists()
        assert import_view(who.organisation_id, import_id).is_given_up

    def test_results_are_forgotten_after_three_months_a_few_lists_at_a_time(self, who, monkeypatch):
        monkeypatch.setattr(importing, "FORGOTTEN_AT_ONCE", 2)
        old = [a_list(who, NOW - TOLD_FOR - timedelta(days=days)) for days in (3, 2, 1)]
        work_off(old[0])
        kept = a_list(who, NOW - TOLD_FOR)

        sweep_imports(NOW)
        assert set(Import.objects.values_list("id", flat=True)) == {old[2], kept}
        assert not ImportLine.objects.filter(whole_id=old[0]).exists()
        sweep_imports(NOW)

        assert set(Import.objects.values_list("id", flat=True)) == {kept}

    def test_earlier_lists_of_ones_own_organisation_are_told_newest_first(self, who):
        first = a_list(who, NOW, f"Berg;15-3-1962;{BSNS[0]}", "Berg;15-3-1962;1")
        second = a_list(who, NOW + timedelta(minutes=1))
        a_list(a_colleague(Role.GP).actor, NOW)
        work_off(first)

        rows = earlier_imports(who.organisation_id)

        assert [row.id for row in rows] == [second, first]
        counts = rows[1].rows_count, rows[1].registered_count, rows[1].refused_count
        assert counts == (2, 1, 1)
        assert rows[0].registered_count == 0

    def test_another_organisation_sees_nothing(self, who):
        import_id = a_list(who, NOW)

        for read in (import_view, import_lines):
            with pytest.raises(ImportNotFound):
                read(an_organisation().id, import_id)


@pytest.mark.django_db(transaction=True)
class TestPages:
    def test_a_list_is_handed_in_watched_and_reported(self, tmp_path):
        gp = a_colleague(Role.GP)
        client = signed_in_client(gp)
        path = tmp_path / "list.csv"
        path.write_bytes(HEADING + f"Berg;15-3-1962;{BSNS[0]}\n=1+1;15-3-1962;1\n".encode())
        with path.open("rb") as opened:
            answer = client.post(reverse("patients:import"), {"list": opened})
        import_id = Import.objects.get().id
        assert answer["Location"] == reverse("patients:imported", args=[import_id])
        assert "hx-get" in client.get(answer["Location"]).text

        work_off(import_id, datetime.now(UTC))

        done = client.get(reverse("patients:imported_now", args=[import_id])).text
        assert "hx-get" not in done
        assert "typefout" in done
        report = client.get(reverse("patients:report", args=[import_id])).text.splitlines()
        assert [line.split(";")[0] for line in report[1:]] == ["2", "3"]
        assert "=1+1" not in "".join(report)

    def test_shows_the_lists_that_were_handed_in_earlier(self):
        gp = a_colleague(Role.GP)
        a_list(gp.actor, NOW)

        shown = signed_in_client(gp).get(reverse("patients:import")).text
        assert f"{gp.person.display_name}" in shown.partition('id="earlier"')[2]

    def test_a_file_that_is_larger_than_memory_holds_is_too_large_and_not_missing(self, tmp_path):
        path = tmp_path / "list.csv"
        path.write_bytes(HEADING + b"x" * (22 * 1024 * 1024))
        with path.open("rb") as opened:
            answer = signed_in_client(a_colleague(Role.GP)).post(
                reverse("patients:import"), {"list": opened}
            )

        assert answer.status_code == 422
        assert "hoogstens 20 MB" in answer.text
        assert "verplicht" not in answer.text

    def test_says_what_is_wrong_with_a_file(self, tmp_path):
        path = tmp_path / "list.csv"
        path.write_bytes(b"wat;is;dit\n1;2;3\n")
        with path.open("rb") as opened:
            answer = signed_in_client(a_colleague(Role.GP)).post(
                reverse("patients:import"), {"list": opened}
            )

        assert answer.status_code == 422
        assert "eerste regel" in answer.text
