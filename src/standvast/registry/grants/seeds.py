"""Apps of the demo, as the desk would register them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from standvast.kit.actor import Actor
from standvast.registry.grants.operations.registering import (
    AppData,
    AppNotFound,
    begin_use,
    change_app,
    register_app,
)
from standvast.registry.grants.queries.apps import app_named, uses_of


def a_demo_app(
    *,
    actor: Actor,
    client_id: str,
    data: AppData,
    organisation_ids: Sequence[uuid.UUID],
    now: datetime,
) -> None:
    """Let an app ask people at these organisations; it may have moved since the last start."""
    try:
        known = app_named(client_id)
    except AppNotFound:
        app_id = register_app(actor=actor, data=data, client_id=client_id, secret="", now=now)
    else:
        app_id = known.id
        if tuple(data.redirects) != known.redirects:
            change_app(actor=actor, app_id=app_id, data=data, now=now)
    used = {row.organisation_id for row in uses_of(app_id)}
    for organisation_id in organisation_ids:
        if organisation_id not in used:
            begin_use(actor=actor, app_id=app_id, organisation_id=organisation_id, now=now)
