"""Every route there is: Django's from the URL configuration, the edge's from the wiring."""

import importlib
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from starlette.routing import Route

from standvast.kit.wiring import wired
from standvast.registry.access.testing import Expect
from standvast.web.live import LIVE
from tests.access import (
    table,
    table_campaigns,
    table_dashboards,
    table_desk,
    table_fhir,
    table_grants,
    table_insurance,
    table_launches,
    table_patients,
    table_staff,
)


def django_routes() -> dict[str, tuple[str, ...]]:
    """Return each address with the names of its parts: `{"a/<int:b>/": ("b",)}`."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        address = before + _readable(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _walk(entry, address)
        elif isinstance(entry, URLPattern):
            names = re.findall(r"<(?:\w+:)?(\w+)>", address)
            yield address, tuple(names)


def _readable(pattern: str) -> str:
    """Return a regular expression as `<name>`; other patterns are readable already."""
    if not pattern.startswith("^"):
        return pattern
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern.removeprefix("^").removesuffix("$"))


def live_routes() -> dict[str, Route]:
    """Return each address of the edge with its route, of modules made for this question."""
    found = {}
    for make in wired(LIVE):
        for route in make().routes():
            assert isinstance(route, Route), f"{route}: say how the matrix walks it"
            found[route.path.removeprefix("/")] = route
    return found


def expectations(kind: str) -> Mapping[str, Expect]:
    """Return what is expected of Django's (`access`) or the edge's (`live_access`) routes."""
    tables = (
        table.TABLE,
        table_desk.TABLE,
        table_campaigns.TABLE,
        table_dashboards.TABLE,
        table_patients.TABLE,
        table_fhir.TABLE,
        table_grants.TABLE,
        table_insurance.TABLE,
        table_launches.TABLE,
        table_staff.TABLE,
    )
    found = {key: one for part in tables for key, one in part.items()}
    if kind != "access":
        found = dict(table.LIVE_TABLE)
    for module in _testing_modules():
        said = getattr(module, f"{kind}_expectations", {})
        both = found.keys() & said.keys()
        assert not both, f"{module.__name__} repeats {sorted(both)}"
        found |= said
    return found


def _testing_modules() -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if app.name.startswith("standvast.") and Path(str(files(app.name)), "testing.py").exists():
            yield importlib.import_module(f"{app.name}.testing")


def filled(address: str, values: Mapping[str, object]) -> str:
    """Return an address with its parts filled in."""
    django = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), address)
    return "/" + re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: str(values[part[1]]), django)
