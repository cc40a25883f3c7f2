"""Releases as stored, what was shown of them, and what others changed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import NAMES
from standvast.desk.releases.rules.road import Place
from standvast.desk.releases.rules.states import HotfixFor, Kind, State
from standvast.kit.ids import uuid7
from standvast.registry.personal.api import Kind as PersonalKind
from standvast.registry.personal.api import Scrub, impersonal, personal

DIGEST_CHARS = 64
NOTE_MAX = 1_000
ENVIRONMENTS = tuple(place.value for place in Place)


def digest_field() -> "models.CharField[str, str]":
    """Return a field for a SHA-256 in hexadecimal."""
    return impersonal(models.CharField(max_length=DIGEST_CHARS), "a digest of a build")


def digest_check(name: str) -> models.CheckConstraint:
    """Return the constraint that a digest is one."""
    return models.CheckConstraint(name=name, condition=Q(digest__regex=r"^[0-9a-f]{64}$"))


def one_of(*values: str) -> list[tuple[str, str]]:
    """Return choices whose titles are their values."""
    return [(value, value) for value in values]


class Release(models.Model):
    """One build on its way to people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = impersonal(models.CharField(max_length=40, unique=True), "a version number")
    kind = models.CharField(max_length=8, choices=one_of(*Kind))
    hotfix_for = models.CharField(max_length=8, choices=one_of(*HotfixFor), blank=True, default="")
    incident_numbers = impersonal(
        ArrayField(models.CharField(max_length=16), size=20, default=list), "numbers of incidents"
    )
    digest = digest_field()
    built_at = models.DateTimeField()
    built_by = models.UUIDField(null=True)
    planned_at = models.DateTimeField()
    people_notice = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True)
    is_infrastructure = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=one_of(*State), default=State.PLANNED)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-planned_at"], name="releases_by_plan")]
        constraints = [
            digest_check("releases_release_digest"),
            models.CheckConstraint(
                name="releases_hotfix_is_for_something",
                condition=Q(kind=Kind.HOTFIX) ^ Q(hotfix_for=""),
            ),
            models.CheckConstraint(
                name="releases_approver_did_not_build",
                condition=Q(approved_by__isnull=True)
                | Q(built_by__isnull=True)
                | ~Q(approved_by=F("built_by")),
            ),
        ]


class StoredEvidence(models.Model):
    """One thing that was shown of one digest. Inserted only: a trigger refuses the rest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gate = models.CharField(max_length=12, choices=one_of(*NAMES))
    digest = digest_field()
    environment = models.CharField(max_length=12, choices=one_of(*ENVIRONMENTS))
    result = models.CharField(max_length=12, choices=one_of(*Result))
    figures = impersonal(models.JSONField(default=dict), "figures of a check of the build")
    sentence = personal(
        models.CharField(max_length=NOTE_MAX, blank=True, default=""),
        PersonalKind.FREE_TEXT,
        Scrub.EMPTY,
    )
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["gate", "-at"], name="releases_evidence_newest")]
        constraints = [
            digest_check("releases_evidence_digest"),
            models.CheckConstraint(
                name="releases_evidence_not_ahead", condition=Q(at__lte=F("recorded_at"))
            ),
        ]


class BrokenGlass(models.Model):
    """Two people let a digest through against the rule. Inserted only, shown for good."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="broken")
    digest = digest_field()
    first_name = personal(models.CharField(max_length=80), PersonalKind.NAME, Scrub.EMPTY)
    second_name = personal(models.CharField(max_length=80), PersonalKind.NAME, Scrub.EMPTY)
    reason = personal(models.CharField(max_length=NOTE_MAX), PersonalKind.FREE_TEXT, Scrub.EMPTY)
    clauses = impersonal(models.JSONField(), "clauses of the rule and their figures")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            digest_check("releases_broken_digest"),
            models.CheckConstraint(
                name="releases_glass_takes_two", condition=~Q(first_name__iexact=F("second_name"))
            ),
        ]


class OutsideChange(models.Model):
    """A change somebody else makes to what we use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    whose = impersonal(models.CharField(max_length=80), "an organisation")
    what = personal(models.CharField(max_length=NOTE_MAX), PersonalKind.FREE_TEXT, Scrub.EMPTY)
    at = models.DateTimeField()
    source = impersonal(models.CharField(max_length=200), "where the change was announced")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="releases_outside_by_time")]


class Passage(models.Model):
    """One build in one place on its way to people: since when, and when it was finished there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="passages")
    environment = models.CharField(max_length=12, choices=one_of(*ENVIRONMENTS))
    digest = digest_field()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["release", "environment"], name="releases_road")]
        constraints = [
            digest_check("releases_passage_digest"),
            models.CheckConstraint(
                name="releases_passage_ends_after_it_began",
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
            ),
        ]


class Environment(models.Model):
    """Which digest stands where."""

    name = models.CharField(primary_key=True, max_length=12, choices=one_of(*ENVIRONMENTS))
    digest = digest_field()
    version = impersonal(models.CharField(max_length=40, blank=True, default=""), "a version")
    since = models.DateTimeField()

    class Meta:
        constraints = [digest_check("releases_environment_digest")]
