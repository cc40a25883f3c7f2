"""A patient as a FHIR resource, and what a resource says of one. Pure.

Names and addresses keep their parts in the extensions that HL7 has for them, as Dutch and Belgian
profiles do; a resource without them is read by its plain elements.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from standvast.fhir.api import Json
from standvast.registry.organisations.api import Country
from standvast.registry.patients.rules import Name, NameUse, Sex, System, day_of, full_name
from standvast.registry.patients.systems import SYSTEM_OF, SYSTEMS
from standvast.registry.patients.views import PatientView

_HL7 = "http://hl7.org/fhir/StructureDefinition/"
_PARTS = {
    "family": f"{_HL7}humanname-own-name",
    "prefix": f"{_HL7}humanname-own-prefix",
    "partner_family": f"{_HL7}humanname-partner-name",
    "partner_prefix": f"{_HL7}humanname-partner-prefix",
}
_ORDER = f"{_HL7}humanname-assembly-order"
_ORDERS = {
    NameUse.OWN: "NL1",
    NameUse.PARTNER: "NL2",
    NameUse.PARTNER_OWN: "NL3",
    NameUse.OWN_PARTNER: "NL4",
}
_QUALIFIER = f"{_HL7}iso21090-EN-qualifier"
_STREET = f"{_HL7}iso21090-ADXP-streetName"
_NUMBER = f"{_HL7}iso21090-ADXP-houseNumber"
_SUFFIX = f"{_HL7}iso21090-ADXP-buildingNumberSuffix"
_RECORD_TYPE = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]
}
_REPRESENTS = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "RESPRSN"}]
}
_COUNTRIES = {
    **dict.fromkeys(("nl", "nld", "nederland", "netherlands", "pays-bas"), Country.NL),
    **dict.fromkeys(("be", "bel", "belgië", "belgie", "belgium", "belgique"), Country.BE),
}
_LINE = re.compile(r"(?P<street>.*?\D)[ ,]+(?P<number>\d+\s?[\w/-]{0,8})")


def resource_of(patient: PatientView) -> Json:
    """Return a patient as a resource. What is not known is left out."""
    found: Json = {
        "resourceType": "Patient",
        "id": str(patient.id),
        "meta": {"versionId": str(patient.version)},
        "identifier": [_identifier(system, value) for system, value in patient.numbers],
        "active": patient.merged_into is None,
        "name": [_human_name(patient.name)],
        "telecom": _telecom(phone=patient.telephone, email=patient.email),
        "gender": patient.sex.value,
        "birthDate": patient.birth_on.isoformat(),
        "address": _addresses(patient),
        "contact": _contacts(patient),
        "link": [
            *(_link("replaces", str(row.id)) for row in patient.merged),
            *([_link("replaced-by", str(patient.merged_into))] if patient.merged_into else []),
        ],
    }
    return {name: value for name, value in found.items() if value != []}


def _identifier(system: System, value: str) -> Json:
    found: Json = {"system": SYSTEMS[system], "value": value}
    return found | ({"type": _RECORD_TYPE} if system is System.RECORD else {})


def _human_name(name: Name) -> Json:
    parts = [_said(url, getattr(name, part)) for part, url in _PARTS.items() if getattr(name, part)]
    shown = full_name(name).removeprefix(name.given or name.initials).strip()
    order = {"url": _ORDER, "valueCode": _ORDERS[name.use]}
    given = [one for one in (name.initials, name.given) if one]
    found: Json = {
        "extension": [order],
        "use": "official",
        "text": full_name(name),
        "family": shown,
        "_family": {"extension": parts},
    }
    if given:
        kinds = [kind for one, kind in ((name.initials, "IN"), (name.given, "BR")) if one]
        found["given"] = given
        found["_given"] = [
            {"extension": [{"url": _QUALIFIER, "valueCode": kind}]} for kind in kinds
        ]
    return found


def _said(url: str, text: str) -> Json:
    return {"url": url, "valueString": text}


def _telecom(*, phone: str, email: str = "") -> list[Json]:
    both = (("phone", phone), ("email", email))
    return [{"system": system, "value": value} for system, value in both if value]


def _addresses(patient: PatientView) -> list[Json]:
    line = f"{patient.street} {patient.house_number}".strip()
    found: Json = {}
    if line:
        both = ((_STREET, patient.street), (_NUMBER, patient.house_number))
        found["line"] = [line]
        found["_line"] = [{"extension": [_said(url, text) for url, text in both if text]}]
    plain = {"city": patient.city, "postalCode": patient.postcode}
    found |= {name: value for name, value in plain.items() if value}
    return [found | {"country": patient.country}] if found else []


def _contacts(patient: PatientView) -> list[Json]:
    if not (patient.representative or patient.representative_telephone):
        return []
    found: Json = {"relationship": [_REPRESENTS]}
    if patient.representative:
        found["name"] = {"text": patient.representative}
    if patient.representative_telephone:
        found["telecom"] = _telecom(phone=patient.representative_telephone)
    return [found]


def _link(kind: str, patient_id: str) -> Json:
    return {"other": {"reference": f"Patient/{patient_id}"}, "type": kind}


def row_in(resource: Mapping[str, Any], country: Country) -> dict[str, str]:
    """Return what a resource says of a patient, by the columns of a list; it was validated."""
    return {
        **_name_in(resource.get("name", ())),
        **_numbers_in(resource.get("identifier", ())),
        **_address_in(resource.get("address", ()), country),
        "birth_on": _day(resource.get("birthDate", "")),
        "sex": resource.get("gender", Sex.UNKNOWN.value),
        "telephone": _telecom_in(resource.get("telecom", ()), "phone"),
        "email": _telecom_in(resource.get("telecom", ()), "email"),
    }


def _day(text: str) -> str:
    """Return a whole day; a year or a month alone is nobody's birth date."""
    return text if day_of(text) is not None else ""


