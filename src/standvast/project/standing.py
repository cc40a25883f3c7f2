"""How what people do stands now, for pages of floors that do not know the desk."""

from datetime import datetime

from django.utils.translation import get_language

from standvast.core.health.api import Verdict, component_views
from standvast.desk.status import api as status
from standvast.kit.words import marked
from standvast.registry.people.api import Hindrance

CHOOSING_A_PASSWORD = status.Function("people.reset", marked("Choosing a new password"), "reset")
_NOT_WELL = (Verdict.RED, Verdict.PARTLY_RED)


def reset_hindrance(now: datetime) -> Hindrance | None:
    """Return what stands in the way of a new password: the desk's word, else what probes saw.

    A supplier's check in trouble is no hindrance: nothing waits for it.
    """
    view = status.closed(CHOOSING_A_PASSWORD.slug, None, now=now)
    if view is not None:
        return Hindrance(True, view.text(get_language() or "nl"), view.from_at)
    for part in component_views(now):
        if part.slug == CHOOSING_A_PASSWORD.component and part.verdict in _NOT_WELL:
            return Hindrance(False, since=part.since)
    return None
