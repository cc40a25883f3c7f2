"""Kinds of record about one patient, as access rules call them, and who may be shown them."""

from standvast.kit.actor import Actor
from standvast.registry.access.api import check_record

COVERAGE = "coverage"
CARE = "care"
CLAIM = "claim"


def check_claims(actor: Actor) -> None:
    """Pass if this actor may see and change what is claimed for one patient.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    check_record(actor, "insurance.claim", CLAIM)


def check_cares(actor: Actor) -> None:
    """Pass if this actor may see and change one patient's programmes.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    check_record(actor, "insurance.record", CARE)


def check_asks(actor: Actor) -> None:
    """Pass if this actor may ask whether one patient is insured.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    check_record(actor, "insurance.check", COVERAGE)


def check_sees_coverage(actor: Actor) -> None:
    """Pass if this actor may see whether one patient is insured.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    check_record(actor, "insurance.see", COVERAGE)
