"""Run in a process of its own on the copy: migrations and scripts of this tree, and their faults.

`python -m standvast.project.rehearsal.migrating OUT [SCRIPT ...]` writes what happened to OUT.
"""

import json
import sys
import time
from inspect import getsourcefile
from pathlib import Path
from typing import Any

from standvast.project.command import start_django
from standvast.project.rehearsal.faults import (
    frames_of,
    line_at,
    line_in,
    line_of_operation,
    line_of_sql,
    statements,
)

ERROR_CHARS = 300
NAMES_ONLY = "42"
"""The class of faults whose message speaks of names in a statement: syntax, what is not there."""


def main(words: list[str]) -> int:
    """Do it all, stop at the first fault, and write down what happened."""
    out, *scripts = (Path(word) for word in words)
    start_django()
    found: dict[str, Any] = {"ran": [], "fault": None, "lint": _lint()}
    found["fault"] = _migrate(found["ran"])
    for script in scripts:
        if found["fault"] is None:
            found["fault"] = _run(script, found["ran"])
    out.write_text(json.dumps(found), encoding="utf-8")
    return 0


def _lint() -> list[str]:
    """Return what can be said of the migrations without running them."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    faults = [
        f"{app}: two last migrations" for app in MigrationLoader(connection).detect_conflicts()
    ]
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        faults.append("a model changed without a migration")
    return faults


def _migrate(ran: list[dict[str, Any]]) -> dict[str, Any] | None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    for migration, _ in executor.migration_plan(targets):
        name = f"{migration.app_label}.{migration.name}"
        began = time.monotonic()
        try:
            MigrationExecutor(connection).migrate([(migration.app_label, migration.name)])
        except Exception as error:  # noqa: BLE001 - the fault is what this process is for
            return _fault(name, migration, error)
        ran.append({"name": name, "took_s": round(time.monotonic() - began, 3)})
    return None


def _fault(name: str, migration: Any, error: Exception) -> dict[str, Any]:
    path = Path(getsourcefile(type(migration)) or "")
    source = path.read_text(encoding="utf-8")
    line = line_in(path, frames_of(error.__traceback__))
    operation = _operation_in(error)
    if line is None and operation in migration.operations:
        statement = getattr(operation, "sql", None)
        if isinstance(statement, str):
            line = line_of_sql(source, statement, _position(error))
        line = line or line_of_operation(source, migration.operations.index(operation))
    return {"script": name, "line": line or 1, "error": _said(error)}


def _operation_in(error: Exception) -> Any:
    """Return the operation that was under way: the one that the framework had in its hands."""
    traceback, found = error.__traceback__, None
    while traceback is not None:
        held = traceback.tb_frame.f_locals
        if traceback.tb_frame.f_code.co_name == "apply" and "operation" in held:
            found = held["operation"]
        traceback = traceback.tb_next
    return found


def _run(script: Path, ran: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Run a script in one transaction, a statement at a time, so that its line can be told."""
    from django.db import connection, transaction

    began = time.monotonic()
    text = script.read_text(encoding="utf-8")
    line = 1
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for line, statement in statements(text):  # noqa: B007 - told when it breaks
                cursor.execute(statement)
    except Exception as error:  # noqa: BLE001 - the fault is what this process is for
        position = _position(error)
        within = line_at(statement, position) - 1 if position else 0
        return {"script": script.name, "line": line + within, "error": _said(error)}
    ran.append({"name": script.name, "took_s": round(time.monotonic() - began, 3)})
    return None


def _position(error: BaseException) -> int | None:
    """Return the character of its statement at which the database found the fault."""
    cause = error.__cause__ or error
    found = getattr(getattr(cause, "diag", None), "statement_position", None)
    return int(found) if found else None


def _said(error: Exception) -> str:
    """Return what broke by its kind and names, never by values: those are of people."""
    cause = error.__cause__ or error
    diag = getattr(cause, "diag", None)
    if diag is None or diag.sqlstate is None:
        return type(error).__name__
    if diag.sqlstate.startswith(NAMES_ONLY):
        return str(diag.message_primary)[:ERROR_CHARS]
    where = diag.constraint_name or diag.table_name or ""
    return f"{type(cause).__name__} {diag.sqlstate} {where}".strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
