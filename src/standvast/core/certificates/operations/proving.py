"""Every certificate that is or may come in use shown to its peer at once, within one deadline."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from standvast.core.certificates.declared import PURPOSES, Purpose
from standvast.core.certificates.handshake import DEADLINE_S
from standvast.core.certificates.judging import checks_here, checks_there
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.preflight import days_left
from standvast.core.certificates.rules.slots import Slot
from standvast.core.certificates.rules.told import Check, as_stored
from standvast.kit.wiring import wired

IN_SIGHT = (Slot.CURRENT, Slot.NEXT)
AT_ONCE = 8
SPARE_S = 1.0
"""Over the deadline of one handshake, for those who wait their turn."""


@dataclass(frozen=True)
class Proof:
    """What one certificate was worth just now; without a fingerprint none is in use."""

    purpose: Purpose
    slot: Slot
    fingerprint: str = ""
    issuer: str = ""
    days_left: int = 0
    checks: tuple[Check, ...] = ()


def prove_all(now: datetime, *, deadline_s: float = DEADLINE_S + SPARE_S) -> tuple[Proof, ...]:
    """Make every check of what is in use and of what comes next, and keep what came of it.

    Peers are met at the same time, outside any transaction. One that is not done by the deadline
    is late, which is not known. A purpose that has a peer but nothing in use is among them.
    """
    purposes = {purpose.name: purpose for purpose in wired(PURPOSES)}
    slots = [slot.value for slot in IN_SIGHT]
    rows = list(
        Certificate.objects.filter(purpose__in=purposes, slot__in=slots).order_by("purpose", "slot")
    )
    found = _met([(row, purposes[row.purpose]) for row in rows], deadline_s)
    proofs = []
    for row, there in zip(rows, found, strict=True):
        purpose = purposes[row.purpose]
        checks = (*checks_here(row, purpose, now), *there)
        Certificate.objects.filter(id=row.id, slot=row.slot).update(
            checks=as_stored(checks), looked_at=now
        )
        left = days_left(row.valid_until, now)
        proofs.append(
            Proof(purpose, Slot(row.slot), row.fingerprint, row.issuer, left, tuple(checks))
        )
    return (*proofs, *_lacking(rows))


def _met(
    pairs: Sequence[tuple[Certificate, Purpose]], deadline_s: float
) -> list[tuple[Check, ...]]:
    """Return what each peer made of its certificate, in the order given."""
    if not pairs:
        return []
    ends_at = time.monotonic() + deadline_s
    pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="certificates")
    try:
        asked = [pool.submit(checks_there, row, purpose) for row, purpose in pairs]
        wait(asked, timeout=max(0.0, ends_at - time.monotonic()))
        return [_answer(one, deadline_s) for one in asked]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _answer(asked: "Future[tuple[Check, ...]]", deadline_s: float) -> tuple[Check, ...]:
    if asked.done() and not asked.cancelled():
        return asked.result()
    return (Check("peer.late", {"seconds": int(deadline_s)}),)


def _lacking(rows: Sequence[Certificate]) -> Iterator[Proof]:
    in_use = {row.purpose for row in rows if row.slot == Slot.CURRENT.value}
    for purpose in wired(PURPOSES):
        if purpose.name not in in_use and (purpose.must_be_there or purpose.peer() is not None):
            yield Proof(purpose, Slot.CURRENT)
