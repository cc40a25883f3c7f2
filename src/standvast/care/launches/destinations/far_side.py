"""The far side of a click, met as a browser meets it: the form is handed in, redirects followed.

What it may lead to is what the policy of our own page lets a browser follow: the sites agreed.
Nothing of the answer is kept but which part of the contract it breaks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

import httpx
from django.conf import settings

from standvast.care.launches.destinations.outward import OutwardOnly
from standvast.care.launches.handing import Handover
from standvast.care.launches.rules.addresses import site_of
from standvast.care.launches.rules.contract import Fault, Shown, fault_in
from standvast.care.launches.rules.targets import Contract
from standvast.core.health.api import StepFailed

DEADLINE_S = 5.0
"""For all of it, redirects included."""
REDIRECTS_MAX = 5
BODY_BYTES_MAX = 512_000
HEADERS = {"User-Agent": "standvast-walk", "Accept": "text/html"}
KEPT_METHOD = (307, 308)
AtHome = Callable[[str], Awaitable[str]]
"""Answers what an app asks at our own door; returns where the person is sent on to."""


async def walk(
    handover: Handover, contract: Contract, *, at_home: AtHome | None = None
) -> Fault | None:
    """Hand over and return in what the answer breaks the contract; None if it keeps it.

    An app comes back to ask us who it is: `at_home` answers it.
    """
    outward = OutwardOnly(settings.LAUNCH_NETWORKS, is_world_here=bool(settings.OUTSIDE))
    try:
        async with (
            asyncio.timeout(DEADLINE_S),
            httpx.AsyncClient(
                timeout=DEADLINE_S, trust_env=False, headers=HEADERS, transport=outward
            ) as browser,
        ):
            shown = await _shown(browser, handover, at_home)
    except (TimeoutError, httpx.TimeoutException):
        return Fault("launches.late", {"seconds": int(DEADLINE_S)})
    except (httpx.HTTPError, httpx.InvalidURL):
        return Fault("launches.unreached")
    except StepFailed as failed:
        return Fault("launches.own_page", {"reason": failed.reason})
    return shown if isinstance(shown, Fault) else fault_in(shown, contract, handover.handed)


async def _shown(
    browser: httpx.AsyncClient, handover: Handover, at_home: AtHome | None
) -> Shown | Fault:
    method, address = ("POST" if handover.fields else "GET"), handover.address
    data = dict(handover.fields) or None
    for _ in range(REDIRECTS_MAX + 1):
        if handover.asks_at and address.startswith(f"{handover.asks_at}?"):
            assert at_home is not None, "an app is walked with somebody at home"
            method, address, data = "GET", await at_home(address), None
        if site_of(address) not in handover.sites:
            return Fault("launches.elsewhere", {"site": site_of(address)})
        async with browser.stream(method, address, data=data) as answer:
            where = answer.headers.get("location", "") if answer.is_redirect else ""
            if not where:
                return Shown(answer.status_code, await _text(answer))
            if answer.status_code not in KEPT_METHOD:
                method, data = "GET", None
            address = urljoin(address, where)
    return Fault("launches.unreached")


async def _text(answer: httpx.Response) -> str:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            break
    return body.decode(answer.encoding or "utf-8", errors="replace")
