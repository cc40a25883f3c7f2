"""Direction inside and between modules, beyond what import-linter's layers hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "standvast"
FLOORS_WITH_MODULES = ("core", "registry", "desk", "care")
OPEN = {"api", "testing", "seeds", "urls", "account_settings"}
"""What others may import from a module; the last three only by the composition root."""

NETWORK = {"httpx", "smtplib", "socket", "requests", "urllib.request", "aiosmtplib", "http.client"}
MAY_USE_NETWORK = (
    "outside/",
    "drills/",
    "project/",
    "core/certificates/handshake.py",
    "core/health/",
    "web/statics",
    "web/http.py",
)

FILES = sorted(
    path
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts and "tests" not in path.parts
)


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(dotted: str) -> tuple[str, ...] | None:
    parts = dotted.split(".")
    if len(parts) >= 3 and parts[0] == "standvast" and parts[1] in FLOORS_WITH_MODULES:
        return tuple(parts[:3])
    return None


def own_module(path: Path) -> tuple[str, ...] | None:
    parts = path.relative_to(SOURCE).parts
    return ("standvast", *parts[:2]) if parts[0] in FLOORS_WITH_MODULES and parts[1:] else None


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_module_is_entered_by_its_api_only(path: Path) -> None:
    for dotted in imports_of(path):
        module = module_of(dotted)
        inner = dotted.split(".")[3:4]
        if module and module != own_module(path) and inner:
            assert inner[0] in OPEN, f"{name_of(path)} reaches into {dotted}"
            if inner[0] in ("urls", "seeds", "account_settings"):
                assert name_of(path).startswith(("project/", "drills/")), dotted


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if p.name == "rules.py" or "rules" in p.parts or "kit" in p.parts],
    ids=name_of,
)
def test_rules_and_kit_are_pure(path: Path) -> None:
    for dotted in imports_of(path):
        assert not dotted.startswith(("django", "psycopg", "starlette", "httpx")), dotted


@pytest.mark.parametrize("path", [p for p in FILES if p.name == "pages.py"], ids=name_of)
def test_pages_do_not_import_models(path: Path) -> None:
    assert not [dotted for dotted in imports_of(path) if dotted.endswith(".models")]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_destinations_touch_the_network(path: Path) -> None:
    name = name_of(path)
    if "destinations" in path.parts or name.startswith(MAY_USE_NETWORK) or "twin" in path.name:
        return
    assert not NETWORK & set(imports_of(path))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_care_services_do_not_know_each_other(path: Path) -> None:
    own = own_module(path)
    if own is None or own[1] != "care":
        return
    others = {dotted for dotted in imports_of(path) if dotted.startswith("standvast.care.")}
    assert all(module_of(dotted) == own for dotted in others if module_of(dotted))
