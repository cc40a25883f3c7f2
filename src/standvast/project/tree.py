"""The parts of this tree that a digest of a release is over."""

from collections.abc import Iterator, Mapping
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
NOT_RUN = {"__pycache__", "tests", "node_modules"}
MADE_HERE = {".pyc", ".mo"}


def parts(home: Path = HOME) -> Mapping[str, Mapping[str, bytes]]:
    """Return what will run, by part and by file: no tests, nothing that is made at set-up.

    :raises FileNotFoundError: if this is no source tree.
    """
    source = home / "src" / "standvast"
    run = dict(_files(source, home)) | dict(_files(home / "browser", home))
    migrations = {name: body for name, body in run.items() if "/migrations/" in name}
    policies = {name: body for name, body in run.items() if "/registry/access/" in name}
    settings = "src/standvast/project/settings.py"
    return {
        "code": {name: body for name, body in run.items() if name not in migrations},
        "requirements": {"run.txt": (home / "requirements" / "run.txt").read_bytes()},
        "migrations": migrations,
        "policies": policies,
        "settings": {settings: run[settings]},
    }


def _files(folder: Path, home: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        name = path.relative_to(home)
        if path.is_file() and not NOT_RUN & set(name.parts) and path.suffix not in MADE_HERE:
            yield name.as_posix(), path.read_bytes()
