"""What happens to one organisation's place for a reason outside the lobby."""

import uuid

from django.db import transaction

from standvast.core.lobby.operations.rows import CHANNEL, run
from standvast.database.api import wake


@transaction.atomic
def undo_place(*, lobby: str, organisation_id: uuid.UUID) -> None:
    """Let an organisation come again, at the end: what its place was used for is undone.

    Joins the caller's transaction. `lobby` is a slug; nothing happens if no place was used.
    """
    count, _ = run("undo", lobby=lobby, organisation_id=organisation_id)
    if count:
        wake(CHANNEL, lobby)
