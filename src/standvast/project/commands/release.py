"""The release register for any pipeline: check, start, finish, revert, evidence, digest.

Exit status: 0 allowed or done, 1 refused, 2 needs an approver, 3 asked wrongly.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from standvast.project.command import start_django

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
    evidence.add_argument("gate")
    evidence.add_argument("result", choices=("ok", "failed", "inconclusive"))
    evidence.add_argument("--digest", help="of the build it was shown of; the release's without")
    evidence.add_argument("--environment", default="acceptance")
    evidence.add_argument("--figures", type=figures, default={}, help="a JSON object")
    evidence.add_argument("--sentence", default="")
    place = acts.add_parser("place", help="say which build stands where")
    place.add_argument("environment", choices=("test", "acceptance", "production"))
    place.add_argument("version")
    for name in ("check", "start", "finish", "revert"):
        act = acts.add_parser(name)
        act.add_argument("version")
        act.add_argument("--json", action="store_true", help="the answer as JSON")
        act.add_argument("--cdevents", action="store_true", help="the event as CDEvents JSON")


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
    evidence = Evidence(
        gate=chosen.gate,
        digest=chosen.digest or release_view(chosen.version, house["now"]).row.digest,
        result=Result(chosen.result),
        at=house["now"],
        environment=chosen.environment,
        figures=chosen.figures,
        sentence=chosen.sentence,
    )
    add_evidence(evidence=evidence, **house)
    print(f"Kept: {evidence.gate} {evidence.result} of {evidence.digest[:12]}.")
    return ALLOWED


def _place(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import place, release_view

    house = _by_house()
    row = release_view(chosen.version, house["now"]).row
    place(environment=chosen.environment, digest=row.digest, version=row.version, **house)
    print(f"{row.version} stands in {chosen.environment}.")
    return ALLOWED


def _check(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import check

    answer = check(version=chosen.version, **_by_house())
    return _told(chosen, answer)


def _start(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import Answer, StartRefused, start

    try:
        start(version=chosen.version, **_by_house())
    except StartRefused as refusal:
        return _told(chosen, refusal.answer)
    return _told(chosen, Answer())


def _ended(chosen: argparse.Namespace) -> int:
    from standvast.desk.releases.api import Answer, finish, revert

    operation = {"finish": finish, "revert": revert}[chosen.act]
    operation(version=chosen.version, **_by_house())
    return _told(chosen, Answer())


def _told(chosen: argparse.Namespace, answer: Any) -> int:
    """Print the answer as it was asked for; return its exit status."""
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
    verdict = answer.verdict
    if chosen.cdevents:
        print(json.dumps(_event(chosen, is_allowed=verdict is Verdict.ALLOWED, said=said)))
    elif chosen.json:
        print(
            json.dumps(
                {"version": chosen.version, "verdict": verdict.name.lower(), "reasons": said}
            )
        )
    else:
        print(f"{chosen.act} {chosen.version}: {verdict.name.lower().replace('_', ' ')}")
        for reason in said:
            print(f"  {reason['clause']:12} {reason['sentence']}")
    statuses = {Verdict.REFUSED: REFUSED, Verdict.NEEDS_APPROVER: NEEDS_APPROVER}
    return statuses.get(verdict, ALLOWED)


def _event(chosen: argparse.Namespace, *, is_allowed: bool, said: list[dict[str, str]]) -> object:
    from standvast.database.api import database_now
    from standvast.desk.releases.api import event_of, release_view
    from standvast.kit.ids import uuid7

    now = database_now()
    return event_of(
        chosen.act if is_allowed else "check",
        event_id=str(uuid7()),
        version=chosen.version,
        digest=release_view(chosen.version, now).row.digest,
        at=now,
        is_allowed=is_allowed,
        reason=said[0]["sentence"] if said else "",
    )


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "digest": _digest,
    "plan": _plan,
    "build": _build,
    "evidence": _evidence,
    "place": _place,
    "check": _check,
    "start": _start,
    "finish": _ended,
    "revert": _ended,
}
