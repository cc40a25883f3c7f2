"""Reports as stored, the actions that follow, and the drills that prove them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from standvast.desk.reports.rules.report import AuthorRole, Form, Grade
from standvast.kit.ids import uuid7
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

LANGUAGES = [(code, code) for code in ("nl", "fr", "en")]
ACTION_KINDS = ("mitigate", "prevent", "process", "detect")
PROOF_KINDS = ("drill", "test")
RUN_VERDICTS = ("passed", "failed", "not_run")


class StoredReport(models.Model):
    """One report: the facts it was made from, frozen, and its blocks, rewritten until approved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident_ids = ArrayField(models.UUIDField(), size=50)
    author_role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in AuthorRole])
    on_day = impersonal(models.DateField(), "the day on the report")
    grade = models.CharField(max_length=12, choices=[(g.value, g.value) for g in Grade])
    language = models.CharField(max_length=2, choices=LANGUAGES)
    form = models.CharField(max_length=8, choices=[(f.value, f.value) for f in Form])
    title = impersonal(models.CharField(max_length=200), "dates and the word report")
    blocks = personal(models.JSONField(), Kind.FREE_TEXT, Scrub.EMPTY)
    facts = personal(models.JSONField(), Kind.FREE_TEXT, Scrub.EMPTY)
    facts_sha256 = impersonal(models.CharField(max_length=64), "a fingerprint")
    faults_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)

    class Meta:
        db_table = "reports_report"
        indexes = [
            GinIndex(fields=["incident_ids"], name="reports_by_incident"),
            models.Index(fields=["-created_at"], name="reports_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="reports_is_about_something", condition=Q(incident_ids__len__gte=1)
            ),
            models.CheckConstraint(
                name="reports_approved_without_fault",
                condition=Q(approved_at__isnull=True) | Q(faults_count=0),
            ),
        ]


class Action(models.Model):
    """What follows an incident, with owner, due date and proof; or why nothing does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=8, choices=[(k, k) for k in ACTION_KINDS])
    text = personal(models.CharField(max_length=1_000), Kind.FREE_TEXT, Scrub.EMPTY)
    owner = impersonal(models.CharField(max_length=80, blank=True, default=""), "a role")
    due_on = impersonal(models.DateField(null=True), "a planned date")
    proof_kind = models.CharField(
        max_length=5, choices=[(k, k) for k in PROOF_KINDS], blank=True, default=""
    )
    proof = impersonal(
        models.CharField(max_length=200, blank=True, default=""), "name of a drill or test"
    )
    is_long_term = models.BooleanField(default=False)
    is_none = models.BooleanField(default=False)
    """No action; the text says why."""
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    """When the change that it asks for was made; proof must be younger."""
    closed_at = models.DateTimeField(null=True)
    closed_by_run = models.ForeignKey("DrillRun", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reports_action_is_whole",
                condition=Q(is_none=True)
                | (~Q(owner="") & Q(due_on__isnull=False) & ~Q(proof_kind="") & ~Q(proof="")),
            ),
            models.CheckConstraint(
                name="reports_action_closed_by_proof",
                condition=Q(closed_at__isnull=True, closed_by_run__isnull=True)
                | Q(closed_at__isnull=False, closed_by_run__isnull=False),
            ),
        ]


class DrillRun(models.Model):
    """One run of a drill or test with its red twin."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = impersonal(models.CharField(max_length=200), "name of a drill or test")
    scale = impersonal(models.CharField(max_length=40), "a number of people, or full")
    verdict = models.CharField(max_length=8, choices=[(v, v) for v in RUN_VERDICTS])
    twin_verdict = models.CharField(max_length=8, choices=[(v, v) for v in RUN_VERDICTS])
    lines = impersonal(models.JSONField(default=list), "figures")
    journal = impersonal(models.JSONField(default=dict), "what the experiment did")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "reports_drillrun"
        indexes = [models.Index(F("name"), F("at").desc(), name="reports_runs_by_name")]
        constraints = [
            models.CheckConstraint(
                name="reports_run_not_ahead", condition=Q(at__lte=F("recorded_at"))
            )
        ]
