"""A release on a copy: its faults by line, its locks, and the code before on the tables after."""

import fcntl
import json
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.utils.translation import override

from standvast.desk.releases.models import StoredEvidence
from standvast.project.command import main
from standvast.project.commands.rehearsing import _address
from standvast.project.rehearsal.copying import (
    CopyFailed,
    NotACopy,
    check_is_a_copy,
    counts_of,
    own_copy,
    percent_of,
)
from standvast.project.rehearsal.faults import line_at, line_of_operation, line_of_sql, statements
from standvast.project.rehearsal.figures import Bounds, script_shown
from standvast.project.rehearsal.rehearse import Rehearsal, Tree
from standvast.project.tests.test_embedded import let_others_walk_to
from standvast.project.tree import HOME
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.organisations.api import Kind
from standvast.registry.organisations.testing import an_organisation

AT = ("--at", "2026-05-12T22:00+02:00")
MIGRATION = '''"""A migration of a test."""

from django.db import migrations

FORWARD = """
{sql}
"""


class Migration(migrations.Migration):
    dependencies = [("releases", "{last}")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
'''


@pytest.fixture
def used(transactional_db) -> Iterator[str]:
    """A database in which people did something; its address."""
    an_organisation(kind=Kind.PLATFORM)
    a_colleague(Role.OPERATOR_LEAD)
    assert main(["release", "plan", "5.85", *AT]) == 0
    with override("en"):
        yield _address()


def tree_with(folder: Path, sql: str) -> Tree:
    """Return a copy of this tree with one migration more."""
    ignored = shutil.ignore_patterns("__pycache__", "tests", "*.pyc")
    shutil.copytree(HOME / "src", folder / "src", ignore=ignored)
    shutil.copytree(HOME / "requirements", folder / "requirements")
    migrations = folder / "src" / "standvast" / "desk" / "releases" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    text = MIGRATION.format(sql=textwrap.dedent(sql).strip(), last=last)
    (migrations / "0099_of_a_test.py").write_text(text, encoding="utf-8")
    return Tree(folder)


def rehearsed(used: str, tmp_path: Path, sql: str, *, before: Path | None = None):
    let_others_walk_to(tmp_path)
    tree = tree_with(tmp_path / "after", sql)
    with own_copy(used, tmp_path / "copy") as (url, original):
        return Rehearsal(url, original, before=before, tree=tree, say=lambda _: None).run()


@pytest.mark.slow
class TestTheCommand:
    def test_shows_both_gates_and_leaves_no_copy(self, used, settings, capsys):
        with psycopg.connect(used) as conn:
            before = counts_of(conn)

        assert main(["release", "rehearse", "5.85", "--before", str(HOME)]) == 0

        shown = {row.gate: row for row in StoredEvidence.objects.all()}
        assert {gate: row.result for gate, row in shown.items()} == {
            "script": "ok",
            "way_back": "ok",
        }
        assert shown["script"].figures["rows_percent"] == 100
        assert shown["way_back"].figures["written_rows"] >= 1
        assert shown["way_back"].figures["models"] > 50
        assert not (settings.VAR / "rehearsal").exists()
        with psycopg.connect(used) as conn:
            after = counts_of(conn)
        told = {"releases_storedevidence", "journal_journalentry"}
        assert {name for name in after if after[name] != before[name]} <= {
            *told,
            *(name for name in after if name.startswith("journal_")),
        }

    def test_a_script_with_a_fault_names_its_line(self, used, tmp_path, capsys):
        script = tmp_path / "rename.sql"
        script.write_text("SELECT 1;\n\nUPDATE releases_release\nSET colour = 'red';\n")

        assert main(["release", "rehearse", "5.85", "--script", str(script)]) == 1

        said = capsys.readouterr().out
        assert "script: failed: The script failed at line 4." in said
        assert "rename.sql: line 4: column " in said
        row = StoredEvidence.objects.get()
        assert (row.figures["script"], row.figures["line"]) == ("rename.sql", 4)

    def test_another_build_than_this_tree_is_not_rehearsed(self, used, capsys):
        main(["release", "build", "5.85", "--digest", "a" * 64])

        assert main(["release", "rehearse", "5.85"]) == 1
        assert "another build than this tree" in capsys.readouterr().out

    def test_the_database_itself_is_no_copy(self, used, capsys):
        assert main(["release", "rehearse", "5.85", "--copy", used]) == 1
        assert "That is the database itself" in capsys.readouterr().out
        with pytest.raises(NotACopy):
            check_is_a_copy(used, used)

    def test_what_is_no_tree_is_misuse(self, used, tmp_path):
        with pytest.raises(SystemExit) as stopped:
            main(["release", "rehearse", "5.85", "--before", str(tmp_path)])

        assert stopped.value.code == 3


