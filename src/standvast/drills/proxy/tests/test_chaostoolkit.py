"""An unmodified Chaos Toolkit with its Toxiproxy driver drives the proxy process."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def act(name: str, function: str, **arguments) -> dict:
    module = "toxic" if "toxic" in function else "proxy"
    provider = {
        "type": "python",
        "module": f"chaostoxi.{module}.actions",
        "func": function,
        "arguments": arguments,
    }
    return {"type": "action", "name": name, "provider": provider}


def experiment(proxy_port: int, listen_port: int, upstream_port: int) -> dict:
    exists = {
        "type": "python",
        "module": "chaostoxi.proxy.probes",
        "func": "proxy_exist",
        "arguments": {"proxy_name": "mail"},
    }
    return {
        "title": "Mail becomes slow and people do not notice",
        "description": "The path to the mail server through the proxy.",
        "configuration": {"toxiproxy_host": "127.0.0.1", "toxiproxy_port": str(proxy_port)},
        "steady-state-hypothesis": {
            "title": "the path is known",
            "probes": [{"type": "probe", "name": "known", "tolerance": True, "provider": exists}],
        },
        "method": [
            act("slow", "create_latency_toxic", for_proxy="mail", toxic_name="slow", latency=50),
            act("drip", "create_slicer_toxic", for_proxy="mail", toxic_name="drip",
                average_size=10, size_variation=1, delay=1),
            act("swift again", "delete_toxic", for_proxy="mail", toxic_name="drip"),
            act("down", "disable_proxy", proxy_name="mail") | {"pauses": {"after": 1}},
            act("up", "enable_proxy", proxy_name="mail"),
        ],
        "rollbacks": [act("all well", "reset")],
    }  # fmt: skip


@pytest.fixture
def proxy_port():
    port = free_port()
    running = subprocess.Popen([sys.executable, "-m", "standvast.drills.proxy", str(port)])
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/version", timeout=1).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    yield port
    running.terminate()
    assert running.wait(5) == 0


def test_chaos_run_drives_it_from_steady_state_to_rollback(proxy_port, tmp_path):
    listen_port, upstream_port = free_port(), free_port()
    made = urllib.request.Request(
        f"http://127.0.0.1:{proxy_port}/proxies",
        json.dumps(
            {
                "name": "mail",
                "listen": f"127.0.0.1:{listen_port}",
                "upstream": f"127.0.0.1:{upstream_port}",
            }
        ).encode(),
    )
    urllib.request.urlopen(made, timeout=2).close()
    (tmp_path / "experiment.json").write_text(
        json.dumps(experiment(proxy_port, listen_port, upstream_port))
    )
    chaos = shutil.which("chaos", path=str(Path(sys.executable).parent))
    assert chaos is not None
    ran = subprocess.run(
        [
            *(chaos, "--no-version-check", "run", "experiment.json"),
            *("--rollback-strategy=always", "--hypothesis-strategy=continuously"),
        ],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    journal = json.loads((tmp_path / "journal.json").read_text())
    assert (journal["status"], journal["deviated"]) == ("completed", False), ran.stderr
    assert [run["status"] for run in journal["run"]] == ["succeeded"] * 5
    assert journal["rollbacks"][0]["output"] is True
    with urllib.request.urlopen(f"http://127.0.0.1:{proxy_port}/proxies/mail") as answer:
        shown = json.load(answer)
    assert (shown["enabled"], shown["toxics"]) == (True, [])
