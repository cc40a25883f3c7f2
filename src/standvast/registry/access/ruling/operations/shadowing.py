"""Judging a version: the replay that begins its report, and what real decisions add to it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from standvast.database.api import as_json, named_sql, wake
from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.ruling.memory import CHANNEL, PACKAGE
from standvast.registry.access.ruling.models import Ruleset, ShadowDifference, ShadowReport
from standvast.registry.access.ruling.records import enforced_set, locked_version, set_with, tell
from standvast.registry.access.ruling.replay import actors_at_work, questions_about, replayed
from standvast.registry.access.ruling.rules import (
    SHADOWED,
    MoveNotAllowed,
    State,
    check_move,
    decisions_min_for,
)
from standvast.registry.access.ruling.tally import Difference, Judged

DIFFERENCES_MAX = 20_000
"""In one report; what does not fit counts as not judged."""


@transaction.atomic(durable=True)
def shadow(*, actor: Actor, number: int, now: datetime) -> None:
    """Run a version beside the live rules from now on, and replay it over everybody at once.

    :raises VersionNotFound: if there is none.
    :raises MoveNotAllowed: if it is past that, or another one is in the shadow.
    """
    version = locked_version(number)
    check_move(State(version.state), State.SHADOWING)
    if Ruleset.objects.select_for_update().filter(is_shadowed=True).exists():
        raise MoveNotAllowed(marked("Another version is in the shadow. Withdraw that one first."))
    version.state, version.is_shadowed = State.SHADOWING, True
    version.save(update_fields=["state", "is_shadowed"])
    _replay(version, now=now)
    wake(CHANNEL)
    tell(actor, "rules_shadowed", kind="rules", record_id=str(number), now=now)


@transaction.atomic(durable=True)
def replay(*, actor: Actor, number: int, now: datetime) -> None:
    """Judge a version again over everybody at work; what was counted before is dropped.

    :raises VersionNotFound: if there is none.
    :raises MoveNotAllowed: if it is not in the shadow.
    """
    version = locked_version(number)
    if State(version.state) not in SHADOWED:
        raise MoveNotAllowed(marked("Only rules in the shadow can be replayed."))
    _replay(version, now=now)
    tell(actor, "rules_replayed", kind="rules", record_id=str(number), now=now)


def _replay(version: Ruleset, *, now: datetime) -> None:
    live, candidate = enforced_set(), set_with(version.text, number=version.number)
    actors, questions = actors_at_work(now), questions_about(wired(RIGHTS))
    judged = replayed(live, candidate, actors=actors, questions=questions, rows_max=DIFFERENCES_MAX)
    ShadowReport.objects.filter(ruleset=version).delete()
    report = ShadowReport.objects.create(
        ruleset=version,
        digest=candidate.digest,
        live_digest=live.digest,
        at=now,
        people_count=len({actor.person_id for actor in actors}),
        decisions_min=decisions_min_for(len(actors) * len(questions)),
    )
    _add(report, judged, counted="replayed_count")
    if report.not_judged_count:
        report.is_whole = False
        report.save(update_fields=["is_whole"])


@transaction.atomic(durable=True)
def keep_judged(*, judged: Judged) -> None:
    """Add what one process counted; nothing if that version is in the shadow no longer."""
    report = (
        ShadowReport.objects.select_for_update()
        .filter(ruleset__number=judged.number, ruleset__is_shadowed=True)
        .first()
    )
    if report is not None:
        _add(report, judged, counted="seen_count")


def _add(report: ShadowReport, judged: Judged, *, counted: str) -> None:
    room = DIFFERENCES_MAX - ShadowDifference.objects.filter(report=report).count()
    fitting = dict(list(judged.differences.items())[: max(0, room)])
    dropped = sum(judged.differences.values()) - sum(fitting.values())
    report.by_layer = dict(Counter(report.by_layer) + judged.by_layer)
    report.not_judged_count += judged.not_judged_count + dropped
    report.faults_count += judged.faults_count
    report.save(update_fields=["by_layer", "not_judged_count", "faults_count"])
    if fitting:
        with connection.cursor() as cursor:
            cursor.execute(
                named_sql(PACKAGE, "differences"),
                {"report_id": str(report.id), "rows": as_json(_rows(fitting, counted))},
            )


def _rows(differences: Mapping[Difference, int], counted: str) -> list[dict[str, object]]:
    return [
        {
            "person_id": one.person_id,
            "organisation_id": one.organisation_id,
            "right_name": one.right,
            "layer": one.layer,
            "is_loss": one.is_loss,
            "replayed_count": 0,
            "seen_count": 0,
            counted: count,
        }
        for one, count in differences.items()
    ]