def _name_in(names: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    in_order = sorted(names, key=lambda one: one.get("use", "") != "official")
    name = next(iter(in_order), {})
    family = name.get("_family") or {}
    said = {part: _extension(family, url) for part, url in _PARTS.items()}
    if not said["family"]:
        said = {"family": name.get("family", "")}
    order = _extension(name, _ORDER, "valueCode")
    use = next((use for use, code in _ORDERS.items() if code == order), None)
    given, qualified = name.get("given", ()), name.get("_given") or ()
    kinds = [_extension(one or {}, _QUALIFIER, "valueCode") for one in qualified]
    kinds += [""] * (len(given) - len(kinds))
    initials = [one for one, kind in zip(given, kinds, strict=False) if kind == "IN" and one]
    names_given = [one for one, kind in zip(given, kinds, strict=False) if kind != "IN" and one]
    return {
        **said,
        "given": names_given[0] if names_given else "",
        "initials": " ".join(initials),
        "use": use.value if use else "",
    }


def _numbers_in(identifiers: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in identifiers:
        system = SYSTEM_OF.get(one.get("system", ""))
        codings = (one.get("type") or {}).get("coding", ())
        if system is None and any(coding.get("code") == "MR" for coding in codings):
            system = System.RECORD
        if system is not None and one.get("use") != "old":
            found.setdefault(system.value, one.get("value", ""))
    return found


def _address_in(addresses: Sequence[Mapping[str, Any]], country: Country) -> dict[str, str]:
    current = [one for one in addresses if one.get("use") != "old"]
    address = min(current, key=lambda one: one.get("use") not in ("home", None), default={})
    line = next(iter(address.get("line", ())), "")
    parts = next(iter(address.get("_line") or ()), None) or {}
    street = _extension(parts, _STREET)
    number = f"{_extension(parts, _NUMBER)} {_extension(parts, _SUFFIX)}".strip()
    if not street:
        split = _LINE.fullmatch(line.strip())
        street, number = (split["street"], split["number"]) if split else (line, number)
    said = str(address.get("country", "")).strip().lower()
    return {
        "street": street.strip(),
        "house_number": number,
        "postcode": address.get("postalCode", ""),
        "city": address.get("city", ""),
        "country": _COUNTRIES.get(said, country).value,
    }


def _telecom_in(telecom: Iterable[Mapping[str, Any]], system: str) -> str:
    fitting = (one.get("value", "") for one in telecom if one.get("system") == system)
    return next(fitting, "")


def _extension(element: Mapping[str, Any], url: str, kind: str = "valueString") -> str:
    fitting = (one.get(kind, "") for one in element.get("extension", ()) if one.get("url") == url)
    return str(next(fitting, ""))
