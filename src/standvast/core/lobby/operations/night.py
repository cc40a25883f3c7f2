"""What happens by itself: the draw, letting in, the end of passes. The leading watch sweeps.

Each is one transaction that first locks the lobby's row, so that joins, the draw and letting-in
happen one after another. Setting places set by set is in `sets`.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from standvast.core.lobby.loads import load_reported
from standvast.core.lobby.models import Lobby, ServeLoad, Witness
from standvast.core.lobby.operations.planning import close_lobby
from standvast.core.lobby.operations.rows import CHANNEL, locked, run
from standvast.core.lobby.rules import (
    BUCKET_S,
    DRAW_GRACE,
    Admission,
    Flow,
    Limits,
    Load,
    LobbyState,
    Observed,
    Shown,
    admit_count,
)
from standvast.core.lobby.seed import open_seed
from standvast.database.api import wake

FINISHED_OVER_S = 30
REPORT_KEPT = timedelta(hours=1)
WITNESS_EVERY = timedelta(seconds=30)


def _root(lobby: Lobby, before_at: datetime) -> tuple[int, str]:
    _, rows = run("root", lobby_id=lobby.id, before_at=before_at)
    count, root = rows[0]
    return int(count), str(root)


def draw_if_due(now: datetime) -> list[str]:
    """Draw every lobby whose instant has passed, and publish its seed; return their slugs.

    Waits one second past the instant for those who came in time and are still being written.
    """
    due = Lobby.objects.filter(state=LobbyState.GATHERING, starts_at__lte=now - DRAW_GRACE)
    return [slug for lobby_id, slug in due.values_list("id", "slug") if _draw(lobby_id, now)]


@transaction.atomic
def _draw(lobby_id: uuid.UUID, now: datetime) -> bool:
    lobby = locked(lobby_id)
    if lobby.state != LobbyState.GATHERING:
        return False
    seed = open_seed(bytes(lobby.sealed_seed), lobby.id.bytes)
    lobby.drawn_count, lobby.root = _root(lobby, lobby.starts_at)
    start = seed + bytes.fromhex(lobby.root)
    placed_count, _ = run("draw", lobby_id=lobby.id, starts_at=lobby.starts_at, start=start)
    lobby.next_position = placed_count + 1
    lobby.state = LobbyState.DRAWN.value
    lobby.seed = seed
    lobby.revealed_at = now
    lobby.rate_per_s = lobby.rate_start_per_s
    lobby.save()
    wake(CHANNEL, lobby.slug)
    return True


@transaction.atomic
def let_in(lobby_id: uuid.UUID, now: datetime, *, load: Load) -> Admission:
    """Let in as many as the rule allows since the last time; nobody before the draw.

    :raises LobbyNotFound: if there is none.
    """
    lobby = locked(lobby_id)
    if lobby.state != LobbyState.DRAWN or lobby.paused_at is not None:
        return Admission(0, lobby.rate_per_s, lobby.credit)
    elapsed_s = (now - (lobby.let_in_at or lobby.revealed_at or now)).total_seconds()
    admission = admit_count(
        load,
        _flow(lobby, now),
        Limits(
            rate_min_per_s=lobby.rate_min_per_s,
            rate_start_per_s=lobby.rate_start_per_s,
            rate_max_per_s=lobby.rate_max_per_s,
            in_flight_max=lobby.in_flight_max,
        ),
        rate_before=lobby.rate_per_s,
        credit=lobby.credit,
        elapsed_s=elapsed_s,
    )
    admitted = _admit(lobby, admission.count, now)
    observed = Observed(tuple(lobby.observed_counts), lobby.observed_number)
    if admitted or lobby.admitted_through + 1 < lobby.next_position:
        # A second in which nobody waited says nothing about how fast people are let in.
        observed = observed.with_(admitted, int(now.timestamp()) // BUCKET_S)
    lobby.observed_counts, lobby.observed_number = list(observed.counts), observed.number
    shown = Shown(tuple(lobby.shown_through), tuple(lobby.shown_from_s))
    # Not the sweep's instant, which may be long past: every serve must read this in time.
    written_s = max(now, _clock()).timestamp()
    shown = shown.with_(lobby.admitted_through, written_s)
    lobby.shown_through, lobby.shown_from_s = list(shown.through), list(shown.from_s)
    lobby.rate_per_s, lobby.credit, lobby.let_in_at = admission.rate_per_s, admission.credit, now
    lobby.save(
        update_fields=[
            "admitted_through",
            "shown_through",
            "shown_from_s",
            "observed_counts",
            "observed_number",
            "rate_per_s",
            "credit",
            "let_in_at",
        ]
    )
    if admitted:
        wake(CHANNEL, lobby.slug)
    return Admission(admitted, admission.rate_per_s, admission.credit)


def _clock() -> datetime:
    _, rows = run("clock")
    at: datetime = rows[0][0]
    return at


def _flow(lobby: Lobby, now: datetime) -> Flow:
    since = now - timedelta(seconds=FINISHED_OVER_S)
    _, rows = run("flow", lobby_id=lobby.id, since=since, now=now)
    in_flight_count, finished_count = rows[0]
    over_s = FINISHED_OVER_S
    if lobby.revealed_at is not None:
        over_s = max(1, min(over_s, int((now - lobby.revealed_at).total_seconds())))
    return Flow(in_flight_count=in_flight_count, finished_per_s=finished_count / over_s)


def _admit(lobby: Lobby, count: int, now: datetime) -> int:
    if count <= 0:
        return 0
    through = lobby.admitted_through
    _, rows = run("let_in", lobby_id=lobby.id, admitted_through=through, count=count, now=now)
    positions = [row[0] for row in rows]
    if positions:
        lobby.admitted_through = max(positions)
    elif lobby.next_position > 1:
        lobby.admitted_through = lobby.next_position - 1  # only left places stood there
    return len(positions)


@transaction.atomic
def expire_passes(now: datetime) -> int:
    """End the passes of those let in who did not begin in time; return how many."""
    live = Lobby.objects.filter(state=LobbyState.DRAWN).order_by("id")
    lobby_ids = list(live.values_list("id", flat=True))
    count, _ = run("expire", lobby_ids=lobby_ids, now=now)
    if count:
        wake(CHANNEL)
    return count


@transaction.atomic
def witness(lobby_id: uuid.UUID, now: datetime) -> None:
    """Say in public how long the list of tickets is and what its hash is, while it grows.

    Nothing can be added later to the part of the list that was witnessed: joins written after it
    count as later.
    """
    lobby = locked(lobby_id)
    if lobby.state != LobbyState.GATHERING or now >= lobby.starts_at:
        return
    count, root = _root(lobby, now + timedelta(microseconds=1))
    Witness.objects.create(lobby=lobby, at=now, tickets_count=count, root=root)
    lobby.witnessed_at = now
    lobby.save(update_fields=["witnessed_at"])


def sweep(now: datetime) -> None:
    """Do what is due in every lobby; the leading watch calls it each second."""
    draw_if_due(now)
    expire_passes(now)
    ServeLoad.objects.filter(at__lt=now - REPORT_KEPT).delete()
    for lobby in _live(now):
        if lobby.closes_at <= now:
            close_lobby(lobby_id=lobby.id, now=now)
        elif lobby.state == LobbyState.DRAWN:
            let_in(lobby.id, now, load=load_reported(lobby.slug, now))
        elif lobby.doors_at <= now and now - (lobby.witnessed_at or lobby.doors_at) > WITNESS_EVERY:
            witness(lobby.id, now)


def _live(now: datetime) -> Sequence[Lobby]:
    started = Lobby.objects.exclude(state=LobbyState.CLOSED).filter(doors_at__lte=now)
    return list(started.defer("sealed_seed", "seed").order_by("id"))
