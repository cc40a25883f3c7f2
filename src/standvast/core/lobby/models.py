"""Tables of the lobby. Places are written by the files in `sql/`, set by set."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from standvast.core.lobby.rules import PASS_S, STEPS_MAX, LobbyState, PlaceState
from standvast.kit.ids import uuid7

TICKET_IS_WHOLE = """
ticket = encode(decode(left(ticket, 32), 'hex'), 'hex') || '.'
      || encode(decode(right(ticket, 32), 'hex'), 'hex')
"""
"""Two halves of sixteen bytes in lower-case hex. A regular expression says the same and costs six
times as much, each time that a place changes: a fifth of what the database did for an order."""


class Lobby(models.Model):
    """One crowd and its draw. `seed` is empty until it is revealed by the draw."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=12, default=LobbyState.GATHERING)
    doors_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pass_s = models.PositiveIntegerField(default=PASS_S)

    seed_commitment = models.CharField(max_length=64)
    sealed_seed = models.BinaryField()
    seed = models.BinaryField(null=True)
    root = models.CharField(max_length=64, default="", blank=True)
    revealed_at = models.DateTimeField(null=True)
    drawn_count = models.PositiveIntegerField(default=0)

    witnessed_at = models.DateTimeField(null=True)
    joined_count = models.PositiveIntegerField(default=0)
    next_position = models.PositiveIntegerField(default=1)
    admitted_through = models.PositiveIntegerField(default=0)
    shown_through = ArrayField(models.PositiveIntegerField(), default=list, size=STEPS_MAX)
    shown_from_s = ArrayField(models.FloatField(), default=list, size=STEPS_MAX)

    rate_per_s = models.FloatField(default=0)
    rate_min_per_s = models.FloatField(default=1)
    rate_start_per_s = models.FloatField(default=25)
    rate_max_per_s = models.FloatField(default=500)
    in_flight_max = models.PositiveIntegerField(default=2_000)
    credit = models.FloatField(default=0)
    let_in_at = models.DateTimeField(null=True)
    observed_counts = ArrayField(models.PositiveIntegerField(), default=list, size=13)
    observed_number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lobby_state_known", condition=Q(state__in=[s.value for s in LobbyState])
            ),
            models.CheckConstraint(
                name="lobby_times_in_order",
                condition=Q(doors_at__lte=F("starts_at")) & Q(starts_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="lobby_seed_hidden_until_drawn",
                condition=Q(seed__isnull=True, revealed_at__isnull=True, root="")
                | Q(seed__isnull=False, revealed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lobby_admits_only_given_positions",
                condition=Q(admitted_through__lt=F("next_position")),
            ),
        ]


class Place(models.Model):
    """One organisation's place in one lobby. `id` is the order in which places were written."""

    id = models.BigAutoField(primary_key=True)
    lobby_id: uuid.UUID
    lobby = models.ForeignKey(Lobby, models.CASCADE, db_index=False)
    organisation_id = models.UUIDField()
    ticket = models.CharField(max_length=65)
    joined_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=PlaceState.WAITING)
    position = models.PositiveIntegerField(null=True)
    drawn_position = models.PositiveIntegerField(null=True)
    admitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.BigIntegerField()
    """Transaction that wrote the row last: lets each serve read only what changed."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lobby", "organisation_id"], name="lobby_one_place_per_organisation"
            ),
            models.CheckConstraint(
                name="lobby_place_state_known",
                condition=Q(state__in=[s.value for s in PlaceState]),
            ),
            models.CheckConstraint(
                name="lobby_place_ticket_is_whole",
                condition=RawSQL(TICKET_IS_WHOLE, [], models.BooleanField()),  # noqa: S611 - no input in it
            ),
            models.CheckConstraint(
                name="lobby_place_admitted_has_when",
                condition=~Q(state__in=["admitted", "used", "expired"])
                | Q(admitted_at__isnull=False, position__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["lobby", "version", "id"], name="lobby_place_changed"),
            models.Index(
                fields=["lobby", "position"],
                condition=Q(state="waiting"),
                name="lobby_place_waiting",
            ),
            models.Index(
                fields=["lobby", "admitted_at"],
                condition=Q(state="admitted"),
                name="lobby_place_inside",
            ),
            models.Index(
                fields=["lobby", "finished_at"],
                condition=Q(finished_at__isnull=False),
                name="lobby_place_finished",
            ),
        ]


class Witness(models.Model):
    """What was said in public about the list of tickets while it was still growing."""

    id = models.BigAutoField(primary_key=True)
    lobby = models.ForeignKey(Lobby, models.CASCADE, db_index=False)
    at = models.DateTimeField()
    tickets_count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lobby", "at"], name="lobby_witness_once_per_instant")
        ]


class ServeLoad(models.Model):
    """What one serve process measured in its last seconds; a row per process, overwritten."""

    serve = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
    page_p95_s = models.FloatField()
    pages_count = models.PositiveIntegerField()

    class Meta:
        db_table = "lobby_load"
