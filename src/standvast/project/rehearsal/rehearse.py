"""A whole rehearsal: copy, forward, written meanwhile, back."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from standvast.desk.releases.api import digest_of
from standvast.project.rehearsal.copying import Counts, counts_of, percent_of
from standvast.project.rehearsal.figures import Back, Forward
from standvast.project.rehearsal.locks import LockWatch
from standvast.project.tree import HOME, parts

STEP_S_MAX = 3_600.0
AT_WORK = Path(__file__).with_name("at_work.py")
WORDS_MAX = 2_000


class StepFailed(RuntimeError):
    """A process of the rehearsal itself broke; the message is the end of what it said."""


@dataclass(frozen=True)
class Tree:
    """A source tree, and the Python that runs it: its own if it has one."""

    home: Path = HOME

    @property
    def python(self) -> str:
        own = self.home / ".venv" / "bin" / "python"
        return str(own) if own.exists() else sys.executable

    @property
    def digest(self) -> str:
        return digest_of(parts(self.home))

    def run(self, words: Sequence[str], database_url: str) -> None:
        """Run a Python process of this tree against the copy.

        :raises StepFailed: if it ends badly.
        """
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "STANDVAST_HOME": str(self.home),
            "STANDVAST_POOL_MAX": "0",
            "PYTHONPATH": str(self.home / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(
            [self.python, *words],
            env=environment,
            cwd=self.home,
            capture_output=True,
            check=False,
            timeout=STEP_S_MAX,
        )
        if done.returncode:
            raise StepFailed(done.stderr.decode(errors="replace")[-WORDS_MAX:])


@dataclass
class Rehearsal:
    """One release on one copy. `say` tells what is under way."""

    copy_url: str
    original: Counts
    scripts: Sequence[Path] = ()
    before: Path | None = None
    tree: Tree = field(default_factory=Tree)
    say: Callable[[str], None] = print

    def run(self) -> tuple[Forward, Back | None]:
        """Go forward, and back if it is known to what; nothing is gone back from that broke."""
        with tempfile.TemporaryDirectory(prefix="standvast-rehearsal-") as folder:
            self._folder = Path(folder)
            held = self._counts()
            baseline = self._try_before("baseline") if self.before else None
            forward = self._forward(held)
            if baseline is None or forward.fault is not None:
                return forward, None
            return forward, self._back(baseline)

    def _counts(self) -> Counts:
        with psycopg.connect(self.copy_url, autocommit=True) as conn:
            return counts_of(conn)

    def _forward(self, held: Counts) -> Forward:
        self.say(f"Migrations and scripts of this tree, on {sum(held.values())} rows")
        out = self._folder / "forward.json"
        module = "standvast.project.rehearsal.migrating"
        began = time.monotonic()
        with LockWatch(self.copy_url) as watch:
            words = ("-m", module, str(out), *(str(script.resolve()) for script in self.scripts))
            self.tree.run(words, self.copy_url)
        found = _read(out)
        after = self._counts()
        return Forward(
            ran=found["ran"],
            fault=found["fault"],
            lint=found["lint"],
            rows_percent=percent_of(held, self.original),
            took_s=sum(one["took_s"] for one in found["ran"]) or time.monotonic() - began,
            heaviest=watch.heaviest,
            lost_rows=sum(max(0, count - after.get(name, 0)) for name, count in held.items()),
        )

    def _back(self, baseline: Any) -> Back:
        assert self.before is not None
        self.say("Written meanwhile by this tree")
        written_at = self._folder / "written.json"
        self.tree.run(("-P", str(AT_WORK), "write", str(written_at)), self.copy_url)
        written = _read(written_at)
        kept = self._kept(written)
        self.say("The tree before, on these tables")
        tried = self._try_before("tried")
        out = self._folder / "return.json"
        old = Tree(self.before)
        old.run(("-P", str(AT_WORK), "return", str(out), str(written_at)), self.copy_url)
        faults = set(tried["faults"]) | set(_read(out)["faults"])
        after = self._kept(written)
        return Back(
            models=tried["models"],
            new_faults=sorted(faults - set(baseline["faults"])),
            written_rows=len(written),
            lost=sorted({table for (table, key), row in kept.items() if after[table, key] != row}),
            before_digest=old.digest,
        )

    def _try_before(self, name: str) -> Any:
        assert self.before is not None
        out = self._folder / f"{name}.json"
        Tree(self.before).run(("-P", str(AT_WORK), "try", str(out)), self.copy_url)
        return _read(out)

    def _kept(self, written: Sequence[Sequence[str]]) -> dict[tuple[str, str], str | None]:
        """Return the whole content of each row that was written, by table and key."""
        found: dict[tuple[str, str], str | None] = {}
        with psycopg.connect(self.copy_url, autocommit=True) as conn:
            for table, column, key in written:
                asked = sql.SQL("SELECT md5(t::text) FROM {} t WHERE {}::text = %s").format(
                    sql.Identifier(table), sql.Identifier(column)
                )
                row = conn.execute(asked, (key,)).fetchone()
                found[table, key] = row[0] if row else None
        return found


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
