"""What a launch says of a patient, as the register takes it."""

from datetime import date

from standvast.care.launches.rules import LaunchUnreadable, PatientClaims
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.organisations.api import Country
from standvast.registry.patients.api import Name, PatientData, Sex, System, check_number

_SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "v": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE,
          "other": Sex.OTHER}  # fmt: skip


def patient_data(told: PatientClaims, *, country: str) -> PatientData:
    """Return what is registered. A number with a typing error is left out, and nobody is kept out.

    :raises LaunchUnreadable: if family name or birth date is missing.
    """
    return PatientData(
        name=Name(_there(told.family, "family"), told.given, told.initials, prefix=told.prefix),
        birth_on=_day(told.birth_date),
        sex=_SEXES.get(told.sex.lower(), Sex.UNKNOWN),
        country=Country(country),
        street=told.street,
        house_number=told.house_number,
        postcode=told.postcode,
        city=told.city,
        insurer=told.insurer,
        insured_number=told.insured_number,
        numbers=_numbers(told),
    )


def _numbers(told: PatientClaims) -> dict[System, str]:
    said = {System.RECORD: told.patient_id, System.BSN: told.bsn, System.INSZ: told.insz}
    return {system: value for system, value in said.items() if value and _can_be(system, value)}


def _can_be(system: System, value: str) -> bool:
    try:
        check_number(system, value)
    except Invalid:
        return False
    return True


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
