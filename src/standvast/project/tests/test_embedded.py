"""The embedded server: starts, is found again, stops cleanly, ends with its parent."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from standvast.project import embedded as module
from standvast.project.embedded import EmbeddedServer, ServerWillNotStart


def let_others_walk_to(folder: Path) -> None:
    """Let the system user reach a test's own folder; the machine's are left as they are."""
    while folder != Path(tempfile.gettempdir()):
        folder.chmod(0o755)
        folder = folder.parent


@pytest.fixture
def server(tmp_path: Path) -> EmbeddedServer:
    let_others_walk_to(tmp_path)
    made = EmbeddedServer(tmp_path / "pg", durable=False)
    yield made
    made.stop()


class TestEmbeddedServer:
    def test_keeps_what_was_written_over_a_stop(self, server):
        server.start()
        server.make_database("standvast")
        with psycopg.connect(server.url()) as conn:
            conn.execute("CREATE TABLE kept (n int)")
            conn.execute("INSERT INTO kept VALUES (7)")

        server.stop()
        server.start()

        with psycopg.connect(server.url()) as conn:
            assert conn.execute("SELECT n FROM kept").fetchone() == (7,)

    def test_listens_on_no_port_and_keeps_its_data_to_itself(self, server):
        server.start()

        with psycopg.connect(server.url("postgres")) as conn:
            assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
            assert conn.execute("SHOW wal_level").fetchone() == ("logical",)
        assert server.data.stat().st_mode & 0o777 == 0o700

    def test_makes_a_database_once(self, server):
        server.start()

        server.make_database("twice")
        server.make_database("twice")

        with psycopg.connect(server.url("postgres")) as conn:
            found = conn.execute("SELECT count(*) FROM pg_database WHERE datname = 'twice'")
            assert found.fetchone() == (1,)

    def test_says_why_when_it_cannot_start(self, server):
        server.start()
        server.stop()
        (server.data / "global" / "pg_control").unlink()

        with pytest.raises(ServerWillNotStart, match="pg_control"):
            server.start()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
    def test_keeps_its_data_and_binaries_where_its_user_can_reach(self, tmp_path, monkeypatch):
        hidden = tmp_path / "hidden"
        hidden.mkdir(mode=0o700)
        copies = tmp_path / "lib"
        let_others_walk_to(tmp_path)
        monkeypatch.setattr(module, "ROOT_HOME", copies)

        def is_reachable(path: Path, _: int) -> bool:
            return hidden not in (path, *path.parents) and ".venv" not in path.parts

        monkeypatch.setattr(module, "_reachable", is_reachable)
        server = EmbeddedServer(hidden / "pg", durable=False)

        server.start()
        try:
            with psycopg.connect(server.url("postgres")) as conn:
                assert conn.execute("SELECT 1").fetchone() == (1,)
            assert server.moved
            assert str(server.binary("postgres")).startswith(str(copies))
        finally:
            server.stop()
            server.discard()
        assert not server.home.exists()

    def test_ends_with_its_supervisor_even_when_that_is_killed(self, server):
        server.start()
        server.stop()
        program = (
            "import sys, time; from pathlib import Path;"
            "from standvast.project.embedded import EmbeddedServer;"
            f"s = EmbeddedServer(Path({str(server.data.parent)!r}), durable=False); s.start();"
            "print(s.pid, flush=True); time.sleep(60)"
        )
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        postmaster = int(child.stdout.readline())

        child.send_signal(signal.SIGKILL)
        child.wait()

        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and Path(f"/proc/{postmaster}").exists():
            time.sleep(0.05)
        assert not Path(f"/proc/{postmaster}").exists()
        assert os.getpid() != postmaster


class TestTheSystemUser:
    def test_is_made_once_however_many_start_at_once(self, monkeypatch, tmp_path):
        me, made = pwd.getpwuid(os.getuid()), []

        def found(name):
            if not made:
                raise KeyError(name)
            return me

        def add(words, **_):
            time.sleep(0.05)  # a real one reads, thinks, writes
            made.append(words[-1])

        monkeypatch.setattr(module.os, "geteuid", lambda: 0)
        monkeypatch.setattr(module.pwd, "getpwnam", found)
        monkeypatch.setattr(module.subprocess, "run", add)
        monkeypatch.setattr(module, "USER_LOCK", tmp_path / "lock")

        with ThreadPoolExecutor(4) as starts:
            names = list(starts.map(lambda _: module._identity().name, range(4)))

        assert names == [me.pw_name] * 4
        assert made == ["standvast"]
