"""The release register for any pipeline: plan, rehearse, evidence, check, start, finish, revert.

Exit status: 0 allowed or done, 1 refused, 2 needs an approver, 3 asked wrongly.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from standvast.project.command import start_django
from standvast.project.commands import rehearsing

ALLOWED, REFUSED, NEEDS_APPROVER, MISUSED = range(4)


class Parser(argparse.ArgumentParser):
    """A parser whose misuse is told from "needs an approver"."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        misused(self, message)


def misused(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    """Say how it is used and what is wrong, and leave."""
    parser.print_usage(sys.stderr)
    parser.exit(MISUSED, f"{parser.prog}: {message}\n")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the acts of `release`."""
    parser.error = partial(misused, parser)  # type: ignore[method-assign]
    acts = parser.add_subparsers(dest="act", metavar="ACT", parser_class=Parser)
    acts.add_parser("digest", help="print the digest of this tree")
    plan = acts.add_parser("plan", help="put a build into the register")
    plan.add_argument("version")
    plan.add_argument("--digest", help="of the build; this tree's without one")
    plan.add_argument("--at", required=True, type=instant, help="2026-05-12T22:00+02:00")
    plan.add_argument("--hotfix-for", choices=("critical", "major", "minor"))
    plan.add_argument("--incident", action="append", default=[], help="number; may be repeated")
    build = acts.add_parser("build", help="the build changed: nothing shown before counts")
    build.add_argument("version")
    build.add_argument("--digest", help="of the new build; this tree's without one")
    evidence = acts.add_parser("evidence", help="keep what was shown of a build")
    evidence.add_argument("version")
    evidence.add_argument("gate", nargs="?")
    evidence.add_argument("result", nargs="?", choices=("ok", "failed", "inconclusive"))
    evidence.add_argument("--from", dest="file", type=Path, help="a file that a run wrote: test")
    evidence.add_argument("--digest", help="of the build it was shown of; the release's without")
    evidence.add_argument("--environment", default="acceptance")
    evidence.add_argument("--figures", type=figures, default={}, help="a JSON object")
    evidence.add_argument("--sentence", default="")
    rehearse = acts.add_parser("rehearse", help="run its migrations and its way back on a copy")
    rehearsing.arguments(rehearse)
    calendar = acts.add_parser("calendar", help="say that the calendar of others was looked at")
    calendar.add_argument("version")
    for name in ("check", "start", "finish", "revert"):
        act = acts.add_parser(name)
        act.add_argument("version")
        act.add_argument("--json", action="store_true", help="the answer as JSON")
        act.add_argument("--cdevents", action="store_true", help="the event as CDEvents JSON")
        if name in ("start", "finish"):
            act.add_argument(
                "--in",
                dest="place",
                choices=("test", "acceptance", "production"),
                default="production",
                help="where (production); a build goes through them in this order",
            )


def instant(text: str) -> datetime:
    """Return an instant with its offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("give the offset: 2026-05-12T22:00+02:00")
    return found


def figures(text: str) -> dict[str, object]:
    """Return figures from a JSON object."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("figures are a JSON object")
    return found


def run(chosen: argparse.Namespace) -> int:
    """Do one act."""
    if chosen.act is None:
        print("standvast release needs an act: see standvast release --help", file=sys.stderr)
        return MISUSED
    start_django()
    from standvast.kit.errors import Invalid, NotFound, Refused
    from standvast.web.api import sentence

    try:
        return ACTS[chosen.act](chosen)
    except (Invalid, NotFound) as error:
        print(sentence(error.template, error.values), file=sys.stderr)
        return MISUSED
    except Refused as error:
        print(sentence(error.template, error.values), file=sys.stderr)
        return REFUSED


def _tree_digest() -> str:
    from standvast.desk.releases.api import digest_of
    from standvast.project.tree import parts

    return digest_of(parts())


def _digest(_: argparse.Namespace) -> int:
    print(_tree_digest())
    return ALLOWED


def _by_house() -> dict[str, Any]:
    from standvast.database.api import database_now
    from standvast.desk.incidents.api import desk_actor

    return {"actor": desk_actor("pipeline"), "now": database_now()}


def _plan(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import HotfixFor, Plan, plan_release

    plan = Plan(
        version=chosen.version,
        digest=chosen.digest or _tree_digest(),
        planned_at=chosen.at,
        hotfix_for=HotfixFor(chosen.hotfix_for) if chosen.hotfix_for else None,
        incident_numbers=chosen.incident,
    )
    plan_release(plan=plan, **_by_house())
    print(f"{plan.version} is planned: {plan.digest}")
    return ALLOWED


def _build(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import change_build

    digest = chosen.digest or _tree_digest()
    change_build(version=chosen.version, digest=digest, **_by_house())
    print(f"{chosen.version} is now {digest}. Nothing shown before counts.")
    return ALLOWED


def _evidence(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import Evidence, Result, add_evidence, release_view

    house = _by_house()
    digest = release_view(chosen.version, house["now"]).row.digest
    given = _given(chosen, digest, house["now"])
    if given is None:
        print("Name a gate and its result, or a file with --from.", file=sys.stderr)
        return MISUSED
    evidence = Evidence(**given | {"result": Result(given["result"])})
    add_evidence(evidence=evidence, **house)
    print(f"Kept: {evidence.gate} {evidence.result} of {evidence.digest[:12]}.")
    if evidence.digest != digest:
        print(f"It is of another build than {chosen.version}, and does not count for it.")
        return REFUSED
    return ALLOWED


def _given(chosen: argparse.Namespace, digest: str, now: datetime) -> dict[str, Any] | None:
    """Return what is shown, from the words or from a file; none if something lacks."""
    if chosen.file is not None:
        found = json.loads(chosen.file.read_text(encoding="utf-8"))
        names = ("gate", "digest", "result", "environment", "figures", "sentence")
        if not {*names, "at"} <= set(found):
            return None
        return {name: found[name] for name in names} | {"at": instant(found["at"])}
    if chosen.gate is None or chosen.result is None:
        return None
    return {
        "gate": chosen.gate,
        "digest": chosen.digest or digest,
        "result": chosen.result,
        "at": now,
        "environment": chosen.environment,
        "figures": chosen.figures,
        "sentence": chosen.sentence,
    }


def _calendar(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import look_at_calendar, release_view

    house = _by_house()
    look_at_calendar(version=chosen.version, **house)
    clashes = release_view(chosen.version, house["now"]).clashes
    print(f"Kept: the calendar was looked at; {len(clashes)} changes of others within a day.")
    for row in clashes:
        print(f"  {row.at:%Y-%m-%d %H:%M} UTC  {row.whose}: {row.what}")
    return ALLOWED


def _check(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import check

    answer = check(version=chosen.version, **_by_house())
    return _told(chosen, answer)


def _start(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import Answer, Place, StartRefused, start, start_in

    place = Place(chosen.place)
    if place is not Place.PRODUCTION:
        start_in(version=chosen.version, place=place, **_by_house())
        return _told(chosen, Answer())
    try:
        answer = start(version=chosen.version, **_by_house())
    except StartRefused as refusal:
        return _told(chosen, refusal.answer)
    return _told(chosen, answer, is_done=True)


def _finish(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import Answer, Place, finish, finish_in

    place = Place(chosen.place)
    if place is Place.PRODUCTION:
        finish(version=chosen.version, **_by_house())
    else:
        finish_in(version=chosen.version, place=place, **_by_house())
    return _told(chosen, Answer())


def _revert(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import Answer, revert

    revert(version=chosen.version, **_by_house())
    return _told(chosen, Answer())


def _told(chosen: argparse.Namespace, answer: Any, *, is_done: bool = False) -> int:
    """Print the answer as it was asked for; return its exit status.

    What started against the rule is allowed, by two people, and says against what.
    """
    from standvast.desk.releases.api import Verdict
    from standvast.web.api import sentence

    said = [
        {
            "clause": reason.clause,
            "verdict": reason.verdict.name.lower(),
            "sentence": sentence(reason.template, reason.values),
        }
        for reason in answer.reasons
    ]
    verdict = Verdict.ALLOWED if is_done else answer.verdict
    broken = _broken(chosen.version)
    if chosen.cdevents:
        print(json.dumps(_event(chosen, verdict, said, broken)))
    elif chosen.json:
        shown = {"version": chosen.version, "verdict": verdict.name.lower(), "reasons": said}
        print(json.dumps(shown | {"glass_broken": bool(broken), "against": broken}))
    else:
        print(f"{chosen.act} {chosen.version}: {verdict.name.lower().replace('_', ' ')}")
        if broken:
            print("  the glass was broken by two people, against: " + ", ".join(broken))
        for reason in said:
            print(f"  {reason['clause']:12} {reason['sentence']}")
    statuses = {Verdict.REFUSED: REFUSED, Verdict.NEEDS_APPROVER: NEEDS_APPROVER}
    return statuses.get(verdict, ALLOWED)


def _broken(version: str) -> list[str]:
    """Return against which clauses two people let this build through."""
    from standvast.database.api import database_now
    from standvast.desk.releases.api import release_view

    view = release_view(version, database_now())
    glasses = [glass for glass in view.broken if glass.digest == view.row.digest]
    return sorted({clause for glass in glasses for clause in glass.clauses})


def _event(
    chosen: argparse.Namespace, verdict: Any, said: list[dict[str, str]], broken: list[str]
) -> object:
    from django.conf import settings

    from standvast.database.api import database_now
    from standvast.desk.releases.api import Told, Verdict, event_of, release_view
    from standvast.kit.ids import uuid7

    now = database_now()
    is_allowed = verdict is Verdict.ALLOWED
    told = Told(
        version=chosen.version,
        digest=release_view(chosen.version, now).row.digest,
        at=now,
        page=f"{settings.ADDRESS.rstrip('/')}/desk/releases/{chosen.version}/",
        environment=getattr(chosen, "place", "production"),
        is_allowed=is_allowed,
        reason=said[0]["sentence"] if said else "",
        broken_clauses=broken,
    )
    return event_of(chosen.act if is_allowed else "check", told, event_id=str(uuid7()))


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "digest": _digest,
    "plan": _plan,
    "build": _build,
    "evidence": _evidence,
    "rehearse": rehearsing.run,
    "calendar": _calendar,
    "check": _check,
    "start": _start,
    "finish": _finish,
    "revert": _revert,
}
