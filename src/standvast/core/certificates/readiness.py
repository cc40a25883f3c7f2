"""Whether a process may take traffic: certificates that must be there are, and are right."""

from collections.abc import Sequence
from datetime import datetime

from standvast.core.certificates.declared import PURPOSES, Purpose
from standvast.core.certificates.judging import known_checks
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.slots import Slot
from standvast.core.certificates.rules.told import Outcome
from standvast.core.health.api import NotReady
from standvast.kit.wiring import wired
from standvast.kit.words import marked

MISSING = marked("No certificate is in use.")


def check_certificates(now: datetime) -> Sequence[NotReady]:
    """Return why this installation may not take traffic, for the slot READY of health.

    Asks no peer: a neighbour's outage keeps nobody from starting. A refusal by the peer that the
    last look found counts.
    """
    must = [purpose for purpose in wired(PURPOSES) if purpose.must_be_there]
    if not must:
        return ()
    in_use = {row.purpose: row for row in Certificate.objects.filter(slot=Slot.CURRENT.value)}
    return tuple(
        reason for purpose in must for reason in _reasons(in_use.get(purpose.name), purpose, now)
    )


def _reasons(row: Certificate | None, purpose: Purpose, now: datetime) -> tuple[NotReady, ...]:
    if row is None:
        return (NotReady(purpose.name, MISSING),)
    return tuple(
        NotReady(purpose.name, check.template, check.values)
        for check in known_checks(row, purpose, now)
        if check.outcome is Outcome.FAILED
        or (check.outcome is Outcome.NOT_KNOWN and not check.is_live)
    )
