"""Run in a process of its own, under the tree before or after: its code at work on the copy.

`python at_work.py try|write|return OUT [WRITTEN]`. It stands alone, because the tree before knows
nothing of it: of that tree it needs the settings and the models.

try     reads and writes through every model and takes it all back; writes down what it could not do
write   writes a row through every model that lets it, and keeps it; writes down which
return  reads those rows and saves them as they are, and keeps that
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NEWEST = 20
REFUSED_BY_A_KEY = ("23505", "23P01")
"""A copy of a row that is there already: everything else about it was right by then."""


def main(words: list[str]) -> int:
    """Do one act and write down what came of it."""
    act, out, *more = words
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standvast.project.settings")
    import django

    django.setup()
    written = json.loads(Path(more[0]).read_text(encoding="utf-8")) if more else []
    acts: dict[str, Callable[[], Any]] = {
        "try": _try,
        "write": _write,
        "return": lambda: _return(written),
    }
    Path(out).write_text(json.dumps(acts[act]()), encoding="utf-8")
    return 0


def _models() -> Iterator[Any]:
    from django.apps import apps

    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            yield model


def _try() -> dict[str, Any]:
    from django.db import transaction

    faults: list[str] = []
    count = 0
    for model in _models():
        count += 1
        with transaction.atomic():
            rows = _step(model, "read", lambda model=model: _newest(model), faults) or []
            for row in rows:
                _step(model, "save", lambda row=row: row.save(force_update=True), faults)
                _step(model, "add", lambda row=row: _copied(row), faults)
            transaction.set_rollback(True)
    return {"models": count, "faults": sorted(set(faults))}


def _newest(model: Any) -> list[Any]:
    return list(model._base_manager.order_by("-pk")[:NEWEST])


def _step(model: Any, act: str, do: Any, faults: list[str]) -> Any:
    """Do one thing in a savepoint; what the database says no to is a fault, by its kind."""
    from django.db import Error, transaction

    try:
        with transaction.atomic():
            return do()
    except Error as error:
        cause = error.__cause__ or error
        state = getattr(cause, "sqlstate", None) or type(cause).__name__
        if act != "add" or state not in REFUSED_BY_A_KEY:
            faults.append(f"{model._meta.label} {act} {state}")
        return None


def _copied(row: Any) -> Any:
    """Add a copy of a row under a key of its own; None where the key is not ours to choose."""
    field = row._meta.pk
    if not (field.has_default() or field.get_internal_type().endswith("AutoField")):
        return None
    row.pk = field.get_default() if field.has_default() else None
    row._state.adding = True
    row.save(force_insert=True)
    return row


def _write() -> list[list[str]]:
    """Write through every model that lets it; one thing is always written, by its own operation."""
    from django.db import transaction

    written = [["releases_outsidechange", "id", _one_for_certain()]]
    for model in _models():
        with transaction.atomic():
            rows = (_step(model, "read", lambda model=model: _newest(model), []) or [])[:1]
            added = [_step(model, "add", lambda row=row: _copied(row), []) for row in rows]
        written += [[row._meta.db_table, row._meta.pk.column, str(row.pk)] for row in added if row]
    return written


def _one_for_certain() -> str:
    from standvast.database.api import database_now
    from standvast.desk.incidents.api import desk_actor
    from standvast.desk.releases.api import add_outside_change

    now = database_now()
    added = add_outside_change(
        whose="Rehearsal",
        what="Written meanwhile",
        at=now,
        source="rehearsal",
        actor=desk_actor("rehearsal"),
        now=now,
    )
    return str(added)


def _return(written: list[list[str]]) -> dict[str, Any]:
    from django.db import transaction

    by_table = {model._meta.db_table: model for model in _models()}
    known = [(by_table[table], key) for table, _, key in written if table in by_table]
    faults: list[str] = []
    for model, key in known:
        with transaction.atomic():
            row = _step(model, "read", lambda m=model, k=key: m._base_manager.get(pk=k), faults)
            if row is not None:
                _step(model, "save", lambda row=row: row.save(force_update=True), faults)
    return {"known": len(known), "faults": sorted(set(faults))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
