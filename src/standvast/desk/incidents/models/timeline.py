"""What stands beside an incident: entries, severity, mitigations, undertakings, counts."""

from django.db import models
from django.db.models import F, Q

from standvast.desk.incidents.models.incident import NOTE_MAX, SLUG_MAX, Incident, choices
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Reason, Severity
from standvast.kit.ids import uuid7
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


class Entry(models.Model):
    """One line of the timeline. Inserted only: a trigger refuses update and delete."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=24, choices=choices(EntryKind))
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    source = impersonal(models.CharField(max_length=40, default="desk"), "desk, rule, probe, sweep")
    texts = personal(models.JSONField(), Kind.FREE_TEXT, Scrub.EMPTY)
    pinned = models.BooleanField(default=False)
    public = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["incident", "at"], name="incidents_entries_in_order")]
        constraints = [
            models.CheckConstraint(
                name="incidents_entry_ends_after_begin",
                condition=Q(until__isnull=True) | Q(until__gte=F("at")),
            ),
            models.CheckConstraint(
                name="incidents_entry_not_ahead", condition=Q(at__lte=F("recorded_at"))
            ),
        ]


class SeverityChange(models.Model):
    """The effective severity went from one to another, and why. Inserted only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="severity_changes")
    at = models.DateTimeField()
    before = models.CharField(max_length=8, choices=choices(Severity), blank=True, default="")
    after = models.CharField(max_length=8, choices=choices(Severity))
    rule_answer = models.CharField(max_length=8, choices=choices(Severity))
    reason = models.CharField(max_length=12, choices=choices(Reason))
    callers_count = models.PositiveIntegerField()
    person_id = models.UUIDField(null=True)
    text = personal(
        models.CharField(max_length=400, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )

    class Meta:
        indexes = [models.Index(fields=["incident", "at"], name="incidents_severity_in_order")]


class Mitigation(models.Model):
    """What makes it bearable meanwhile, for how many of those affected."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="mitigations")
    kind = models.CharField(max_length=12, choices=choices(("workaround", "closure", "reroute")))
    text = personal(models.CharField(max_length=NOTE_MAX), Kind.FREE_TEXT, Scrub.EMPTY)
    covered_count = models.PositiveIntegerField(null=True)
    affected_count = models.PositiveIntegerField(null=True)
    rest_is_listed = models.BooleanField(default=False)
    """Those affected who did not call stand on the callback list."""
    owner = personal(
        models.CharField(max_length=80, blank=True, default=""), Kind.NAME, Scrub.EMPTY
    )
    ends_on = impersonal(models.DateField(null=True), "a planned date")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    closure_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incidents_mitigation_covers_no_more",
                condition=Q(covered_count__isnull=True)
                | Q(affected_count__isnull=True)
                | Q(covered_count__lte=F("affected_count")),
            ),
        ]


class Milestone(models.Model):
    """A step on the way back, and who behind us confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="milestones")
    step = impersonal(models.CharField(max_length=120), "name of a step")
    needs_far_side = models.BooleanField(default=False)
    at = models.DateTimeField(null=True)
    confirmed_by = impersonal(
        models.CharField(max_length=120, blank=True, default=""), "an organisation"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "step"], name="incidents_milestone_once"),
        ]


class Undertaking(models.Model):
    """A next update that was said aloud, with its due time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="undertakings")
    to = impersonal(models.CharField(max_length=120), "a group or an organisation")
    due_at = models.DateTimeField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)
    by_rhythm = models.BooleanField(default=False)
    """Made by the severity's rhythm; one said by a person replaces it."""
    warned_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    how = personal(
        models.CharField(max_length=400, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(settled_at__isnull=True),
                name="incidents_undertakings_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="incidents_undertaking_ahead", condition=Q(due_at__gt=F("said_at"))
            ),
        ]


class Recovery(models.Model):
    """The catching-up of one lane, counted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="recoveries")
    lane = impersonal(models.CharField(max_length=SLUG_MAX), "name of a lane")
    counted_at = models.DateTimeField()
    expected = models.PositiveIntegerField()
    sent = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    refused_owned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "lane"], name="incidents_recovery_once"),
            models.CheckConstraint(
                name="incidents_recovery_adds_up",
                condition=Q(sent__lte=F("expected"))
                & Q(sent__gte=F("confirmed") + F("refused"))
                & Q(refused_owned__lte=F("refused")),
            ),
        ]
