"""A list of patients is handed in, kept sealed, and registered slice by slice.

A slice, its results and the settling of its delivery are one transaction: a courier that dies
leaves a slice whole or done. A row needs a number, so that the same list twice doubles nobody.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction

from standvast.core.delivery.api import canonical, first_key, opened, publish, seal
from standvast.core.journal.api import entry_of, record
from standvast.events.patients import SliceHandedIn
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy, Invalid, Refused
from standvast.kit.words import marked
from standvast.registry.organisations.api import AddressNotRight, Country
from standvast.registry.patients.bundles import (
    EntryNotRight,
    columns_of,
    is_bundle,
    read_bundle,
)
from standvast.registry.patients.models import Import, ImportLine, ImportSlice
from standvast.registry.patients.operations.entering import Entry, enter_many
from standvast.registry.patients.operations.registering import PatientData, checked
from standvast.registry.patients.rules import Name, NameUse, Outcome, System
from standvast.registry.patients.sheets import birth_of, read_sheet, sex_of

SLICE_ROWS = 500
KEPT_FOR = timedelta(days=7)
TOLD_FOR = timedelta(days=90)
"""So long the result of each row can be read; that a list was handed in stays in the journal."""
FORGOTTEN_AT_ONCE = 20
WAITING_MAX = 5
"""Lists of one organisation that wait: each may be 20 MB, and is kept sealed meanwhile."""
LANE = "patients.imports"
_PLAIN = (
    "street",
    "house_number",
    "postcode",
    "city",
    "telephone",
    "email",
    "insurer",
    "insured_number",
)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is sealed in a slice."""

    rows: list[dict[str, str]]
    country: Country


class RowNotRight(Invalid):
    """A row cannot be registered as it is written."""

    code = "patients.row_not_right"


class TooManyLists(Refused):
    """As many lists of this organisation wait to be registered as are kept."""

    code = "patients.too_many_lists"


class JustRegistered(Busy):
    """Another process registered one of these numbers at this moment: the slice comes again."""

    code = "patients.just_registered"


@transaction.atomic(durable=True)
def hand_in(*, actor: Actor, content: bytes, country: Country, now: datetime) -> uuid.UUID:
    """Keep a list, sealed, to be registered in the background; return its id.

    The list is CSV, or a FHIR Bundle.

    :raises SheetNotRight: if nothing can be made of it.
    :raises TooManyLists: if as many of the organisation's lists wait as are kept.
    """
    _check_room(actor)
    rows = read_bundle(content) if is_bundle(content) else read_sheet(content)
    whole = Import.objects.create(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        role=actor.role,
        rows_count=len(rows),
        handed_in_at=now,
    )
    starts = range(0, len(rows), SLICE_ROWS)
    for position, first in enumerate(starts):  # one at a time: sealed, the list is there twice
        _sealed(whole, position, rows[first : first + SLICE_ROWS], country).save()
    publish(*(SliceHandedIn(whole.id, position, now) for position in range(len(starts))), now=now)
    record(
        entry_of(
            actor,
            at=now,
            action="C",
            event="patients.list_handed_in",
            record_kind="patients.import",
            record_id=whole.id,
            detail={"rows": len(rows)},
        )
    )
    return whole.id


