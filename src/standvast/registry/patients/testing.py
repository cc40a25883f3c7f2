"""Patients for the tests of others. Fictitious, all of them."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from standvast.kit.actor import Actor
from standvast.registry.organisations.api import Country
from standvast.registry.patients.operations.importing import hand_in
from standvast.registry.patients.operations.registering import PatientData, Registered, register
from standvast.registry.patients.rules import Name, Sex, System
from standvast.registry.patients.seeds import insz_of

BSNS = ("999990019", "999990020", "999990032", "999990044", "999990056")
"""Numbers that pass the test, from the range that is used for made-up people."""
INSZS = tuple(insz_of(date(1962, 3, 15), Sex.FEMALE, place) for place in range(5))
"""Belgian ones of women born on 15 March 1962, with serial numbers that no day reaches."""


def patient_data(
    family: str = "Voorbeeld",
    given: str = "Anna",
    *,
    prefix: str = "",
    birth_on: date = date(1962, 3, 15),
    numbers: Mapping[System, str] | None = None,
    **more: Any,
) -> PatientData:
    """Return what a practice may know of somebody."""
    return PatientData(
        name=Name(family, given, prefix=prefix),
        birth_on=birth_on,
        sex=Sex.FEMALE,
        numbers=numbers or {},
        **more,
    )


def a_patient(actor: Actor, now: datetime, **known: Any) -> Registered:
    """Register somebody in the actor's organisation."""
    return register(actor=actor, data=patient_data(**known), now=now)


def a_list(actor: Actor, now: datetime, *rows: str) -> uuid.UUID:
    """Hand in a list of surname, birth date and BSN; without rows, of one."""
    lines = ("achternaam;geboortedatum;bsn", *(rows or (f"Voorbeeld;15-3-1962;{BSNS[0]}",)))
    return hand_in(actor=actor, content="\r\n".join(lines).encode(), country=Country.NL, now=now)
