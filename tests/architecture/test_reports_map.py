"""docs/reference/reports.md maps what five reports ask to what answers it, or says "not yet"."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "reports.md"
REPORTS = ("000", "001", "002", "003", "004")
COLUMNS = 5  # phrase, page, operation, test, drill line


def rows() -> list[tuple[str, list[str]]]:
    report, found = "", []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (\d{3}) ", line):
            report = heading[1]
        elif line.startswith("| ") and report and not line.startswith(("| asks", "|---")):
            found.append((report, [cell.strip() for cell in line.strip("|").split("|")]))
    return found


ROWS = rows()
TARGETS = sorted(
    {target for _, cells in ROWS for cell in cells[1:] for target in re.findall(r"`([^`]+)`", cell)}
)


def test_every_report_is_read() -> None:
    assert {report for report, _ in ROWS} == set(REPORTS)


@pytest.mark.parametrize(("report", "cells"), ROWS, ids=lambda value: str(value)[:60])
def test_each_phrase_leads_somewhere_or_says_not_yet(report: str, cells: list[str]) -> None:
    assert len(cells) == COLUMNS, report
    answers = cells[1:]
    assert any("`" in cell for cell in answers) or all(c in ("not yet", "-") for c in answers)
    assert all("`" in cell or cell in ("not yet", "-") for cell in answers)


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_exists(target: str) -> None:
    if target.startswith("/"):
        assert page_exists(target), f"no page at {target}"
    elif ":" in target and "::" not in target:
        drill, line = target.split(":")
        folder = ROOT / "src" / "standvast" / "drills" / drill.replace("-", "_")
        assert folder.is_dir(), target
        texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
        assert any(f'"{line}"' in text for text in texts), target
    else:
        name, _, symbol = target.partition("::")
        path = next(
            (p for p in (ROOT / name, ROOT / "src" / "standvast" / name) if p.exists()), None
        )
        assert path is not None, f"no file {name}"
        if symbol:
            assert symbol.split("::")[0] in defined_in(path), f"{name} has no {symbol}"


def page_exists(address: str) -> bool:
    from standvast.kit.wiring import wired
    from standvast.web.live import LIVE

    concrete = re.sub(r"<[^>]+>", "1", address)
    live = {getattr(route, "path", "") for make in wired(LIVE) for route in make().routes()}
    if re.sub(r"<[^>]+>", "{}", address) in {re.sub(r"\{[^}]+\}", "{}", path) for path in live}:
        return True
    try:
        resolve(concrete)
    except Resolver404:
        return False
    return True


def defined_in(path: Path) -> set[str]:
    if path.suffix != ".py":
        return set()
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
