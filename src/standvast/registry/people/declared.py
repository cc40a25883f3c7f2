"""What people bring to the watch: parts, edges and sweeps. The walks stand in `probes`."""

from standvast.core.health.api import Component, Edge, Sweep
from standvast.kit.words import marked
from standvast.registry.people.forgetting import forget_sessions
from standvast.registry.people.probes import SUPPLIER

SWEEPS_OF_PEOPLE = (Sweep("people.sessions", 300.0, forget_sessions),)
_OTHERS_GO_ON = marked("People who are signed in go on.")


def parts_of_people(*, has_supplier: bool) -> tuple[Component, ...]:
    """Return what people rely on to come in; the supplier where there is one."""
    parts = (
        Component("sign-in", marked("Signing in"), "A"),
        Component("second-factor", marked("The second step"), "A"),
        Component("reset", marked("Choosing a new password"), "C"),
    )
    if not has_supplier:
        return parts
    word = Component(
        SUPPLIER, marked("A supplier's word about mail addresses"), "C", audience="internal"
    )
    return (*parts, word)


def edges_of_people(*, has_supplier: bool) -> tuple[Edge, ...]:
    """Return who relies on whom. Nobody relies on the supplier: its edge is soft."""
    edges = (
        Edge("second-factor", "sign-in", hard=True, still_works=_OTHERS_GO_ON),
        Edge("reset", "pages", hard=True, still_works=_OTHERS_GO_ON),
        Edge("reset", "account-mail", hard=True, still_works=_OTHERS_GO_ON),
    )
    if not has_supplier:
        return edges
    soft = Edge(
        "reset",
        SUPPLIER,
        hard=False,
        still_works=marked(
            "Choosing a new password works as always; nobody warns of a wrong address."
        ),
    )
    return (*edges, soft)
