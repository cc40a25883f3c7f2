"""The edge's side of health: what other people's probes and our own pages ask, cheaply.

`/healthz` says that the process lives and never touches the database. The others are answered
from memory, read again at most once a second.
"""

import asyncio
import contextlib
import hmac
import logging
import time
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any

import psycopg
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.core.health.declared import (
    COMPONENTS,
    EDGES,
    FIGURES,
    FLEETS,
    Figure,
    FindingView,
    Probe,
)
from standvast.core.health.fleets import fleet_probes
from standvast.core.health.metrics import exposition, own_figures
from standvast.core.health.operations import heartbeat_secret, record_heartbeat
from standvast.core.health.probes.heartbeat import heartbeat_names
from standvast.core.health.ready import Readiness
from standvast.core.health.sweeps import always_probes
from standvast.core.health.threads import in_thread
from standvast.core.health.views import ComponentView, StandingView, component_views_of
from standvast.core.health.watch.store import (
    database_instant,
    read_open_findings,
    read_pulses,
    read_stands,
)
from standvast.database.api import Wakes, edge_pool
from standvast.kit.wiring import wired
from standvast.web.live import json_answer

FRESH_S = 1.0
READ_S_MAX = 2.0
READY_WITHIN_S = 3.0
FIGURES_EVERY_S = 5.0
FIGURES_S_MAX = 4.0
FLEETS_EVERY_S = 5.0
FLEETS_S_MAX = 1.0
log = logging.getLogger(__name__)
GONE = (psycopg.Error, OSError, TimeoutError, PoolTimeout)


