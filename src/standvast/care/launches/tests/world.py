"""The systems that are opened, running on a port of this machine."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from standvast.outside.apps.behaviour import Behaviour as AppBehaviour
from standvast.outside.apps.pages import AppPages
from standvast.outside.apps.system import ALL as APPS
from standvast.outside.apps.system import AppSystem
from standvast.outside.site import Neighbour, site
from standvast.outside.targets.behaviour import Behaviour
from standvast.outside.targets.keys import trust
from standvast.outside.targets.pages import TargetPages
from standvast.outside.targets.system import ALL, TargetSystem
from standvast.web.http import HttpServer


class World:
    """Where they are, each to be told how to behave."""

    def __init__(
        self,
        url: str,
        systems: tuple[TargetSystem, ...],
        apps: tuple[AppSystem, ...],
        folder: Path,
    ) -> None:
        self.url = url
        self.folder = folder
        self.systems = {system.asks.slug: system for system in systems}
        self.apps = {app.asks.slug: app for app in apps}

    def address(self, slug: str) -> str:
        return f"{self.url}/targets/{slug}/open"

    def behaves(self, slug: str, **behaviour: object) -> None:
        self.systems[slug].behaviour = msgspec.convert(behaviour, Behaviour)

    def app_behaves(self, slug: str, **behaviour: object) -> None:
        self.apps[slug].behaviour = msgspec.convert(behaviour, AppBehaviour)

    def trusts(self, slug: str, pem: str) -> None:
        trust(self.folder, slug, pem)


@contextmanager
def world(folder: Path, *, standvast: str = "http://127.0.0.1:1") -> Iterator[World]:
    """Run them in a thread of their own: whoever walks may have a loop, or none."""
    systems = tuple(TargetSystem(asks, folder=folder) for asks in ALL)
    pages = TargetPages(systems)
    here = Neighbour("/targets", "", "", "", pages.routes(), lambda: True, pages.open_to_forms())
    apps = tuple(AppSystem(asks, folder=folder, standvast=standvast) for asks in APPS)
    there = Neighbour("/apps", "", "", "", AppPages(apps).routes(), lambda: True)
    server = HttpServer(site([here, there]), address="127.0.0.1", port=0)
    running = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    running.start()
    try:
        yield World(f"http://127.0.0.1:{server.port}", systems, apps, folder)
    finally:
        server.stop()
        running.join(5)
