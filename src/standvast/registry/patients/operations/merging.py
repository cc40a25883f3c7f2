"""Two rows turn out to be one patient, or to be two after all."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.patients.rows import check_changes, locked_pair, own, save_found, tell


class MergeNotPossible(Refused):
    """These two cannot be brought together now, or there is nothing to take apart."""

    code = "patients.merge_not_possible"


@transaction.atomic(durable=True)
def merge(*, actor: Actor, patient_id: uuid.UUID, into_id: uuid.UUID, now: datetime) -> None:
    """Say that two rows are one patient: the first is found under the second from now on.

    Nothing of either is changed or thrown away, so it can be taken back.

    :raises MergeNotPossible: if they are one already, or one of them is part of another merge.
    :raises RightMissing: if a rule lets the actor change no record.
    """
    check_changes(actor)
    rows = locked_pair(actor, patient_id, into_id)
    row, into = rows[patient_id], rows[into_id]
    if row.id == into.id or row.merged_into_id or into.merged_into_id or row.merged.exists():
        raise MergeNotPossible(
            marked("One of these two was merged already. Take that apart first.")
        )
    row.merged_into = into
    row.save(update_fields=["merged_into"])
    save_found(into)
    tell(actor, into.id, "U", "patients.merged", now, other=str(row.id))


@transaction.atomic(durable=True)
def take_apart(*, actor: Actor, patient_id: uuid.UUID, now: datetime) -> None:
    """Undo a merge: the patient stands by itself again, as before.

    :raises MergeNotPossible: if it was not merged.
    :raises RightMissing: if a rule lets the actor change no record.
    """
    check_changes(actor)
    into_id = own(actor).filter(id=patient_id).values_list("merged_into_id", flat=True).first()
    rows = locked_pair(actor, patient_id, into_id or patient_id)
    row = rows[patient_id]
    if row.merged_into_id is None or row.merged_into_id != into_id:
        raise MergeNotPossible(marked("This patient stands by itself already."))
    row.merged_into = None
    row.save(update_fields=["merged_into"])
    save_found(rows[into_id])
    tell(actor, into_id, "U", "patients.taken_apart", now, other=str(row.id))
