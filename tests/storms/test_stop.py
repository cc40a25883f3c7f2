"""A stop ends everything within 10 s, with streams open and requests under way."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from standvast.project.installation import free_port

pytestmark = [pytest.mark.storm, pytest.mark.timeout(120)]

STOP_S_MAX = 10.0


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STANDVAST", "DATABASE"))}
    words = ["up", "--port", str(port), "--practices", "50", "--serve", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "standvast", *words],
        env={**kept, "STANDVAST_VAR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            return process
    raise AssertionError("".join(said))


def open_connections(port: int, count: int) -> list[socket.socket]:
    """Connections that have asked for something and never finish asking."""
    made = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        connection.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n"
        )
        made.append(connection)
    return made


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_in_time_with_requests_in_flight(tmp_path, number) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    port = free_port()
    process = start(tmp_path / "var", port)
    hanging = open_connections(port, 5)

    at = time.monotonic()
    process.send_signal(number)
    status = process.wait(STOP_S_MAX + 5)
    took_s = time.monotonic() - at

    for connection in hanging:
        connection.close()
    assert status == 0
    assert took_s < STOP_S_MAX
    log = (tmp_path / "var" / "pg" / "data.log").read_text()
    assert "database system is shut down" in log
    assert "interrupted" not in log


def test_says_so_when_the_port_is_taken_and_touches_nothing(tmp_path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STANDVAST", "DATABASE"))}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run(
            [sys.executable, "-m", "standvast", "up", "--port", str(port)],
            env={**kept, "STANDVAST_VAR": str(tmp_path / "var")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stdout
    assert "--port" in done.stdout
    assert not (tmp_path / "var" / "pg").exists()


def test_a_second_start_is_quick_and_finds_what_was_there(tmp_path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    port = free_port()
    first = start(tmp_path / "var", port)
    first.send_signal(signal.SIGTERM)
    first.wait(15)

    second = start(tmp_path / "var", port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as answer:
        status = answer.status
    second.send_signal(signal.SIGTERM)
    second.wait(15)

    assert status == 200