@pytest.mark.slow
class TestForward:
    def test_a_migration_with_a_fault_names_its_line(self, used, tmp_path):
        forward, back = rehearsed(
            used, tmp_path, "SELECT 1;\nALTER TABLE releases_release DROP COLUMN colour;"
        )

        assert back is None
        assert forward.fault["script"] == "releases.0099_of_a_test"
        source = (
            tmp_path / "after/src/standvast/desk/releases/migrations/0099_of_a_test.py"
        ).read_text()
        line = source.splitlines()[forward.fault["line"] - 1]
        assert line.startswith(("ALTER TABLE", "SELECT 1"))
        assert script_shown(forward, Bounds()).result == "failed"

    def test_a_lock_that_keeps_people_waiting_is_timed_and_lost_rows_are_counted(
        self, used, tmp_path
    ):
        forward, _ = rehearsed(
            used,
            tmp_path,
            """
            LOCK TABLE releases_release IN ACCESS EXCLUSIVE MODE;
            SELECT pg_sleep(0.7);
            DELETE FROM releases_release;
            """,
        )

        assert forward.fault is None
        assert (forward.heaviest.table, forward.heaviest.mode) == (
            "releases_release",
            "AccessExclusiveLock",
        )
        assert 0.5 < forward.heaviest.lock_s < 3
        assert forward.lost_rows == 1
        figures = script_shown(forward, Bounds(lock_s=0.5)).figures
        assert figures["lock_s"] > figures["lock_s_max"]


@pytest.mark.slow
class TestBack:
    def test_code_that_can_no_longer_write_is_found(self, used, tmp_path):
        _, back = rehearsed(
            used,
            tmp_path,
            """
            ALTER TABLE releases_release ADD COLUMN owner text NOT NULL DEFAULT 'x';
            ALTER TABLE releases_release ALTER COLUMN owner DROP DEFAULT;
            """,
            before=HOME,
        )

        assert back.new_faults == ["releases.Release add 23502"]

    def test_code_that_can_no_longer_read_is_found(self, used, tmp_path):
        _, back = rehearsed(
            used,
            tmp_path,
            "ALTER TABLE releases_release RENAME hotfix_for TO mends;",
            before=HOME,
        )

        assert "releases.Release read 42703" in back.new_faults

    def test_what_was_written_meanwhile_and_got_lost_is_found(self, used, tmp_path):
        _, back = rehearsed(
            used,
            tmp_path,
            """
            CREATE FUNCTION of_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.what := 'forgotten'; RETURN NEW; END $$;
            CREATE TRIGGER of_a_test BEFORE UPDATE ON releases_outsidechange
                FOR EACH ROW EXECUTE FUNCTION of_a_test();
            """,
            before=HOME,
        )

        assert (back.new_faults, back.lost) == ([], ["releases_outsidechange"])


class TestCopies:
    def test_how_much_of_the_original_is_there(self):
        assert percent_of({"a": 79, "b": 500}, {"a": 100}) == 79
        assert percent_of({}, {"a": 1}) == 0
        assert percent_of({}, {}) == 100

    def test_one_rehearsal_at_a_time(self, tmp_path):
        with (tmp_path / "copy.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(CopyFailed, match="Another"), own_copy("", tmp_path / "copy"):
                pass


class TestFaults:
    SOURCE = MIGRATION.format(sql="SELECT 1;\nSELECT colour;", last="0003")

    def test_the_line_of_a_character(self):
        assert [line_at("a\nbc\n", position) for position in (1, 2, 3, 4)] == [1, 1, 2, 2]

    def test_statements_with_their_lines(self):
        found = list(statements("-- one\nSELECT 1;\n\nSELECT\n 2;\nSELECT 2;\n"))

        assert [line for line, _ in found] == [1, 4, 6]

    def test_the_line_of_the_sql_in_a_migration(self):
        statement = "\nSELECT 1;\nSELECT colour;\n"
        position = statement.index("colour") + 1

        assert self.SOURCE.splitlines()[line_of_sql(self.SOURCE, statement, position) - 1] == (
            "SELECT colour;"
        )
        assert self.SOURCE.splitlines()[line_of_sql(self.SOURCE, statement, None) - 1] == (
            "SELECT 1;"
        )
        assert line_of_sql(self.SOURCE, "elsewhere", 3) is None

    def test_the_line_of_an_operation(self):
        line = line_of_operation(self.SOURCE, 0)

        assert "RunSQL(FORWARD" in self.SOURCE.splitlines()[line - 1]
        assert line_of_operation(self.SOURCE, 7) == 1


def test_figures_fit_what_the_register_keeps():
    from standvast.project.rehearsal.figures import Forward
    from standvast.project.rehearsal.locks import Held

    ran = [{"name": f"app.{number:04}_" + "x" * 50, "took_s": 1.0} for number in range(500)]
    shown = script_shown(Forward(ran, None, [], 100, 5, Held()), Bounds())

    assert len(json.dumps(dict(shown.figures))) < 8_192
