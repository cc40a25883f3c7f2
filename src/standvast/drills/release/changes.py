"""Inside the installation: the four changes of report 001, each tried as its maker would.

Each function tries one, and returns whether people met it and what was said. What people did meet,
in the twin, is taken back, so that one change does not hide the next.
"""

import hashlib
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from standvast.core.certificates import api as certificates
from standvast.database.api import database_now
from standvast.desk.releases import api as releases
from standvast.desk.releases.testing import shown
from standvast.drills.frame.operator import drill_operator
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.outside.api import Authority, Issuer
from standvast.registry.access import api as access

PURPOSE = "coverage"
STRICT = """@id("insurance-for-care-managers-only")
@sentence("Only a care manager sees whose insurance is to be looked at.")
forbid (principal, action == Action::"insurance.see", resource)
when { principal.role != "care_manager" };
"""
"""Meant against other organisations; as it is written it takes a page away from every GP."""
LIVED = timedelta(days=365)

Told = dict[str, Any]


def script_with_a_fault() -> Told:
    """(a) Monday's rollout: a script holds a fault, seen on a copy of production."""
    actor = drill_operator()
    version, now = "drill-monday", database_now()
    _planned(version, "monday", actor, now)
    _show(version, actor, now)
    _show(version, actor, now, "script", result="failed", faults=1, line=214)
    return _tried(version, "script", actor)


def late_change() -> Told:
    """(b) Tuesday's build changed after it was accepted; what was shown is of the one before."""
    actor = drill_operator()
    version, now = "drill-tuesday", database_now()
    _planned(version, "accepted", actor, now)
    _show(version, actor, now)
    releases.change_build(version=version, digest=_digest("changed late"), actor=actor, now=now)
    return _tried(version, "retest", actor)


def glass_broken_by_two() -> Told:
    """Let the same build through by two names: it is seen, and opens no other gate."""
    actor = drill_operator()
    now = database_now()
    releases.break_glass(
        version="drill-tuesday",
        first_name="R. Oefening",
        second_name="T. Oefening",
        reason="De oefening.",
        actor=actor,
        now=now,
    )
    releases.start(version="drill-tuesday", actor=actor, now=database_now())
    releases.finish(version="drill-tuesday", actor=actor, now=database_now())
    return {"is_seen": len(releases.release_view("drill-tuesday", database_now()).broken) == 1}


def wrong_certificate(*, authority_folder: str, number: str) -> Told:
    """(c) A certificate of the authority for tests is put where production's belongs."""
    actor, now = drill_operator(), database_now()
    issued = Authority(Path(authority_folder), now=now).client(
        organisation="Standvast",
        agb=number,
        issuer=Issuer.TEST,
        valid_from=now - timedelta(hours=1),
        valid_until=now + LIVED,
    )
    certificate_id = certificates.hand_in(
        actor=actor,
        purpose=PURPOSE,
        chain_pem=issued.certificate.decode(),
        key_pem=issued.key.decode(),
        now=now,
    )
    given: dict[str, Any] = {
        "actor": actor,
        "purpose": PURPOSE,
        "certificate_id": certificate_id,
    }
    certificates.look(**given, now=database_now())
    try:
        certificates.switch(**given, now=database_now())
    except Refused as refused:
        waiting = certificates.purpose_view(PURPOSE, database_now()).next
        against = waiting.against if waiting else ()
        said = "; ".join(check.template.format(**check.values) for check in against)
        return _stopped(said or str(refused), refused.code)
    previous = certificates.purpose_view(PURPOSE, database_now()).previous
    assert previous is not None, "the one that was in use stays at hand"
    certificates.roll_back(
        actor=actor, purpose=PURPOSE, certificate_id=previous.id, now=database_now()
    )
    return _met("the certificate of the authority for tests was shown to the insurers")


def strict_rule_in_shadow() -> Told:
    """(d) A rule that is too strict begins beside the live one; return its number."""
    actor = drill_operator()
    number = access.propose_rules(actor=actor, text=STRICT, why="drill-tuesday", now=database_now())
    access.shadow_rules(actor=actor, number=number, now=database_now())
    return {"number": number}


def strict_rule_enforced(*, number: int) -> Told:
    """Approve it by a second person and enforce it; where that is refused, put it away."""
    first, second = drill_operator(), drill_operator()
    report = access.report_of(number, now=database_now())
    names = len({row.person_id for row in report.losses}) if report else 0
    try:
        access.approve_rules(actor=second, number=number, now=database_now())
        access.enforce_rules(actor=first, number=number, now=database_now())
    except Refused as refused:
        access.withdraw_rules(actor=first, number=number, now=database_now())
        told = _stopped(f"{refused} ({names} by name)", refused.code)
        return told if names else _met("the shadow named nobody")
    enforced_at = time.time()
    access.take_back_rules(actor=first, number=number, now=database_now())
    return _met(f"{names} people lost their claims pages", since=enforced_at)


# -- steps -------------------------------------------------------------------------------------


def _planned(version: str, build: str, actor: Actor, now: datetime) -> None:
    plan = releases.Plan(version=version, digest=_digest(build), planned_at=now)
    releases.plan_release(plan=plan, actor=actor, now=now)


def _show(
    version: str, actor: Actor, now: datetime, *gates: str, result: str = "ok", **figures: Any
) -> None:
    """Show gates of its build as they should be, with these figures changed; without any, all."""
    digest = releases.release_view(version, now).row.digest
    for gate in gates or releases.NAMES:
        given = {"day": now.date().isoformat()} if gate == "outside" else figures
        evidence = shown(gate, digest=digest, result=releases.Result(result), **given)
        releases.add_evidence(evidence=replace(evidence, at=now), actor=actor, now=now)
    if not gates:
        for place in (releases.Place.TEST, releases.Place.ACCEPTANCE):
            releases.start_in(version=version, place=place, actor=actor, now=now)
            releases.finish_in(version=version, place=place, actor=actor, now=now)


def _tried(version: str, gate: str, actor: Actor) -> Told:
    """Start it. Only the gate it is about counts as a reason: the hour says no by itself too."""
    said = releases.check(version=version, actor=actor, now=database_now())
    reasons = [reason for reason in said.reasons if reason.clause == gate]
    try:
        releases.start(version=version, actor=actor, now=database_now())
    except Refused as refused:
        if reasons:
            return _stopped(reasons[0].template.format(**reasons[0].values), refused.code)
        return _met(f"{version} was refused, but not for its {gate}")
    releases.revert(version=version, actor=actor, now=database_now())
    return _met(f"{version} started")


def _stopped(said: str, code: str) -> Told:
    return {"reached": False, "said": said, "code": code}


def _met(said: str, **more: Any) -> Told:
    return {"reached": True, "said": said, "code": "", **more}


def _digest(build: str) -> str:
    return hashlib.sha256(f"drill {build}".encode()).hexdigest()
