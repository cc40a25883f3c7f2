"""A copy of a database, with a count of its rows on both sides."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from standvast.project.embedded import EmbeddedServer

DATABASE = "standvast"
CONNECTIONS_MAX = 20
DUMP = ("--format=custom", "--no-owner", "--no-privileges", "--no-publications")
RESTORE = ("--no-owner", "--no-privileges", "--exit-on-error")
TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname
"""
WHICH = "SELECT system_identifier || ' ' || current_database() FROM pg_control_system()"

Counts = Mapping[str, int]


class CopyFailed(RuntimeError):
    """The copy could not be made; the message is the end of what the programs said."""


class NotACopy(RuntimeError):
    """What was given as the copy is the database itself."""


def counts_of(conn: psycopg.Connection) -> Counts:
    """Return how many rows each table has; a partition counts by itself."""
    names = [name for (name,) in conn.execute(TABLES).fetchall()]
    return {name: _count(conn, name) for name in names}


def _count(conn: psycopg.Connection, table: str) -> int:
    found = conn.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    row = found.fetchone()
    assert row is not None
    return int(row[0])


def percent_of(copy: Counts, original: Counts) -> int:
    """Return how much of the original the copy holds; rounded down, and 100 at most."""
    wanted = sum(original.values())
    held = sum(min(copy.get(name, 0), count) for name, count in original.items())
    return held * 100 // wanted if wanted else 100


def check_is_a_copy(url: str, original_url: str) -> None:
    """Keep a rehearsal away from the database that people use.

    :raises NotACopy: if both addresses lead to the same database of the same server.
    """
    if _which(url) == _which(original_url):
        raise NotACopy("That is the database itself. A rehearsal migrates what it is given.")


def _which(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as conn:
        row = conn.execute(WHICH).fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def own_copy(original_url: str, folder: Path) -> Iterator[tuple[str, Counts]]:
    """Give a copy in a server of its own, and what the original held at that very moment.

    The copy is discarded with its folder at the end, whatever happened; one that was left by a
    rehearsal that was killed is discarded first.

    :raises CopyFailed: if it could not be made, or another rehearsal is under way.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(folder, connections_max=CONNECTIONS_MAX)
    with _alone(folder.with_suffix(".lock")):
        try:
            _discard(server, folder)
            server.start()
            server.make_database(DATABASE)
            counts = _copied(original_url, server)
            yield server.url(DATABASE), counts
        finally:
            server.stop()
            _discard(server, folder)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CopyFailed("Another rehearsal is under way.") from None
        yield


def _discard(server: EmbeddedServer, folder: Path) -> None:
    server.discard()
    shutil.rmtree(folder, ignore_errors=True)


def _copied(original_url: str, server: EmbeddedServer) -> Counts:
    """Fill the server from one moment of the original; nothing lies on a disk in between."""
    with psycopg.connect(original_url) as conn:
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = conn.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        counts = counts_of(conn)
        address, environment = _without_password(original_url)
        dump = (str(server.binary("pg_dump")), *DUMP, f"--snapshot={row[0]}", "--dbname", address)
        restore = (str(server.binary("pg_restore")), *RESTORE, "--dbname", server.url(DATABASE))
        _piped(dump, restore, environment)
    return counts


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """Return an address that may stand in a list of processes, and the environment for it."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment = {**kept, "LC_ALL": "C"}
    if password:
        environment["PGPASSWORD"] = str(password)
    return make_conninfo("", **parts), environment


def _piped(dump: tuple[str, ...], restore: tuple[str, ...], environment: dict[str, str]) -> None:
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(dump, stdout=pipe, stderr=pipe, env=environment) as source,
        subprocess.Popen(
            restore, stdin=source.stdout, stdout=subprocess.DEVNULL, stderr=pipe, env=environment
        ) as target,
    ):
        assert source.stdout is not None
        source.stdout.close()
        _, said = target.communicate()
        assert source.stderr is not None
        said = source.stderr.read() + said
    if source.returncode or target.returncode:
        raise CopyFailed(said.decode(errors="replace")[-2_000:])