class HealthLive:
    """What one serve process knows of health, and how old that is."""

    def __init__(self) -> None:
        self._views: tuple[ComponentView, ...] = ()
        self._findings: tuple[FindingView, ...] = ()
        self._pulses: Sequence[tuple[str, float, dict[str, Any]]] = ()
        self._at: datetime | None = None
        self._read_at = float("-inf")
        self._tried_at = float("-inf")
        self._reading = asyncio.Lock()
        self._figures: tuple[Figure, ...] = ()
        self._certificates: tuple[Figure, ...] = ()
        self._figures_at = float("-inf")
        self._fleet: tuple[Probe, ...] = ()
        self._fleet_at = float("-inf")
        self._readiness = Readiness()

    def routes(self) -> Sequence[BaseRoute]:
        """Return the addresses."""
        return (
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/health", self.health),
            Route("/metrics", self.metrics),
            Route("/heartbeat/{secret:str}", self.heartbeat, methods=["GET", "POST"]),
        )

    def tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        """Nothing runs by itself: whoever asks makes it read."""
        return ()

    def hears(self, wakes: Wakes) -> None:
        """No wakes: a second is soon enough."""
        del wakes

    async def healthz(self, request: Request) -> Response:
        """GET /healthz - this process lives. Asks nobody."""
        del request
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def readyz(self, request: Request) -> Response:
        """GET /readyz - the database answered within three seconds, and all is in place."""
        del request
        await self._refresh()
        if time.monotonic() - self._read_at >= READY_WITHIN_S:
            against = "the database does not answer\n"
        else:
            against = await self._readiness.against(self._at)
        return PlainTextResponse(
            against or "ready\n",
            status_code=503 if against else 200,
            headers={"Cache-Control": "no-store"} | ({"Retry-After": "2"} if against else {}),
        )

    async def health(self, request: Request) -> Response:
        """GET /health - every component with its verdict, for other people's probes."""
        del request
        await self._refresh()
        age_s = time.monotonic() - self._read_at
        known = age_s < READY_WITHIN_S
        return json_answer(
            {
                "at": self._at,
                "is_known": known,
                "components": [_component(view, known=known) for view in self._views],
                "findings_open": len(self._findings) if known else None,
            },
            status=200 if known else 503,
        )

    async def metrics(self, request: Request) -> Response:
        """GET /metrics - Prometheus text."""
        del request
        await self._refresh()
        await self._refresh_figures()
        fresh = time.monotonic() - self._read_at < READY_WITHIN_S
        own = own_figures(self._views, self._findings, self._pulses, fresh=fresh)
        text = await asyncio.to_thread(exposition, (*own, *self._certificates, *self._figures))
        return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    async def heartbeat(self, request: Request) -> Response:
        """GET or POST /heartbeat/<secret> - what should happen did."""
        secret = request.path_params["secret"].encode()
        names = [
            name
            for name in heartbeat_names()
            if hmac.compare_digest(secret, heartbeat_secret(name).encode())
        ]
        if not names:
            return PlainTextResponse("unknown\n", status_code=404)
        async with edge_pool().connection() as conn:
            now = await database_instant(conn)
        await in_thread(lambda: record_heartbeat(name=names[0], now=now), name="heartbeat")
        return PlainTextResponse("kept\n", headers={"Cache-Control": "no-store"})

    # -- reading -----------------------------------------------------------------------------

    async def _refresh(self) -> None:
        """Read again if a second has passed; who comes meanwhile waits for that one reading."""
        async with self._reading:
            if time.monotonic() - self._tried_at < FRESH_S:
                return
            with contextlib.suppress(*GONE):
                async with asyncio.timeout(READ_S_MAX):
                    await self._read()
            self._tried_at = time.monotonic()

    async def _read(self) -> None:
        async with edge_pool().connection() as conn:
            now = await database_instant(conn)
            stands = await read_stands(conn)
            findings = tuple(await read_open_findings(conn))
            pulses = await read_pulses(conn)
        standings = [
            StandingView(
                probe=name,
                verdict=stand.standing.verdict,
                since=stand.standing.since,
                observed_at=stand.standing.observed_at,
                told_at=stand.standing.told_at,
                duration_ms=stand.latest.duration_ms,
                value=stand.latest.value,
                code=stand.latest.code,
                template=stand.latest.template,
                values=stand.latest.values,
            )
            for name, stand in stands.items()
        ]
        probes = (*always_probes(), *await self._fleet_now())
        self._views = component_views_of(
            wired(COMPONENTS), wired(EDGES), probes, standings, findings, now
        )
        expires = [
            (probe.name, stands[probe.name].latest.value)
            for probe in probes
            if probe.kind == "certificate" and probe.name in stands
        ]
        self._certificates = tuple(
            Figure("standvast_certificate_expires_seconds", left_s, {"purpose": name})
            for name, left_s in expires
            if left_s is not None
        )
        self._findings, self._pulses, self._at = findings, pulses, now
        self._read_at = time.monotonic()

    async def _fleet_now(self) -> tuple[Probe, ...]:
        """Return the probes that rows ask for, as read within five seconds if they can be."""
        if wired(FLEETS) and time.monotonic() - self._fleet_at >= FLEETS_EVERY_S:
            self._fleet_at = time.monotonic()
            with contextlib.suppress(*GONE, Exception):
                async with asyncio.timeout(FLEETS_S_MAX):
                    self._fleet = await in_thread(
                        fleet_probes, name="fleets", statement_s_max=FLEETS_S_MAX
                    )
        return self._fleet

    async def _refresh_figures(self) -> None:
        if time.monotonic() - self._figures_at < FIGURES_EVERY_S or self._at is None:
            return
        self._figures_at, now = time.monotonic(), self._at

        def ask() -> tuple[Figure, ...]:
            return tuple(figure for bring in wired(FIGURES) for figure in bring(now))

        with contextlib.suppress(*GONE, Exception):
            async with asyncio.timeout(FIGURES_S_MAX):
                self._figures = await in_thread(ask, name="figures", statement_s_max=FIGURES_S_MAX)


def _component(view: ComponentView, *, known: bool) -> dict[str, object]:
    return {
        "slug": view.slug,
        "class": view.function_class,
        "audience": view.audience,
        "verdict": view.verdict.value if known else "unknown",
        "since": view.since if known else None,
        "is_covered": view.is_covered,
        "variants": [
            {
                "variant": variant.variant,
                "verdict": variant.verdict.value if known else "unknown",
                "code": variant.code if known else "",
                "duration_ms": variant.duration_ms,
                "observed_at": variant.observed_at,
            }
            for variant in view.variants
        ],
    }
