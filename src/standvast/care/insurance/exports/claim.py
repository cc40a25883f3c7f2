"""Claims as FHIR R4: a Bundle of Claim resources, one per line; and what comes back, read.

The answer is a Bundle of ClaimResponse, a payment a PaymentReconciliation. Codes and programmes
are this project's own.
"""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from standvast.care.insurance.exports.exporter import Outgoing, OutgoingLine
from standvast.care.insurance.rules.answers import LineAnswer, PaidRow, Specification

NAMING = "http://fhir.nl/fhir/NamingSystem"
OURS = "https://standvast.example/fhir"
LINE, MESSAGE = f"{OURS}/claim-line", f"{OURS}/claim-message"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_UNREADABLE = (
    msgspec.DecodeError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What comes of reading JSON that is not built as it should be."""
REFERENCE_CHARACTERS_MAX = 40


class AnswerUnreadable(Exception):
    """What came back is no answer to claims."""


class ClaimExporter:
    """Writes FHIR R4."""

    suffix = "json"
    media_type = "application/fhir+json"

    def write(self, outgoing: Outgoing) -> bytes:
        """Return a Bundle of the type collection."""
        return _ENCODER.encode(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "identifier": {"system": MESSAGE, "value": str(outgoing.id)},
                "entry": [{"resource": claim(outgoing, line)} for line in outgoing.lines],
            }
        )


def claim(outgoing: Outgoing, line: OutgoingLine) -> dict[str, Any]:
    """Return one line as a Claim."""
    code = line.activity or "quarter"
    found: dict[str, Any] = {
        "resourceType": "Claim",
        "identifier": [{"system": LINE, "value": str(line.id)}],
        "status": "active",
        "type": _coding("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "claim",
        "patient": _by_number("bsn", line.bsn),
        "billablePeriod": {"start": line.on, "end": line.on},
        "created": outgoing.made_on,
        "insurer": _by_number("uzovi", line.insurer),
        "provider": _by_number("agb-z", outgoing.asker),
        "priority": _coding("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "insurance": [
            {
                "sequence": 1,
                "focal": True,
                "coverage": {
                    "identifier": {
                        "system": f"{OURS}/insured-number",
                        "value": line.insured_number or "unknown",
                    }
                },
            }
        ],
        "item": [
            {
                "sequence": 1,
                "productOrService": _coding(f"{OURS}/{outgoing.programme}", code),
                "servicedDate": line.on,
                "net": money(line.cents),
            }
        ],
        "total": money(line.cents),
    }
    if line.credits_id is not None:
        found["related"] = [
            {
                "claim": {"identifier": {"system": LINE, "value": str(line.credits_id)}},
                "relationship": _coding(f"{OURS}/relationship", "takes-back"),
            }
        ]
    return found


def money(cents: int) -> dict[str, Any]:
    """Return an amount as FHIR has it: to the cent, never by way of a float."""
    return {"value": Decimal(cents).scaleb(-2), "currency": "EUR"}


def _coding(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _by_number(system: str, value: str) -> dict[str, Any]:
    return {"identifier": {"system": f"{NAMING}/{system}", "value": value or "unknown"}}


def answers_in(content: bytes) -> tuple[LineAnswer, ...] | Specification:
    """Return what came back: answers to lines, or a payment.

    :raises AnswerUnreadable: if it is neither.
    """
    try:
        told = msgspec.json.decode(content, type=dict[str, Any])
        match told.get("resourceType"):
            case "Bundle":
                return tuple(_answers(told))
            case "PaymentReconciliation":
                return _specification(told)
    except _UNREADABLE as error:
        raise AnswerUnreadable from error
    raise AnswerUnreadable


def _answers(told: Mapping[str, Any]) -> Iterator[LineAnswer]:
    for entry in told["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] != "ClaimResponse":
            raise ValueError("no ClaimResponse")
        errors = resource.get("error", ())
        yield LineAnswer(
            line_id=uuid.UUID(resource["request"]["identifier"]["value"]),
            approved_cents=_cents(resource["payment"]["amount"]),
            reason=str(errors[0]["code"]["coding"][0]["code"]) if errors else "",
        )


def _specification(told: Mapping[str, Any]) -> Specification:
    found = Specification(
        message_id=uuid.UUID(told["identifier"][0]["value"]),
        reference=_reference(told["paymentIdentifier"]["value"]),
        paid_on=date.fromisoformat(told["paymentDate"]),
        rows=tuple(
            PaidRow(uuid.UUID(row["request"]["identifier"]["value"]), _cents(row["amount"]))
            for row in told["detail"]
        ),
    )
    if found.cents != _cents(told["paymentAmount"]):
        raise ValueError("a payment that does not add up")
    return found


def _reference(value: object) -> str:
    """Return the insurers' own reference; one that people could not read out is no reference."""
    text = str(value).strip()
    if not (text and text.isprintable() and len(text) <= REFERENCE_CHARACTERS_MAX):
        raise ValueError("no reference")
    return text


def _cents(amount: Mapping[str, Any]) -> int:
    cents = Decimal(str(amount["value"])) * 100
    if cents != cents.to_integral_value() or amount.get("currency") != "EUR":
        raise ValueError("no whole cents")
    return int(cents)
