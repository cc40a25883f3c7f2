"""What can be checked about the shape of the source, so that nobody has to remember it."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "standvast"
FUNCTION_LINES_MAX = 60
HARD_LINES = {
    "rules.py": 250,
    "models.py": 300,
    "queries.py": 200,
    "operations.py": 300,
    "api.py": 180,  # re-exports only, one a line, twice
    "forms.py": 200,
    "pages.py": 300,
    "live.py": 300,
    "resources.py": 250,
    "testing.py": 250,
    "seeds.py": 250,
}
LINES_MAX = 330
INIT_LINES_MAX = 30
BANNED_NAMES = {"utils", "helpers", "services", "misc", "common", "manager", "managers"}
FLOORS_WITH_MODULES = ("core", "registry", "desk", "care")

FILES = sorted(
    path
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts and "tests" not in path.parts
)
MODULES = sorted(
    path.parent for floor in FLOORS_WITH_MODULES for path in (SOURCE / floor).glob("*/__init__.py")
)


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_fit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name == "__init__.py" and path.parent in MODULES:
        assert text.count("\n") <= INIT_LINES_MAX, "say less: what, Owns, Promises, Uses, Not"

    assert text.count("\n") <= HARD_LINES.get(path.name, LINES_MAX), "split this file by noun"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{node.name}: pull out a pure step"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_drawer_for_leftovers(path: Path) -> None:
    names = {part.removesuffix(".py") for part in path.relative_to(SOURCE).parts}

    assert not names & BANNED_NAMES, "name the file after its noun"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_says_what_it_owns_and_promises(module: Path) -> None:
    doc = ast.get_docstring(ast.parse((module / "__init__.py").read_text(encoding="utf-8")))

    assert doc, "say what the module is, owns and promises"
    assert "Owns" in doc
    assert "Promises" in doc


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_an_init_is_a_docstring_and_nothing_else(module: Path) -> None:
    tree = ast.parse((module / "__init__.py").read_text(encoding="utf-8"))

    assert len(tree.body) == 1


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_public_operations_take_keywords_and_have_a_docstring(module: Path) -> None:
    paths = [module / "operations.py", *sorted((module / "operations").glob("*.py"))]
    for path in (path for path in paths if path.exists()):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}:{node.name} has no docstring"
                assert len(node.args.args) <= 2, f"{node.name}: make the arguments keyword-only"


def test_no_foreign_key_leaves_its_module() -> None:
    allowed = {"organisations", "people"}
    for model in apps.get_models():
        if not model.__module__.startswith("standvast."):
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if other and not field.auto_created and other.__module__.startswith("standvast."):
                here, there = model._meta.app_label, other._meta.app_label
                assert there in allowed | {here}, f"{model.__name__}.{field.name} -> {there}"


def test_no_comment_left_to_be_done() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b")
    found = [name_of(path) for path in FILES if pattern.search(path.read_text(encoding="utf-8"))]

    assert not found


def test_no_signals_and_no_on_commit() -> None:
    pattern = re.compile(r"\bon_commit\(|\bATOMIC_REQUESTS\s*=\s*True")
    found = [name_of(path) for path in FILES if pattern.search(path.read_text(encoding="utf-8"))]

    assert not found


def test_only_pages_commands_and_the_edge_read_a_clock() -> None:
    """`now` is an argument; STYLE principle 5."""
    pattern = re.compile(r"datetime\.now\(|timezone\.now\(|time\.time\(")
    allowed = {"kit/ids.py"}
    readers = {"rules.py", "operations.py", "queries.py", "models.py"}
    found = [
        name_of(path)
        for path in FILES
        if path.name in readers
        and name_of(path) not in allowed
        and pattern.search(path.read_text(encoding="utf-8"))
    ]

    assert not found
