"""A version that people do not see yet is tried: somebody made up is handed over to it."""

import asyncio
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from standvast.care.launches.destinations.far_side import walk
from standvast.care.launches.destinations.own_page import Visit
from standvast.care.launches.handing import Handover, handover_of
from standvast.care.launches.rules.contract import Fault
from standvast.care.launches.rules.targets import BY_APP, Contract, Draft
from standvast.care.launches.starting import started_for_nobody
from standvast.care.launches.synthetic import values_of_nobody
from standvast.core.health.api import ProbeContext, StepFailed
from standvast.kit.errors import Refused

DEADLINE_S = 9.0


def fault_of(draft: Draft, *, key: EllipticCurvePrivateKey | None, now: datetime) -> Fault | None:
    """Return in what a version breaks its contract; None if it keeps it.

    An app asks at our own door, as it does when people come: our own pages have to be served.
    """
    if draft.kind not in BY_APP:
        values = values_of_nobody(task=draft.task)
        return asyncio.run(walk(handover_of(draft, values, key=key, now=now), draft.contract))
    try:
        handover = started_for_nobody(draft, now=now)
    except Refused as refused:
        return Fault("launches.own_page", {"reason": refused.code})
    return asyncio.run(_through_our_door(handover, draft.contract, now))


async def _through_our_door(handover: Handover, contract: Contract, now: datetime) -> Fault | None:
    visit = Visit()
    try:
        await visit.begin(ProbeContext(now, DEADLINE_S))
    except StepFailed as failed:
        return Fault("launches.own_page", {"reason": failed.reason})
    return await walk(handover, contract, at_home=visit.answer)
