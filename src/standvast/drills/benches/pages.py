"""The pages of a practice's day: how long the server takes for each, one person at a time."""

import asyncio
import time
import uuid
from collections.abc import Mapping

from django.conf import settings

from standvast.drills.frame.http import Browser
from standvast.registry.access.api import Role
from standvast.registry.access.testing import Prepared, prepare_sessions
from standvast.registry.patients.api import patients_found, search_of

LOOKS_COUNT = 60
FIRST_LOOKS = 3
"""Not counted: templates are compiled and connections opened once."""
PAGES: Mapping[str, str] = {
    "first": "/",
    "patients": "/patients/",
    "patient": "/patients/{patient}/",
    "insurance": "/insurance/",
    "claims": "/claims/",
    "links": "/launch/out/",
    "dashboard": "/dashboards/",
    "staff": "/access/staff/",
}


class PageFailed(RuntimeError):
    """A page answered something else than 200: its time says nothing."""


def pages_ms(url: str, organisation_id: uuid.UUID) -> dict[str, list[float]]:
    """Return how long each page took over loopback, sorted, by name.

    :raises PageFailed: if a page is not there for a GP.
    """
    [gp] = [
        one for one in prepare_sessions(50, role=Role.GP) if one.organisation_id == organisation_id
    ]
    patient = patients_found(organisation_id, search_of("bak"))[0].id
    return asyncio.run(_looked(url, gp, str(patient)))


async def _looked(url: str, gp: Prepared, patient: str) -> dict[str, list[float]]:
    browser = Browser(url, cookies=dict(gp.cookies), csrf=gp.csrf)
    browser.cookies[settings.SESSION_COOKIE_NAME] = gp.session
    taken: dict[str, list[float]] = {}
    try:
        for name, address in PAGES.items():
            path = address.format(patient=patient)
            ms = [await _one(browser, path) for _ in range(LOOKS_COUNT + FIRST_LOOKS)]
            taken[name] = sorted(ms[FIRST_LOOKS:])
    finally:
        browser.close()
    return taken


async def _one(browser: Browser, path: str) -> float:
    started = time.perf_counter()
    reply = await browser.get(path)
    took_ms = (time.perf_counter() - started) * 1_000
    if reply.status != 200:
        raise PageFailed(f"{path.split('?', maxsplit=1)[0]} answered {reply.status}")
    return took_ms
