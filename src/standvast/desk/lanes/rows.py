"""Lanes as the page shows them: one word of state, and whether it needs someone."""

from dataclasses import dataclass

from django.utils.translation import gettext

from standvast.core.delivery.api import Breaker, LaneView

LATE_AFTER_S = 300.0


@dataclass(frozen=True)
class LaneRow:
    """One lane with its state in a word. `kind` is ok, late, harm or off."""

    view: LaneView
    title: str
    state: str
    kind: str


def lane_row(view: LaneView) -> LaneRow:
    """Return a lane with the state that matters most in a word."""
    title = gettext(view.title) if view.is_wired else view.name
    if not view.is_wired:
        return LaneRow(view, title, gettext("Nobody drains it"), "harm")
    if view.is_paused:
        return LaneRow(view, title, gettext("Paused"), "off")
    if view.breaker is Breaker.OPEN:
        return LaneRow(view, title, gettext("Other side does not answer"), "harm")
    if view.breaker is Breaker.PROBING:
        return LaneRow(view, title, gettext("Trying whether it answers again"), "late")
    if view.needs_person_count:
        return LaneRow(view, title, gettext("Needs a person"), "late")
    if view.oldest_age_s > LATE_AFTER_S:
        return LaneRow(view, title, gettext("Late"), "late")
    return LaneRow(view, title, gettext("Flows"), "ok")
