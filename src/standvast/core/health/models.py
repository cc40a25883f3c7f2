"""What was seen, where each probe stands, what is red, and who is alive."""

from django.db import models
from django.db.models import F, Q

from standvast.kit.ids import uuid7

VERDICTS = ("green", "red", "unknown")
NAME_MAX = 80
SLUG_MAX = 120
SENTENCE_MAX = 400


class Observation(models.Model):
    """One look of one probe. Append-only; 35 days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    probe = models.CharField(max_length=NAME_MAX)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8)
    duration_ms = models.PositiveIntegerField()
    value = models.FloatField(null=True)
    code = models.CharField(max_length=NAME_MAX, default="", db_default="")

    class Meta:
        db_table = "health_observation"
        indexes = [
            models.Index("probe", F("at").desc(), name="health_observation_by_probe"),
            models.Index(fields=["at"], name="health_observation_by_at"),
        ]
        constraints = [
            models.CheckConstraint(
                name="health_observation_verdict", condition=Q(verdict__in=VERDICTS)
            )
        ]


class Hour(models.Model):
    """The looks of one probe in one hour, counted. 25 months."""

    probe = models.CharField(max_length=NAME_MAX)
    hour = models.DateTimeField()
    green_count = models.PositiveIntegerField(default=0)
    red_count = models.PositiveIntegerField(default=0)
    unknown_count = models.PositiveIntegerField(default=0)
    duration_ms_sum = models.BigIntegerField(default=0)
    duration_ms_max = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "health_hour"
        constraints = [
            models.UniqueConstraint(fields=["probe", "hour"], name="health_hour_once"),
        ]
        indexes = [models.Index(fields=["hour"], name="health_hour_by_hour")]


class Standing(models.Model):
    """Where a probe stands; survives the leader that counted."""

    probe = models.CharField(primary_key=True, max_length=NAME_MAX)
    target = models.CharField(max_length=SLUG_MAX)
    variant = models.CharField(max_length=NAME_MAX, default="")
    verdict = models.CharField(max_length=8)
    row_verdict = models.CharField(max_length=8)
    row_count = models.PositiveIntegerField()
    row_began_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    observed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    value = models.FloatField(null=True)
    code = models.CharField(max_length=NAME_MAX, default="")
    template = models.CharField(max_length=SENTENCE_MAX, default="")
    values = models.JSONField(default=dict)

    class Meta:
        db_table = "health_standing"
        constraints = [
            models.CheckConstraint(
                name="health_standing_verdict",
                condition=Q(verdict__in=VERDICTS, row_verdict__in=VERDICTS),
            )
        ]


class Finding(models.Model):
    """Something is red, or is not looked at, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16)
    target = models.CharField(max_length=SLUG_MAX)
    variant = models.CharField(max_length=NAME_MAX, default="", db_default="")
    probe = models.CharField(max_length=NAME_MAX, default="", db_default="")
    code = models.CharField(max_length=NAME_MAX, default="", db_default="")
    template = models.CharField(max_length=SENTENCE_MAX, default="", db_default="")
    values = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    below = models.CharField(max_length=SLUG_MAX, default="", db_default="")
    heard_open = models.BooleanField(default=False, db_default=False)
    heard_end = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "health_finding"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target", "variant", "probe"],
                condition=Q(ended_at__isnull=True),
                name="health_finding_open_once",
            ),
            models.CheckConstraint(
                name="health_finding_in_order",
                condition=Q(began_at__lte=F("opened_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at"))),
            ),
            models.CheckConstraint(
                name="health_finding_kind",
                condition=Q(kind__in=("down", "no_probe", "silent")),
            ),
        ]
        indexes = [
            models.Index(fields=["ended_at"], name="health_finding_by_end"),
            models.Index("target", F("opened_at").desc(), name="health_finding_by_target"),
            models.Index(
                fields=["opened_at"],
                condition=Q(heard_open=False) | Q(heard_end=False, ended_at__isnull=False),
                name="health_finding_unheard",
            ),
        ]


class Pulse(models.Model):
    """One running process, as it last said so."""

    instance = models.CharField(primary_key=True, max_length=NAME_MAX)
    kind = models.CharField(max_length=24)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        db_table = "health_pulse"
        indexes = [models.Index(fields=["kind", "at"], name="health_pulse_by_kind")]


class Heartbeat(models.Model):
    """The last time something that should happen said that it did."""

    name = models.CharField(primary_key=True, max_length=NAME_MAX)
    at = models.DateTimeField()

    class Meta:
        db_table = "health_heartbeat"
