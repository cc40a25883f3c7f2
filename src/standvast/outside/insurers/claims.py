"""How the simulated insurers decide about claims: most are approved, some are not, and why.

Claims come as a FHIR Bundle; what is answered is ClaimResponse and PaymentReconciliation. Amounts
are kept in cents.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from standvast.outside.insurers.people import People

LINES_MAX = 20_000
REASONS = ("claimed_elsewhere", "amount_too_high", "asked_too_late")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class NotClaims(ValueError):
    """The payload holds no claims, or too many."""


@dataclass(frozen=True)
class Claimed:
    """One claim, as far as it decides."""

    id: str
    cents: int
    bsn: str
    on: date
    is_credit: bool


def claims_in(payload: bytes) -> tuple[Claimed, ...]:
    """Return the claims of a payload.

    :raises NotClaims: if it is something else.
    """
    try:
        told = msgspec.json.decode(payload, type=dict[str, Any])
        found = tuple(_claimed(entry["resource"]) for entry in told["entry"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise NotClaims from error
    if not 0 < len(found) <= LINES_MAX:
        raise NotClaims
    return found


def _claimed(claim: Mapping[str, Any]) -> Claimed:
    if claim["resourceType"] != "Claim" or claim["use"] != "claim":
        raise NotClaims
    return Claimed(
        id=str(uuid.UUID(claim["identifier"][0]["value"])),
        cents=int(Decimal(str(claim["total"]["value"])) * 100),
        bsn=str(claim["patient"]["identifier"]["value"]),
        on=date.fromisoformat(claim["billablePeriod"]["start"]),
        is_credit="related" in claim,
    )


def refusal_of(claimed: Claimed, people: People, *, reject_share: float) -> str:
    """Return why a claim is not approved; empty when it is. The same claim, the same answer."""
    if claimed.is_credit:
        return ""
    if not any(one.is_active(claimed.on) for one in people.by_bsn(claimed.bsn).insurances):
        return "not_insured_here"
    drawn = int.from_bytes(hashlib.sha256(claimed.id.encode()).digest()[:4], "big")
    if drawn % 10_000 >= reject_share * 10_000:
        return ""
    return REASONS[drawn // 10_000 % len(REASONS)]


def responses(decided: Sequence[tuple[Claimed, str]]) -> bytes:
    """Return the answers to claims."""
    return _ENCODER.encode(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": _response(claimed, why)} for claimed, why in decided],
        }
    )


def _response(claimed: Claimed, why: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "ClaimResponse",
        "status": "active",
        "use": "claim",
        "outcome": "error" if why else "complete",
        "request": {"identifier": {"value": claimed.id}},
        "payment": {"amount": _money(0 if why else claimed.cents)},
    }
    if why:
        found["error"] = [{"code": {"coding": [{"code": why}]}}]
    return found


def payment(
    decided: Sequence[tuple[Claimed, str]], *, paid_id: uuid.UUID, paid_on: date
) -> bytes | None:
    """Return the specification of what is paid; None when nothing is."""
    paid = [claimed for claimed, why in decided if not why and claimed.cents]
    if not paid:
        return None
    return _ENCODER.encode(
        {
            "resourceType": "PaymentReconciliation",
            "identifier": [{"value": str(paid_id)}],
            "status": "active",
            "outcome": "complete",
            "paymentDate": paid_on,
            "paymentIdentifier": {"value": f"B{paid_id.hex[:10].upper()}"},
            "paymentAmount": _money(sum(claimed.cents for claimed in paid)),
            "detail": [
                {"request": {"identifier": {"value": one.id}}, "amount": _money(one.cents)}
                for one in paid
            ],
        }
    )


def _money(cents: int) -> dict[str, Any]:
    return {"value": Decimal(cents).scaleb(-2), "currency": "EUR"}
