"""A replay: every right, at every layer, asked of the live set and of a version, for everybody."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from standvast.core.journal.api import SeenActor, actors_since
from standvast.database.api import as_array, named_sql
from standvast.kit.actor import Actor
from standvast.registry.access.rules import Right
from standvast.registry.access.ruling.cedar import Ruleset
from standvast.registry.access.ruling.memory import PACKAGE
from standvast.registry.access.ruling.question import HERE, Layer, Record
from standvast.registry.access.ruling.rules import ACTIVE_DAYS
from standvast.registry.access.ruling.tally import ROWS_MAX, Judged
from standvast.registry.organisations.api import Organisation

ACTORS_MAX = 200_000


class Question(NamedTuple):
    """One thing that everybody is asked about."""

    right: str
    layer: Layer
    record: Record = HERE
    before: str = ""
    """What the live set calls the right, where that is another name."""


def questions_about(rights: Iterable[Right]) -> list[Question]:
    """Return what there is to ask: each right at each layer, and of each kind of record it opens.

    A rule that speaks of one kind of record meets nobody on a page as a whole.
    """
    return [
        question
        for right in sorted(rights, key=lambda right: right.name)
        for question in (
            *(Question(right.name, layer) for layer in Layer),
            *(Question(right.name, Layer.RECORD, Record(kind)) for kind in sorted(right.records)),
        )
    ]


def actors_at_work(now: datetime) -> list[Actor]:
    """Return who works where and was seen in 30 days, and who helped by phone; at most 200,000."""
    since = now - timedelta(days=ACTIVE_DAYS)
    seen = actors_since(since, limit=ACTORS_MAX)
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "at_work"),
            {
                "now": now,
                "since": since,
                "seen": as_array({one.person_id for one in seen}),
                "limit": ACTORS_MAX,
            },
        )
        found = [_at_work(*row) for row in cursor.fetchall()]
    return [*found, *_helping([one for one in seen if one.helping_from is not None])][:ACTORS_MAX]


def _helping(seen: Sequence[SeenActor]) -> Iterator[Actor]:
    ids = {one.organisation_id for one in seen}
    kinds = dict(Organisation.objects.filter(id__in=ids).values_list("id", "kind"))
    for one in seen:
        yield Actor(
            one.person_id,
            one.organisation_id,
            one.role,
            helping_from=one.helping_from,
            organisation_kind=kinds.get(one.organisation_id, ""),
        )


def _at_work(
    person_id: uuid.UUID, organisation_id: uuid.UUID, role: str, kind: str, held: Sequence[str]
) -> Actor:
    return Actor(person_id, organisation_id, role, organisation_kind=kind, held=frozenset(held))


class _Compared(NamedTuple):
    """What both sets say of people with the same facts."""

    by_layer: Counter[str]
    faults_count: int
    differences: tuple[tuple[Question, bool], ...]
    """Each with whether it is a loss."""


def replayed(
    live: Ruleset,
    candidate: Ruleset,
    *,
    actors: Iterable[Actor],
    questions: Sequence[Question],
    rows_max: int = ROWS_MAX,
) -> Judged:
    """Return what both sets say of everybody; people with the same facts are asked once."""
    judged = Judged(candidate.number, rows_max)
    known: dict[object, _Compared] = {}
    for actor in actors:
        facts = candidate.key_of(actor, "", Layer.ROUTE, HERE) + live.key_of(
            actor, "", Layer.ROUTE, HERE
        )
        found = known.get(facts)
        if found is None:
            found = known[facts] = _compared(live, candidate, actor, questions)
        judged.by_layer.update(found.by_layer)
        judged.faults_count += found.faults_count
        for question, is_loss in found.differences:
            judged.add_difference(actor, question.right, question.layer, is_loss=is_loss)
    return judged


def _compared(
    live: Ruleset, candidate: Ruleset, actor: Actor, questions: Sequence[Question]
) -> _Compared:
    differences, faults_count = [], 0
    for question in questions:
        right, layer, record, before = question
        said = live.decide(actor, before or right, layer=layer, record=record)
        other = candidate.decide(actor, right, layer=layer, record=record)
        faults_count += other.is_faulty
        if said.is_allowed != other.is_allowed:
            differences.append((question, said.is_allowed))
    by_layer = Counter(question.layer.value for question in questions)
    return _Compared(by_layer, faults_count, tuple(differences))
