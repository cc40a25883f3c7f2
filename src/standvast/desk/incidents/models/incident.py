"""Incidents, their numbers, and what the probes saw of them."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from standvast.desk.incidents.rules.severity import CLASSES, Severity
from standvast.desk.incidents.rules.states import OPEN, State
from standvast.kit.ids import uuid7
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

SLUG_MAX = 80
VARIANT_MAX = 80
NOTE_MAX = 2_000
AUDIENCES = ("external", "internal")
FOUND_BY = ("probe", "call", "chain", "log", "colleague")


def choices(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return Django's pairs for a closed list."""
    return [(str(value), str(value)) for value in values]


class NumberYear(models.Model):
    """The last number given out in a year; its row is the lock."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Ways to ask for incidents. They belong to the desk, not to a practice."""

    def open(self) -> "IncidentQuerySet":
        """Only those that are still somebody's work."""
        return self.filter(state__in=[state.value for state in OPEN])

    def on_scope(self, component: str) -> "IncidentQuerySet":
        """Only those about this component."""
        return self.filter(component=component)


class Incident(models.Model):
    """Something that needs a person, about one component, whole or some of its variants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = impersonal(models.CharField(max_length=16, unique=True), "a running number")
    audience = models.CharField(max_length=8, choices=choices(AUDIENCES))
    component = impersonal(models.CharField(max_length=SLUG_MAX), "a slug of wiring")
    variants = impersonal(models.JSONField(default=list), "slugs; empty means the whole component")
    seen_variants = impersonal(models.JSONField(default=list), "ever called about or red")
    used_share = models.FloatField(null=True)
    users_count = models.PositiveIntegerField(null=True)
    component_class = models.CharField(max_length=1, choices=choices(CLASSES))
    function_class = models.CharField(max_length=1, choices=choices(CLASSES))
    state = models.CharField(max_length=16, choices=choices(State), default=State.REPORTED.value)

    rule_severity = models.CharField(max_length=8, choices=choices(Severity))
    override_severity = models.CharField(
        max_length=8, choices=choices(Severity), blank=True, default=""
    )
    override_rule = models.CharField(
        max_length=8, choices=choices(Severity), blank=True, default=""
    )
    override_by = models.UUIDField(null=True)
    override_reason = personal(
        models.CharField(max_length=400, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )
    callers_count = models.PositiveIntegerField(default=0)
    log_over_since = models.DateTimeField(null=True)
    whole_red = models.BooleanField(default=False)

    found_by = models.CharField(max_length=10, choices=choices(FOUND_BY))
    began_at = models.DateTimeField()
    found_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_until = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    mitigated_at = models.DateTimeField(null=True)
    cause_known_at = models.DateTimeField(null=True)
    restore_proposed_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    notice_id = models.UUIDField(null=True)

    team = impersonal(models.CharField(max_length=80, blank=True, default=""), "name of a team")
    trigger_text = personal(
        models.CharField(max_length=NOTE_MAX, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )
    cause_text = personal(
        models.CharField(max_length=NOTE_MAX, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )
    guard_text = personal(
        models.CharField(max_length=NOTE_MAX, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )
    """Which probe or gate should have caught it."""
    reproduction_path = personal(
        models.CharField(max_length=NOTE_MAX, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )
    no_report_reason = personal(
        models.CharField(max_length=400, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )
    walked = impersonal(models.JSONField(default=dict), "variant to instant, walked by hand")
    policy = impersonal(models.JSONField(default=dict), "the paging policy at declaration")
    is_exercise = models.BooleanField(default=False)
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="likenesses")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["component", "state"], name="incidents_by_scope"),
            models.Index(fields=["-declared_at"], name="incidents_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="incidents_stamps_forward",
                condition=Q(began_at__lte=F("found_at"))
                & Q(found_at__lte=F("declared_at"))
                & (Q(mitigated_at__isnull=True) | Q(mitigated_at__gte=F("declared_at")))
                & (Q(cause_known_at__isnull=True) | Q(cause_known_at__gte=F("declared_at")))
                & (Q(restored_at__isnull=True) | Q(restored_at__gte=F("declared_at")))
                & (Q(solved_at__isnull=True) | Q(solved_at__gte=F("restored_at")))
                & (Q(closed_at__isnull=True) | Q(closed_at__gte=F("solved_at"))),
            ),
            models.CheckConstraint(
                name="incidents_solved_has_stamps",
                condition=~Q(state__in=["solved", "closed"])
                | Q(restored_at__isnull=False, solved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_override_is_whole",
                condition=Q(override_severity="", override_rule="", override_reason="")
                | (~Q(override_severity="") & ~Q(override_rule="") & ~Q(override_reason="")),
            ),
            models.CheckConstraint(
                name="incidents_merged_says_where",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Sighting(models.Model):
    """One finding of a probe, as it belongs to one incident."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="sightings")
    finding_id = models.UUIDField()
    target = impersonal(models.CharField(max_length=120), "a slug of wiring")
    variant = impersonal(models.CharField(max_length=VARIANT_MAX, blank=True), "a slug of wiring")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding_id"], name="incidents_finding_once"),
        ]
