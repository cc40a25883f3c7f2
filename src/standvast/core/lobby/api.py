"""What other modules may import from the lobby."""

from standvast.core.lobby.fairness import verify_draw, verify_proof
from standvast.core.lobby.live import LobbyLive
from standvast.core.lobby.loads import FREE_PLACES, PAGE_TIMES, load_reported
from standvast.core.lobby.operations.night import (
    draw_if_due,
    expire_passes,
    let_in,
    sweep,
)
from standvast.core.lobby.operations.places import undo_place
from standvast.core.lobby.operations.planning import (
    close_lobby,
    pause_lobby,
    plan_lobby,
    postpone_lobby,
    resume_lobby,
)
from standvast.core.lobby.operations.rows import LobbyNotFound
from standvast.core.lobby.passes import COOKIE, Pass, make_pass, read_pass
from standvast.core.lobby.queries import (
    LobbyView,
    PlaceView,
    ProofView,
    lobby_troubles,
    lobby_view,
    organisations_in,
    place_view,
    proof_of,
    proof_view,
)
from standvast.core.lobby.rules import (
    Limits,
    Load,
    LobbyState,
    Phase,
    PlaceState,
)
from standvast.core.lobby.sets import (
    Join,
    admitted_set,
    finish_place,
    join_set,
)

__all__ = [
    "COOKIE",
    "FREE_PLACES",
    "PAGE_TIMES",
    "Join",
    "Limits",
    "Load",
    "LobbyLive",
    "LobbyNotFound",
    "LobbyState",
    "LobbyView",
    "Pass",
    "Phase",
    "PlaceState",
    "PlaceView",
    "ProofView",
    "admitted_set",
    "close_lobby",
    "draw_if_due",
    "expire_passes",
    "finish_place",
    "join_set",
    "let_in",
    "load_reported",
    "lobby_troubles",
    "lobby_view",
    "make_pass",
    "organisations_in",
    "pause_lobby",
    "place_view",
    "plan_lobby",
    "postpone_lobby",
    "proof_of",
    "proof_view",
    "read_pass",
    "resume_lobby",
    "sweep",
    "undo_place",
    "verify_draw",
    "verify_proof",
]
