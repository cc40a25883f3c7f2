"""`standvast release rehearse`: a copy, the migrations on it, the way back, and the evidence."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DONE, REFUSED = 0, 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `release rehearse`."""
    parser.add_argument("version")
    parser.add_argument(
        "--before",
        type=tree,
        help="the source tree that stands in production: the way back is rehearsed with it",
    )
    parser.add_argument(
        "--script",
        action="append",
        default=[],
        type=Path,
        help="an SQL file that goes with the release; in order, after the migrations",
    )
    parser.add_argument(
        "--copy",
        metavar="URL",
        help="a copy that is there already, of production's shape; it is changed by this",
    )
    parser.add_argument("--took-max", type=float, default=300.0, metavar="S", help="s (300)")
    parser.add_argument("--lock-max", type=float, default=2.0, metavar="S", help="s (2)")
    parser.add_argument(
        "--lost-max", type=int, default=0, metavar="N", help="rows it is meant to delete (0)"
    )


def tree(text: str) -> Path:
    """Return a folder that holds a source tree."""
    found = Path(text).resolve()
    if not (found / "src" / "standvast" / "project" / "settings.py").exists():
        raise argparse.ArgumentTypeError(f"{text} is no source tree of Standvast")
    return found


def run(chosen: argparse.Namespace) -> int:
    """Rehearse, keep what came of it as evidence of this tree, and say whether it would pass."""
    from standvast.project.rehearsal.copying import CopyFailed, NotACopy
    from standvast.project.rehearsal.figures import Bounds, script_shown, way_back_shown
    from standvast.project.rehearsal.rehearse import Rehearsal, StepFailed, Tree

    release = _release(chosen.version)
    digest = Tree().digest
    if digest != release.digest:
        print(f"{chosen.version} is another build than this tree. Say so first: release build")
        return REFUSED
    try:
        with _copy(chosen.copy) as (url, original):
            rehearsal = Rehearsal(url, original, chosen.script, chosen.before)
            forward, back = rehearsal.run()
    except (CopyFailed, NotACopy, StepFailed) as error:
        print(f"The rehearsal could not be held: {error}")
        return REFUSED
    bounds = Bounds(chosen.took_max, chosen.lock_max, chosen.lost_max)
    shown = [script_shown(forward, bounds)]
    if back is not None:
        production = _digest_in_production()
        known = None if production is None else production == back.before_digest
        shown.append(way_back_shown(back, is_production=known))
    elif chosen.before is None:
        print("The way back was not rehearsed: name the tree before with --before.")
    return _kept(chosen.version, shown, digest)


@contextmanager
def _copy(url: str | None) -> Iterator[tuple[str, Any]]:
    import psycopg
    from django.conf import settings

    from standvast.project.rehearsal.copying import check_is_a_copy, counts_of, own_copy

    original_url = _address()
    if url is None:
        print("Copying the database into a server of its own", flush=True)
        folder = settings.VAR / "rehearsal"
        with own_copy(original_url, folder) as found:
            yield found
        return
    check_is_a_copy(url, original_url)
    with psycopg.connect(original_url, autocommit=True) as conn:
        yield url, counts_of(conn)


def _address() -> str:
    """Return where the database of this installation is, as its programs want it."""
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    names = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
    params = connection.get_connection_params()
    return make_conninfo("", **{name: params[name] for name in names if params.get(name)})


def _release(version: str) -> Any:
    from standvast.database.api import database_now
    from standvast.desk.releases.api import release_view

    return release_view(version, database_now()).row


def _digest_in_production() -> str | None:
    from standvast.desk.releases.api import digest_in

    return digest_in("production")


def _kept(version: str, shown: list[Any], digest: str) -> int:
    """Keep each as evidence and say what its gate makes of it."""
    from django.conf import settings

    from standvast.database.api import database_now
    from standvast.desk.incidents.api import desk_actor
    from standvast.desk.releases.api import Evidence, Result, add_evidence, release_view
    from standvast.web.api import sentence

    now = database_now()
    for one in shown:
        evidence = Evidence(
            gate=one.gate,
            digest=digest,
            result=Result(one.result),
            at=now,
            environment=settings.ENVIRONMENT,
            figures=one.figures,
            sentence=one.sentence,
        )
        add_evidence(evidence=evidence, actor=desk_actor("pipeline"), now=now)
    names = {one.gate for one in shown}
    is_open = True
    for gate in release_view(version, now).judgements:
        if gate.gate in names:
            is_open = is_open and gate.is_ok
            print(f"{gate.gate}: {gate.result.value}: {sentence(gate.template, gate.values)}")
            if gate.evidence and gate.evidence.sentence:
                print(f"  {gate.evidence.sentence}")
    return DONE if is_open else REFUSED
