"""What happens to tidings. Telling is part of what it tells of; reading is its own act."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.tidings.models import Tiding
from standvast.registry.tidings.rules import KEPT_MAX, TOLD_MAX, forgotten_before

ROWS_MAX = 10_000


class TidingNotFound(NotFound):
    """No such tiding for this person."""

    code = "tidings.not_found"


def tell(
    *,
    person_ids: Collection[uuid.UUID],
    organisation_id: uuid.UUID,
    key: str,
    template: str,
    path: str,
    now: datetime,
    values: Mapping[str, str | int] | None = None,
) -> None:
    """Tell people something, once per key; inside the caller's transaction.

    `template` is a marked sentence, filled with `values` when it is read; `path` is where it leads.
    """
    assert connection.in_atomic_block
    assert len(person_ids) <= TOLD_MAX, "tell fewer people, or put up a notice"
    Tiding.objects.bulk_create(
        [
            Tiding(
                person_id=person_id,
                organisation_id=organisation_id,
                key=key,
                template=template,
                values=dict(values or {}),
                path=path,
                told_at=now,
            )
            for person_id in sorted(person_ids)
        ],
        ignore_conflicts=True,
    )
    for person_id in sorted(person_ids):
        mine = Tiding.objects.filter(person_id=person_id).order_by("-told_at", "-id")
        past = mine.values_list("id", flat=True)[KEPT_MAX : KEPT_MAX + ROWS_MAX]
        Tiding.objects.filter(id__in=list(past)).delete()


@transaction.atomic(durable=True)
def read_one(
    *, person_id: uuid.UUID, organisation_id: uuid.UUID, tiding_id: uuid.UUID, now: datetime
) -> str:
    """Mark one as read and return where it leads; again changes nothing.

    :raises TidingNotFound: if it is not this person's, here.
    """
    mine = Tiding.objects.select_for_update().of(person_id, organisation_id)
    found = mine.filter(id=tiding_id).first()
    if found is None:
        raise TidingNotFound(marked("This message is not there any more."))
    if found.read_at is None:
        found.read_at = now
        found.save(update_fields=["read_at"])
    return found.path


@transaction.atomic(durable=True)
def read_all(*, person_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> int:
    """Mark everything that was told until now as read; return how many."""
    mine = Tiding.objects.of(person_id, organisation_id)
    return mine.filter(read_at=None, told_at__lte=now).update(read_at=now)


def forget_leaver(*, person_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> None:
    """Forget what a leaver was told there; in the transaction that ends the membership."""
    assert connection.in_atomic_block
    del now
    Tiding.objects.of(person_id, organisation_id).delete()


@transaction.atomic(durable=True)
def forget_tidings(now: datetime) -> int:
    """Forget at most 10,000 that are older than ninety days; return how many."""
    old = Tiding.objects.filter(told_at__lt=forgotten_before(now)).order_by("told_at")
    ids = list(old.values_list("id", flat=True)[:ROWS_MAX])
    Tiding.objects.filter(id__in=ids).delete()
    return len(ids)
