"""What a launch says of a patient, as the register takes it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from standvast.care.launches.rules.arriving import LaunchUnreadable, PatientClaims
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.organisations.api import Country, check_postcode
from standvast.registry.patients.api import (
    Name,
    PatientData,
    Sex,
    System,
    check_insurer,
    check_number,
    readable,
)

_SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "v": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE,
          "other": Sex.OTHER}  # fmt: skip


def patient_data(told: PatientClaims, *, country: str) -> PatientData:
    """Return what is registered. Nobody is kept out for how something is written: a number or a
    postcode with a typing error is left out, and so are signs that cannot be stored.

    :raises LaunchUnreadable: if family name or birth date is missing.
    """
    return PatientData(
        name=Name(
            _there(readable(told.family, "family"), "family"),
            readable(told.given, "given"),
            readable(told.initials, "initials"),
            prefix=readable(told.prefix, "prefix"),
        ),
        birth_on=_day(told.birth_date),
        sex=_SEXES.get(told.sex.lower(), Sex.UNKNOWN),
        country=Country(country),
        street=readable(told.street, "street"),
        house_number=readable(told.house_number, "house_number"),
        postcode=_if_right(partial(check_postcode, Country(country)), told.postcode),
        city=readable(told.city, "city"),
        insurer=_if_right(check_insurer, told.insurer),
        insured_number=readable(told.insured_number, "insured_number"),
        numbers=_numbers(told),
    )


def without_record(data: PatientData) -> PatientData:
    """Return the same without the number that the practice's record system gave."""
    left = dict(data.numbers)
    left.pop(System.RECORD, None)
    return replace(data, numbers=left)


def _numbers(told: PatientClaims) -> dict[System, str]:
    said = {System.RECORD: told.patient_id, System.BSN: told.bsn, System.INSZ: told.insz}
    return {system: value for system, value in said.items() if value and _can_be(system, value)}


def _can_be(system: System, value: str) -> bool:
    return bool(_if_right(partial(check_number, system), value))


def _if_right(check: Callable[[str], str], text: str) -> str:
    """Return a text as it is stored; nothing if it cannot be right."""
    try:
        return check(text) if text else ""
    except Invalid:
        return ""


def _there(text: str, place: str) -> str:
    if not text.strip():
        raise LaunchUnreadable(
            marked("The launch lacks something, or it cannot be right: {place}."),
            place=f"context.{place}",
        )
    return text


def _day(told: date | None) -> date:
    if told is None:
        _there("", "birth-date")
    assert told is not None
    return told
