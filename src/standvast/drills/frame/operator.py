"""Inside the installation: who acts at the desk for a drill."""

from standvast.kit.actor import Actor
from standvast.kit.ids import uuid7
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague


def drill_operator() -> Actor:
    """Store somebody made up who leads the desk, and return them at work; new at each call."""
    name = f"oefening.{uuid7().hex}"
    return a_colleague(
        Role.OPERATOR_LEAD, username=name, email=f"{name}@desk.example", name=name
    ).actor
