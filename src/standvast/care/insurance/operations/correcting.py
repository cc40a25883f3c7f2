"""A line that was answered is corrected: what was paid is taken back, and claimed anew.

A line that takes another one back is a credit. One that the insurers refused can go again.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from standvast.care.insurance.models import Bundle, Line
from standvast.care.insurance.operations.preparing import (
    own_bundle,
    prepare_again,
    settle_state,
)
from standvast.care.insurance.records import check_claims
from standvast.care.insurance.rules.claims import LineState, check_move
from standvast.care.insurance.told import care_entry
from standvast.core.journal.api import record
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked


class LineNotFound(NotFound):
    """No such line in this organisation."""

    code = "insurance.line_not_found"


class CreditStands(Refused):
    """The line takes another one back, and is not taken back itself."""

    code = "insurance.credit_stands"


class NothingToCredit(Refused):
    """Nothing was approved of this line: there is nothing to take back."""

    code = "insurance.nothing_to_credit"


@transaction.atomic(durable=True)
def correct(*, actor: Actor, line_id: uuid.UUID, now: datetime) -> None:
    """Claim an answered line anew, as things are known now; what was approved of it is taken back.

    Both wait in the bundle until it is submitted again. Of a line that takes another one back, what
    the insurers refused to take back is taken back anew.

    :raises LineNotFound: if the organisation has none such.
    :raises MoveNotAllowed: if it was not answered, or is corrected already.
    :raises CreditStands: if it takes another one back, and the insurers took all of that.
    """
    line, bundle = _answered(actor, line_id)
    if line.credits_id is not None:
        version = _taken_back_anew(line)
        settle_state(bundle)
        record(care_entry(actor, line.patient_id, "U", "insurance.credited", now, version=version))
        return
    version = _taken_back(line)
    Line.objects.create(
        **_identity(line),
        version=version,
        on=line.on,
        cents=line.cents,
        state=LineState.IN_BUNDLE.value,
        recorded_at=now,
    )
    prepare_again(bundle, now)
    record(care_entry(actor, line.patient_id, "U", "insurance.corrected", now, version=version))


@transaction.atomic(durable=True)
def credit(*, actor: Actor, line_id: uuid.UUID, now: datetime) -> None:
    """Take back what was approved of a line, and claim nothing in its place.

    :raises LineNotFound: if the organisation has none such.
    :raises MoveNotAllowed: if it was not answered, or is corrected already.
    :raises CreditStands: if it takes another one back.
    :raises NothingToCredit: if nothing was approved.
    """
    line, bundle = _answered(actor, line_id)
    if line.credits_id is not None:
        raise CreditStands(_stands())
    if not line.approved_cents:
        raise NothingToCredit(marked("Nothing was approved: there is nothing to take back."))
    version = _taken_back(line)
    settle_state(bundle)
    record(care_entry(actor, line.patient_id, "U", "insurance.credited", now, version=version))


def _answered(actor: Actor, line_id: uuid.UUID) -> tuple[Line, Bundle]:
    check_claims(actor)
    found = Line.objects.filter(organisation_id=actor.organisation_id, id=line_id).first()
    if found is None:
        raise LineNotFound(marked("There is no such line in your organisation."))
    bundle = own_bundle(actor.organisation_id, found.bundle_id)
    line = Line.objects.select_for_update(no_key=True).get(id=line_id)
    check_move(LineState(line.state), LineState.CORRECTED)
    return line, bundle


def _taken_back(line: Line) -> int:
    """Mark a line as corrected and credit what was approved of it; return the next version."""
    last = Line.objects.filter(**_identity(line)).aggregate(last=Max("version"))["last"]
    line.state, line.is_groundless = LineState.CORRECTED.value, False
    line.save(update_fields=["state", "is_groundless"])
    if not line.approved_cents:
        return int(last) + 1
    Line.objects.create(
        **_identity(line),
        version=last + 1,
        credits=line,
        on=line.on,
        cents=-line.approved_cents,
        tariff_id=line.tariff_id,
        state=LineState.IN_BUNDLE.value,
    )
    return int(last) + 2


def _taken_back_anew(line: Line) -> int:
    """Take back once more what the insurers refused to take back; return the version.

    :raises CreditStands: if they refused nothing.
    """
    if not line.rejected_cents:
        raise CreditStands(_stands())
    last = Line.objects.filter(**_identity(line)).aggregate(last=Max("version"))["last"]
    line.state = LineState.CORRECTED.value
    line.save(update_fields=["state"])
    Line.objects.create(
        **_identity(line),
        version=last + 1,
        credits_id=line.credits_id,
        on=line.on,
        cents=line.rejected_cents,
        tariff_id=line.tariff_id,
        state=LineState.IN_BUNDLE.value,
    )
    return int(last) + 1


def _stands() -> str:
    return marked("This line takes another one back, and stands.")


def _identity(line: Line) -> dict[str, object]:
    """Return what all versions of a line have in common."""
    return {
        "bundle_id": line.bundle_id,
        "organisation_id": line.organisation_id,
        "patient_id": line.patient_id,
        "programme": line.programme,
        "quarter": line.quarter,
        "activity_id": line.activity_id,
    }
