"""What a release is shown of access: who would lose or gain what under this build, by name.

Two things change what people may do: a version of the rules on its way, and what the build itself
declares. Both are asked at once, of everybody at work: what runs with what is enforced, against
this build with the version on its way, or with what is enforced when there is none.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from standvast.kit.wiring import wired
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import Right
from standvast.registry.access.ruling.cedar import Ruleset
from standvast.registry.access.ruling.models import PersonalRule, Running
from standvast.registry.access.ruling.models import Ruleset as Version
from standvast.registry.access.ruling.question import Holding, Layer
from standvast.registry.access.ruling.records import set_with
from standvast.registry.access.ruling.replay import (
    Question,
    actors_at_work,
    questions_about,
    replayed,
)
from standvast.registry.access.ruling.reports import report_of
from standvast.registry.access.ruling.rules import Loss, State, decisions_min_for
from standvast.registry.access.ruling.tally import Judged
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import person_names

NAMES_MAX = 20
ROWS_MAX = 100_000


@dataclass(frozen=True)
class OnItsWay:
    """What changes with a release, as far as access goes. Names are at most twenty each."""

    number: int
    """The version in the shadow; 0 for none."""
    policies: str
    """The digest of the rules: what this build declares, with that version on top."""
    running: str = ""
    """The digest of what the build that runs declares; empty while nobody kept it."""
    is_shown: bool = False
    """Whether everybody was asked, and of exactly these rules."""
    decisions_count: int = 0
    decisions_min: int = 1
    layers_not_judged: int = 0
    faults_count: int = 0
    losses: frozenset[Loss] = frozenset()
    excepted: frozenset[Loss] = frozenset()
    gains: frozenset[Loss] = field(default_factory=frozenset)

    @property
    def denied(self) -> int:
        """How many people would lose something."""
        return len({loss.person_id for loss in self.losses})

    @property
    def signed_off(self) -> int:
        """How many of them have an exception for all of it."""
        return self.denied - len({loss.person_id for loss in self.losses - self.excepted})

    @property
    def gained(self) -> int:
        """How many people would gain something."""
        return len({gain.person_id for gain in self.gains})

    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return who would lose what without an exception, and who would gain what."""
        return _named(self.losses - self.excepted), _named(self.gains)


def rules_on_their_way(now: datetime, *, is_this_build: bool) -> OnItsWay | None:
    """Return what would change for whom; None if nothing is on its way that can be told here.

    Of another build than the one that asks, only the version in the shadow can be told.
    """
    version = Version.objects.filter(is_shadowed=True).first()
    if not is_this_build and version is None:
        return None
    enforced = Version.objects.filter(state=State.ENFORCED).first()
    decides = version or enforced
    candidate = set_with(decides.text if decides else "")
    number = version.number if version else 0
    running = Running.objects.first()
    found = OnItsWay(number, candidate.digest, running.digest if running else "")
    report = report_of(number, now=now) if version else None
    if version is not None and (report is None or report.digest != candidate.digest):
        return found
    told = set(report.shown.losses) if report else set()
    if not is_this_build:
        assert report is not None
        return OnItsWay(
            number,
            candidate.digest,
            is_shown=report.shown.is_whole,
            decisions_count=report.decisions_count,
            decisions_min=report.decisions_min,
            layers_not_judged=len(report.shown.layers_not_judged),
            faults_count=report.faults_count,
            losses=frozenset(told),
            excepted=frozenset(report.shown.excepted),
        )
    if running is None:
        return found
    return _compared(found, running, enforced.text if enforced else "", candidate, told, now=now)


def _compared(
    found: OnItsWay,
    running: Running,
    enforced: str,
    candidate: Ruleset,
    told: Collection[Loss],
    *,
    now: datetime,
) -> OnItsWay:
    """Ask everybody of what runs and of this build."""
    try:
        live = Ruleset(running.text, enforced)
    except ValueError:  # of another age: nothing can be said of it
        return found
    actors = actors_at_work(now)
    questions = questions_between(running.names, wired(RIGHTS))
    judged = replayed(live, candidate, actors=actors, questions=questions, rows_max=ROWS_MAX)
    losses = _sides(judged, is_loss=True) | frozenset(told)
    return OnItsWay(
        found.number,
        found.policies,
        found.running,
        is_shown=not judged.not_judged_count,
        decisions_count=sum(judged.by_layer.values()),
        decisions_min=decisions_min_for(len(actors) * len(questions)),
        layers_not_judged=sum(not judged.by_layer[layer.value] for layer in Layer),
        faults_count=judged.faults_count,
        losses=losses,
        excepted=losses & _excepted(now),
        gains=_sides(judged, is_loss=False),
    )


def questions_between(names: Iterable[str], rights: Collection[Right]) -> list[Question]:
    """Return what to ask of what runs and of a build: its rights, and those that it lacks.

    A right that has another name now is asked by both. One that is gone is lost by all who had it.
    """
    was = {right.name: right.was for right in rights if right.was}
    asked = [one._replace(before=was.get(one.right, "")) for one in questions_about(rights)]
    gone = set(names) - {right.name for right in rights} - set(was.values())
    return [*asked, *(Question(name, layer) for name in sorted(gone) for layer in Layer)]


def _sides(judged: Judged, *, is_loss: bool) -> frozenset[Loss]:
    """Return losses or gains; who would only see another menu loses nothing."""
    return frozenset(
        Loss(one.person_id, one.organisation_id, one.right)
        for one in judged.differences
        if one.is_loss is is_loss and one.layer != Layer.MENU.value
    )


def _excepted(now: datetime) -> frozenset[Loss]:
    rows = PersonalRule.objects.filter(
        holding=Holding.EXCEPTION, ended_at=None, until_at__gt=now
    ).values_list("person_id", "organisation_id", "name")
    return frozenset(Loss(*row) for row in rows)


def _named(found: Collection[Loss]) -> tuple[str, ...]:
    few = sorted(found, key=lambda loss: loss.key)[:NAMES_MAX]
    people = person_names({one.person_id for one in few})
    ids: set[uuid.UUID] = {one.organisation_id for one in few}
    places = dict(Organisation.objects.filter(id__in=ids).values_list("id", "name"))
    return tuple(
        f"{people.get(one.person_id, '')} ({places.get(one.organisation_id, '')}): {one.right}"
        for one in few
    )
