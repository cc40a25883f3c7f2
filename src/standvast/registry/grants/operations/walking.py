"""Whoever walks is let in to an app without a page that asks, at the practice that nobody sees."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.kit.words import marked
from standvast.registry.grants.models import App, AppUse, Consent
from standvast.registry.grants.operations.registering import AppNotFound
from standvast.registry.grants.queries.apps import PROBES_PRACTICE


@transaction.atomic
def let_walk(*, client_id: str, person_id: uuid.UUID, now: datetime) -> None:
    """Let somebody made up use an app, for all that is registered for it. Safe to repeat.

    :raises AppNotFound: if there is none, or it is closed.
    """
    app = App.objects.filter(client_id=client_id, is_active=True).first()
    if app is None:
        raise AppNotFound(marked("There is no such app."))
    AppUse.objects.get_or_create(
        app=app, organisation_id=PROBES_PRACTICE, defaults={"since_at": now}
    )
    whose = Consent.objects.filter(app=app, organisation_id=PROBES_PRACTICE, person_id=person_id)
    if not whose.filter(scopes=app.scopes).exists():
        Consent.objects.update_or_create(
            app=app,
            organisation_id=PROBES_PRACTICE,
            person_id=person_id,
            defaults={"scopes": app.scopes, "given_at": now},
        )
