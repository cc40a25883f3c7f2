"""Why somebody gets no place, in words for the person."""

from standvast.core.lobby.sets import NotJoined
from standvast.kit.errors import Busy, Gone, NotAllowed, NotFound, Refused
from standvast.kit.words import marked


class NotKnown(NotFound):
    """No lobby of this name."""

    code = "lobby.not_found"


class DoorsShut(Refused):
    """The lobby opens later."""

    code = "lobby.doors_shut"


class LobbyClosed(Gone):
    """The lobby is over."""

    code = "lobby.closed"


class LobbyFull(Busy):
    """More places than a lobby holds."""

    code = "lobby.full"


class NotReady(Busy):
    """This process has just started and has not read the lobbies yet."""

    code = "lobby.not_ready"


class PassMissing(NotAllowed):
    """Somebody asks without a pass."""

    code = "lobby.pass_missing"


def not_known() -> NotKnown:
    """Return the refusal for a name that no lobby has."""
    return NotKnown(marked("There is no such lobby."))


def not_ready() -> NotReady:
    """Return the refusal of a process that knows nothing yet: people keep their places."""
    return NotReady(
        marked("We have just restarted. Your place is kept; your browser asks again by itself."),
        retry_after_s=1,
    )


def pass_missing() -> PassMissing:
    """Return the refusal for a question without a pass."""
    return PassMissing(marked("You have no place here yet. Go to the lobby and join."))


def refusal_of(verdict: NotJoined) -> Refused:
    """Return the refusal that goes with a verdict."""
    match verdict.code:
        case "lobby.doors_shut":
            return DoorsShut(marked("The lobby is not open yet. Come back when the doors open."))
        case "lobby.closed":
            return LobbyClosed(marked("This lobby is closed."))
        case "lobby.full":
            return LobbyFull(
                marked("The lobby is full. Try again in {seconds} seconds."),
                retry_after_s=30,
                seconds=30,
            )
        case _:
            return not_known()
