"""Patients for the tests of others. Fictitious, all of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from standvast.kit.actor import Actor
from standvast.registry.patients.operations.registering import PatientData, Registered, register
from standvast.registry.patients.rules import Name, Sex, System

BSNS = ("999990019", "999990020", "999990032", "999990044", "999990056")
"""Numbers that pass the test, from the range that is used for made-up people."""


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
