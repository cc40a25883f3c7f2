"""Tables: one row per delivery, one per lane. Order and leases are guarded here as well."""

from django.db import models
from django.db.models import Q

from standvast.core.delivery.rules import Breaker, State


class Delivery(models.Model):
    """One message on a lane. Numbered, so that the order per subject is the order of commits."""

    id = models.BigAutoField(primary_key=True)
    lane = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32)
    key_id = models.CharField(max_length=20)
    payload = models.BinaryField()
    urgency = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default=State.WAITING.value)
    is_open = models.BooleanField(default=True)
    """Whether it still holds what follows on its subject."""
    is_behind = models.BooleanField(default=False)
    """Known to stand behind another on its subject: left alone until that one ends."""
    is_purged = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    """Until when the peer asked us to wait. A peer that comes back is offered the rest at once."""
    attempts_count = models.PositiveIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    lease_courier = models.IntegerField(null=True)
    """The number its courier holds while it lives (see `presence`); null: only expiry counts."""
    created_at = models.DateTimeField()
    owed_at = models.DateTimeField()
    """From when its age counts: when it was handed in, or a person asked for it again."""
    settled_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=80, default="")
    receipt = models.CharField(max_length=300, default="")
    handed_to = models.CharField(max_length=120, default="")
    note = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lane", "key"], name="delivery_once_per_lane_key"),
            models.UniqueConstraint(
                fields=["lane", "subject"],
                condition=Q(state=State.LEASED.value),
                name="delivery_one_lease_per_subject",
            ),
            models.CheckConstraint(
                name="delivery_lease_is_whole",
                condition=Q(
                    state=State.LEASED.value,
                    is_behind=False,
                    lease_token__isnull=False,
                    lease_expires_at__isnull=False,
                )
                | (
                    ~Q(state=State.LEASED.value)
                    & Q(
                        lease_token__isnull=True,
                        lease_expires_at__isnull=True,
                        lease_courier__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="delivery_end_is_whole",
                condition=Q(
                    state__in=[State.WAITING.value, State.LEASED.value],
                    is_open=True,
                    settled_at__isnull=True,
                    is_purged=False,
                )
                | Q(state=State.ACCEPTED.value, is_open=False, settled_at__isnull=False)
                | Q(state=State.REFUSED.value, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_urgency_is_known", condition=Q(urgency__in=[0, 1, 2])
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "urgency", "due_at", "id"],
                condition=Q(state=State.WAITING.value, is_behind=False),
                name="delivery_ready",
            ),
            models.Index(
                fields=["lane", "subject", "id"],
                include=["created_at"],
                condition=Q(is_open=True),
                name="delivery_open",
            ),
            models.Index(
                fields=["lane", "subject"], condition=Q(is_behind=True), name="delivery_behind"
            ),
            models.Index(
                fields=["lane", "handed_to", "-settled_at"],
                condition=Q(state=State.REFUSED.value),
                name="delivery_refused",
            ),
            models.Index(
                fields=["lane", "settled_at"],
                condition=Q(settled_at__isnull=False, is_purged=False),
                name="delivery_to_purge",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.id} on {self.lane}"


class LaneFlow(models.Model):
    """How one lane flows now. Its row lock puts couriers of the lane in order."""

    lane = models.CharField(max_length=60, primary_key=True)
    is_paused = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.UUIDField(null=True)
    paused_why = models.CharField(max_length=300, default="")
    breaker = models.CharField(max_length=8, default=Breaker.CLOSED.value)
    faults_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    openings_count = models.PositiveIntegerField(default=0)
    width_count = models.PositiveIntegerField(default=1_000_000)
    tokens = models.FloatField(default=0.0)
    tokens_at = models.DateTimeField(null=True)
    awake_until = models.DateTimeField(null=True)
    """A courier will look again before this instant: no wake is needed."""
    depth_count = models.PositiveIntegerField(default=0)
    depth_at = models.DateTimeField(null=True)
    oldest_at = models.DateTimeField(null=True)
    held_count = models.PositiveIntegerField(default=0)
    """Subjects on which something stands behind something else."""
    depth_max = models.PositiveIntegerField()
    accepted_count = models.PositiveBigIntegerField(default=0)
    refused_count = models.PositiveBigIntegerField(default=0)
    later_count = models.PositiveBigIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, default="")
    reason_code = models.CharField(max_length=80, default="")
    minute_at = models.DateTimeField(null=True)
    minute_count = models.PositiveIntegerField(default=0)
    minute_before_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_open_breaker_has_its_instant",
                condition=Q(breaker=Breaker.CLOSED.value, opened_at__isnull=True)
                | (~Q(breaker=Breaker.CLOSED.value) & Q(opened_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"flow of {self.lane}"
