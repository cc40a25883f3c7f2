"""Planning a lobby, and taking hold of it: postpone, pause, resume, close. One transaction each."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.core.lobby.fairness import commitment_of
from standvast.core.lobby.models import Lobby
from standvast.core.lobby.operations.rows import CHANNEL, locked, run
from standvast.core.lobby.rules import PASS_S, Limits, LobbyState
from standvast.core.lobby.seed import new_seed, open_seed, seal_seed
from standvast.database.api import wake
from standvast.kit.errors import Refused
from standvast.kit.ids import uuid7
from standvast.kit.words import marked


class LobbyUnderWay(Refused):
    """People wait: they were told when it starts."""

    code = "lobby.under_way"


@transaction.atomic
def plan_lobby(
    *,
    slug: str,
    doors_at: datetime,
    starts_at: datetime,
    closes_at: datetime,
    pass_s: int = PASS_S,
    limits: Limits | None = None,
    seed: bytes | None = None,
) -> uuid.UUID:
    """Make a lobby, or move its times while nobody waits in it; return its id.

    Its seed is drawn here, once, and its hash public from here on. `seed` is for tests only.

    :raises LobbyUnderWay: if people wait already; see `postpone_lobby`.
    """
    limits = limits or Limits()
    lobby = Lobby.objects.select_for_update().filter(slug=slug).first()
    if lobby is None:
        lobby = Lobby(id=uuid7(), slug=slug)
        drawn = seed or new_seed()
        lobby.seed_commitment = commitment_of(drawn)
        lobby.sealed_seed = seal_seed(drawn, lobby.id.bytes)
    elif lobby.joined_count:
        raise LobbyUnderWay(marked("People are already waiting. The times can no longer change."))
    lobby.doors_at, lobby.starts_at, lobby.closes_at = doors_at, starts_at, closes_at
    lobby.pass_s = pass_s
    lobby.rate_min_per_s = limits.rate_min_per_s
    lobby.rate_start_per_s = limits.rate_start_per_s
    lobby.rate_max_per_s = limits.rate_max_per_s
    lobby.in_flight_max = limits.in_flight_max
    lobby.save()
    wake(CHANNEL, slug)
    return lobby.id


@transaction.atomic
def postpone_lobby(*, lobby_id: uuid.UUID, starts_at: datetime, now: datetime) -> None:
    """Draw later than was said, while people are already waiting; nobody loses by it.

    :raises LobbyNotFound: if there is none.
    :raises LobbyUnderWay: if the draw was held, or would come earlier than people were told.
    """
    lobby = locked(lobby_id)
    if lobby.state != LobbyState.GATHERING or starts_at < max(lobby.starts_at, now):
        raise LobbyUnderWay(marked("The draw can only move to a later time, before it is held."))
    lobby.closes_at += starts_at - lobby.starts_at
    lobby.starts_at = starts_at
    lobby.save(update_fields=["starts_at", "closes_at"])
    wake(CHANNEL, lobby.slug)


@transaction.atomic
def pause_lobby(*, lobby_id: uuid.UUID, now: datetime) -> None:
    """Let nobody in for a while and stop the clock of those inside. Safe to repeat.

    :raises LobbyNotFound: if there is none.
    """
    lobby = locked(lobby_id)
    if lobby.paused_at is None:
        lobby.paused_at = now
        lobby.save(update_fields=["paused_at"])
        wake(CHANNEL, lobby.slug)


@transaction.atomic
def resume_lobby(*, lobby_id: uuid.UUID, now: datetime) -> None:
    """Go on letting in; those inside get back the time that it stood still. Safe to repeat.

    :raises LobbyNotFound: if there is none.
    """
    lobby = locked(lobby_id)
    if lobby.paused_at is not None:
        run("resume", lobby_id=lobby.id, paused_at=lobby.paused_at, now=now)
        lobby.paused_at, lobby.let_in_at = None, now
        lobby.save(update_fields=["paused_at", "let_in_at"])
        wake(CHANNEL, lobby.slug)


@transaction.atomic
def close_lobby(*, lobby_id: uuid.UUID, now: datetime) -> None:
    """Close a lobby: nobody joins or is let in any more. Safe to repeat.

    A lobby that closes before its draw reveals its seed with an empty root: nothing was drawn.

    :raises LobbyNotFound: if there is none.
    """
    lobby = locked(lobby_id)
    if lobby.state == LobbyState.CLOSED:
        return
    if lobby.seed is None:
        lobby.seed = open_seed(bytes(lobby.sealed_seed), lobby.id.bytes)
        lobby.revealed_at = now
    lobby.state = LobbyState.CLOSED.value
    lobby.save(update_fields=["state", "seed", "revealed_at"])
    wake(CHANNEL, lobby.slug)
