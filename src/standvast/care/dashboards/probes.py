"""Looks at dashboards: can anybody be counted, and does the page answer. Nobody else's concern."""

import uuid
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from standvast.care.dashboards.declared import COMPONENT, SOURCES
from standvast.care.dashboards.rules.cells import window_at
from standvast.core.health.api import (
    Observation,
    Probe,
    ProbeContext,
    from_django,
    green,
    http_probe,
    red,
    status_is,
)
from standvast.kit.wiring import wired
from standvast.kit.words import marked

EVERY_S = 20.0
NOBODY = uuid.UUID(int=0)
"""An organisation that there is none of: counted like everybody, and nothing is found."""


def _count_nobody(now: datetime) -> None:
    window = window_at(timezone.localdate(now))
    for source in wired(SOURCES):
        source.count(NOBODY, window)


async def _counted(context: ProbeContext) -> Observation:
    try:
        await from_django(_count_nobody)(context)
    except Exception as error:  # noqa: BLE001 - how it broke is what this looks for
        return red(
            "dashboards.not_counted",
            marked("Nothing can be counted for dashboards ({reason}); the last count stands."),
            reason=type(error).__name__,
        )
    return green()


PROBES_OF_DASHBOARDS = (
    Probe("dashboards.counts", COMPONENT, _counted, "counts", "figure", EVERY_S),
    http_probe(
        "dashboards.page",
        COMPONENT,
        url=lambda: f"{str(settings.ADDRESS).rstrip('/')}/dashboards/",
        conditions=(status_is(302),),
        variant="page",
        interval_s=EVERY_S,
    ),
)
"""A stranger is sent to sign in: the page is there, and asks who comes."""
