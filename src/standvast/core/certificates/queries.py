"""Reads: what stands in the slots of each purpose."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from standvast.core.certificates.declared import PURPOSES, Purpose, environment, purpose_named
from standvast.core.certificates.judging import known_checks
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.preflight import days_left
from standvast.core.certificates.rules.slots import Slot, is_proven
from standvast.core.certificates.rules.told import Outcome, from_stored
from standvast.core.certificates.views import CertificateView, PurposeView
from standvast.kit.wiring import wired


def purpose_views(now: datetime) -> tuple[PurposeView, ...]:
    """Return every purpose of the wiring."""
    rows = list(Certificate.objects.exclude(slot=Slot.RETIRED.value))
    return tuple(
        _purpose_view(purpose, (row for row in rows if row.purpose == purpose.name), now)
        for purpose in wired(PURPOSES)
    )


def purpose_view(name: str, now: datetime) -> PurposeView:
    """Return one purpose.

    :raises PurposeUnknown: if there is none of this name.
    """
    purpose = purpose_named(name)
    rows = Certificate.objects.filter(purpose=name).exclude(slot=Slot.RETIRED.value)
    return _purpose_view(purpose, rows, now)


def needs_someone_count() -> int:
    """Return for how many purposes the certificate in use fails or is missing, by the last look.

    One question, the clock included: every page of the desk asks it.
    """
    in_use = Certificate.objects.filter(slot=Slot.CURRENT.value)
    over = in_use.annotate(is_over=Q(valid_until__lte=Now()))
    rows = {row["purpose"]: row for row in over.values("purpose", "checks", "is_over")}
    return sum(_needs_someone(purpose, rows.get(purpose.name)) for purpose in wired(PURPOSES))


def _needs_someone(purpose: Purpose, row: Mapping[str, Any] | None) -> bool:
    if row is None:
        return purpose.must_be_there or purpose.peer() is not None
    failed = (check.outcome is Outcome.FAILED for check in from_stored(row["checks"]))
    return row["is_over"] or any(failed)


def _purpose_view(purpose: Purpose, rows: Iterable[Certificate], now: datetime) -> PurposeView:
    standing = {row.slot: _certificate_view(row, purpose, now) for row in rows}
    return PurposeView(
        purpose,
        environment(),
        purpose.peer() is not None,
        standing.get(Slot.CURRENT.value),
        standing.get(Slot.NEXT.value),
        standing.get(Slot.PREVIOUS.value),
    )


def _certificate_view(row: Certificate, purpose: Purpose, now: datetime) -> CertificateView:
    checks = known_checks(row, purpose, now)
    return CertificateView(
        id=row.id,
        slot=row.slot,
        subject=row.subject,
        issuer=row.issuer,
        fingerprint=row.fingerprint,
        valid_until=row.valid_until,
        days_left=days_left(row.valid_until, now),
        handed_in_by=row.handed_in_by,
        handed_in_at=row.handed_in_at,
        moved_at=row.moved_at,
        checks=checks,
        looked_at=row.looked_at,
        is_proven=is_proven(checks),
    )
