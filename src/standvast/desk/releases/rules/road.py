"""The road to people: one build through test and acceptance to production, in this order."""

from collections.abc import Collection
from enum import StrEnum

from standvast.kit.errors import Refused
from standvast.kit.words import marked


class Place(StrEnum):
    """The environments, in the order in which a build passes them."""

    TEST = "test"
    ACCEPTANCE = "acceptance"
    PRODUCTION = "production"


ORDER = tuple(Place)
NOT_FINISHED_IN = {
    Place.TEST: marked("This build was not finished in test."),
    Place.ACCEPTANCE: marked("This build was not finished in acceptance."),
}


class NotItsTurn(Refused):
    """A build does not go anywhere before it was finished in the place before."""

    code = "releases.not_its_turn"


class NotThere(Refused):
    """A build is not finished where it did not start."""

    code = "releases.not_there"


def lacks(place: Place, finished_in: Collection[Place]) -> Place | None:
    """Return the place in which this build was not finished yet, but must be first."""
    before = ORDER[: ORDER.index(place)]
    return next((one for one in before if one not in finished_in), None)


def check_turn(place: Place, finished_in: Collection[Place]) -> None:
    """Let a build into a place after those before it.

    :raises NotItsTurn: naming the first place that it passed by.
    """
    missing = lacks(place, finished_in)
    if missing is not None:
        raise NotItsTurn(NOT_FINISHED_IN[missing])
