"""The names that the registers of patients' numbers have in FHIR. Pure."""

from collections.abc import Mapping

from standvast.registry.patients.rules import System

SYSTEMS: Mapping[System, str] = {
    System.BSN: "http://fhir.nl/fhir/NamingSystem/bsn",
    System.INSZ: "https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin",
    System.RECORD: "urn:standvast:record",
}
"""NISS and BIS numbers have the system of the INSZ: all three name one person in one register."""
SYSTEM_OF: Mapping[str, System] = {
    **{address: system for system, address in SYSTEMS.items()},
    "urn:oid:2.16.840.1.113883.2.4.6.3": System.BSN,
    "https://www.ehealth.fgov.be/standards/fhir/NamingSystem/ssin": System.INSZ,
}
