"""Walks out: for each target, somebody made up clicks on our own page and is handed over.

Our half is walked as people walk it, page and form; the far side's answer is held to its contract.
A walk says "try anyway", or a target that was red once would stay so.
"""

import time
from collections.abc import Sequence

from standvast.care.launches.destinations import own_page
from standvast.care.launches.destinations.far_side import walk
from standvast.care.launches.handing import Handover, handover_to_app
from standvast.care.launches.queries.targets import COMPONENT, live_targets
from standvast.care.launches.rules.contract import Fault
from standvast.care.launches.rules.targets import BY_APP, Source, sites_of
from standvast.care.launches.starting import let_walker_in
from standvast.care.launches.synthetic import values_of_nobody
from standvast.care.launches.views import VersionView
from standvast.core.health.api import (
    WALK,
    Observation,
    Probe,
    ProbeContext,
    StepFailed,
    Verdict,
    from_django,
    green,
)
from standvast.kit.errors import Refused
from standvast.registry.grants.api import place

EVERY_S = 20.0
DEADLINE_S = 9.0
"""Ours and theirs together; two looks tell within a minute."""


def probe_name(slug: str) -> str:
    """Return the name of the walk of a target."""
    return f"launches.out.{slug}"


def walks_out() -> Sequence[Probe]:
    """Return a walk for each target that is live. Asks the database."""
    return tuple(_probe(target) for target in live_targets())


def _probe(target: VersionView) -> Probe:
    async def run(context: ProbeContext) -> Observation:
        begun = time.monotonic()
        fault = await _walk(target, context)
        took_s = time.monotonic() - begun
        if fault is None:
            return green(int(took_s * 1000), value=took_s)
        return Observation(
            Verdict.RED, fault.code, int(took_s * 1000), None, fault.template, fault.values
        )

    return Probe(
        probe_name(target.slug),
        COMPONENT,
        run,
        variant=target.slug,
        kind=WALK,
        interval_s=EVERY_S,
        deadline_s=DEADLINE_S,
    )


async def _walk(target: VersionView, context: ProbeContext) -> Fault | None:
    draft = target.draft
    is_app = draft.kind in BY_APP
    try:
        if is_app:
            await from_django(lambda now: let_walker_in(draft, now))(context)
        page = await own_page.VISIT.to(target, context)
    except StepFailed as failed:
        return Fault("launches.own_page", {"reason": failed.reason})
    except Refused as refused:
        return Fault("launches.own_page", {"reason": refused.code})
    form = own_page.Form()
    form.feed(page.text)
    if not _is_meant(form.address, draft.address, is_app=is_app):
        return Fault("launches.own_page", {"reason": "no_form"})
    values = values_of_nobody(task=draft.task)
    if is_app:
        asks_at = place("authorise")
        handover = handover_to_app(draft, values, address=form.address, asks_at=asks_at)
        return await walk(handover, draft.contract, at_home=own_page.VISIT.answer)
    handed = {name: values.get(Source(source), "") for name, source in draft.claims.items()}
    handover = Handover(
        draft.title, form.address, tuple(form.fields), handed, sites=sites_of(draft)
    )
    return await walk(handover, draft.contract)


def _is_meant(address: str, agreed: str, *, is_app: bool) -> bool:
    """Whether our page leads where it should; to an app with a query of its own."""
    if is_app:
        address, agreed = (one.partition("?")[0] for one in (address, agreed))
    return address == agreed
