"""What rules bring to the wiring: rights, rail, offers on a refusal, parts and probes, sweeps."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from standvast.core.health.api import Component, Sweep, figure_probe, from_django
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.access.guards import RightMissing, maybe_actor_of
from standvast.registry.access.rights import right_named
from standvast.registry.access.rules import Right, Role
from standvast.registry.access.ruling.giveable import is_for
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.operations.asking import purge_requests
from standvast.registry.access.ruling.queries import behind_count, to_look_at_count
from standvast.registry.organisations.api import Kind
from standvast.web.api import Offer, RailItem

DESK = frozenset({Role.OPERATOR, Role.OPERATOR_LEAD})
RIGHTS_OF_RULES = (
    Right("desk.access.see", DESK, marked("see access rules")),
    Right("desk.access.act", DESK, marked("propose, enforce and take back access rules")),
    Right("desk.access.approve", frozenset({Role.OPERATOR_LEAD}), marked("approve access rules")),
)


def _count(actor: Actor) -> int | None:
    return to_look_at_count()


RAIL_OF_RULES = (
    RailItem(marked("Access rules"), "access:rules_desk", "desk.access.see", "scale", _count),
)
RULES = Component("access-rules", marked("Access rules"), "B", audience="internal")
PROBES_OF_RULES = (
    figure_probe(
        "access-rules.everywhere",
        RULES.slug,
        read=from_django(lambda now: float(behind_count(now))),
        red_over=0.0,
        template=marked("{figure} processes judge by other rules than those that are enforced."),
        code="access.rules_behind",
    ),
)
SWEEP_OF_RULES = Sweep("access.requests", 3_600.0, purge_requests)


def offers_on_refusal(request: HttpRequest, refused: Refused) -> Sequence[Offer]:
    """Return what somebody without a right may do: ask for it; in an emergency, break the glass."""
    actor = maybe_actor_of(request)
    if not isinstance(refused, RightMissing) or actor is None or actor.helping_from is not None:
        return ()
    right, kind = right_named(refused.right), actor.organisation_kind
    if not kind or not is_for(Kind(kind), right):
        return ()  # nobody there ever has it
    ask = Offer(marked("Ask for it"), reverse("access:ask"), (("right", refused.right),))
    if right.is_breakable:
        url = reverse("access:glass", args=[refused.right])
        return (ask, Offer(marked("It is an emergency"), url, is_link=True))
    return (ask,)


def figures_of_rules() -> dict[str, int]:
    """Return which rules this process judges by, for its pulse."""
    return {"rules": memory.numbers.enforced, "rules_shadowed": memory.numbers.shadowed}