def on_slice_handed_in(event: SliceHandedIn, *, now: datetime) -> None:
    """Register a slice and write what became of each row; nothing if that was done."""
    assert connection.in_atomic_block, "belongs in the transaction that settles its delivery"
    found = (
        ImportSlice.objects.select_for_update(of=("self",))
        .select_related("whole")
        .filter(whole_id=event.import_id, position=event.position)
        .first()
    )
    if found is None:
        return
    whole = found.whole
    actor = Actor(whole.person_id, whole.organisation_id, whole.role)
    held = msgspec.convert(
        opened(bytes(found.sealed), key_id=found.key_id, lane=LANE, key=event.key), _Held
    )
    entries: list[tuple[int, Entry]] = []
    results: list[ImportLine] = []
    for row in held.rows:
        line = int(row["line"])
        try:
            entries.append((line, _entry(row, held.country, now)))
        except Invalid as refused:
            place = refused.place if isinstance(refused, EntryNotRight) else ""
            results.append(_result(whole, line, Outcome.REFUSED, refused.template, place))
    try:
        with transaction.atomic():
            made = enter_many(actor=actor, entries=[entry for _, entry in entries], now=now)
    except IntegrityError:
        raise JustRegistered(
            marked("Somebody registers the same patients now."), retry_after_s=1
        ) from None
    for (line, _), one in zip(entries, made, strict=True):
        outcome = Outcome.REGISTERED if one.is_new else Outcome.KNOWN
        outcome = Outcome.REFUSED if one.refused else outcome
        results.append(_result(whole, line, outcome, one.refused))
    ImportLine.objects.bulk_create(results)
    found.delete()


def sweep_imports(now: datetime) -> None:
    """Throw away what could not be registered within a week, and results after three months."""
    ImportSlice.objects.filter(whole__handed_in_at__lt=now - KEPT_FOR).delete()
    old = Import.objects.filter(handed_in_at__lt=now - TOLD_FOR).order_by("handed_in_at")
    Import.objects.filter(
        id__in=list(old.values_list("id", flat=True)[:FORGOTTEN_AT_ONCE])
    ).delete()


def _check_room(actor: Actor) -> None:
    waiting = ImportSlice.objects.filter(whole__organisation_id=actor.organisation_id)
    if waiting.values("whole_id").distinct().count() >= WAITING_MAX:
        raise TooManyLists(
            marked("Your earlier lists are still being registered. Wait until they are done.")
        )


def _sealed(
    whole: Import, position: int, rows: Sequence[Mapping[str, str]], country: Country
) -> ImportSlice:
    sealing = first_key()
    plain = canonical({"rows": list(rows), "country": country.value})
    sealed = seal(sealing, plain, lane=LANE, key=f"{whole.id}.{position}")
    return ImportSlice(whole=whole, position=position, key_id=sealing.id, sealed=sealed)


def _entry(held: Mapping[str, str], country: Country, now: datetime) -> Entry:
    row = columns_of(held, country)
    said = {name: row.get(name, "") for name in (*_PLAIN, "family", "prefix", "given", "initials")}
    partner = row.get("partner_family", "")
    name = Name(
        said["family"],
        said["given"],
        said["initials"],
        said["prefix"],
        partner,
        row.get("partner_prefix", ""),
        NameUse(row.get("use") or (NameUse.PARTNER_OWN if partner else NameUse.OWN)),
    )
    data = PatientData(
        name=name,
        birth_on=birth_of(row.get("birth_on", "")),
        sex=sex_of(row.get("sex", "")),
        country=Country(row.get("country", country)),
        numbers={system: row.get(system.value, "") for system in System},
        **{field: said[field] for field in _PLAIN},
    )
    try:
        fields, numbers = checked(data, now)
    except AddressNotRight:
        raise RowNotRight(marked("The postcode in this row is not right.")) from None
    _check(fields)
    if not numbers:
        raise RowNotRight(
            marked("This row has no number: without one, somebody might be registered twice.")
        )
    return fields, numbers


def _check(fields: Mapping[str, object]) -> None:
    if not fields["family"]:
        raise RowNotRight(marked("This row has no family name."))
    try:
        if fields["email"]:
            validate_email(str(fields["email"]))
    except ValidationError:
        raise RowNotRight(marked("The e-mail address in this row is not right.")) from None


def _result(
    whole: Import, line: int, outcome: Outcome, reason: str = "", place: str = ""
) -> ImportLine:
    return ImportLine(whole=whole, line=line, outcome=outcome.value, reason=reason, place=place)
