"""Versions of the rules, what their shadow showed, what single people hold beside a role."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from standvast.kit.ids import uuid7
from standvast.registry.access.ruling.question import ABOVE, Holding, Layer, Purpose
from standvast.registry.access.ruling.rules import SHADOWED, TEXT_MAX, WHY_MAX, State
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

NAME_MAX = 80
RUNNING_MAX = 200_000
"""Characters of what is declared."""


def one_of(*values: str) -> list[tuple[str, str]]:
    """Return choices whose titles are their values."""
    return [(value, value) for value in values]


def right_field() -> "models.CharField[str, str]":
    """Return a field for the name of a right or a grant."""
    return impersonal(models.CharField(max_length=NAME_MAX), "the name of a right")


def person_field() -> "models.ForeignKey[Person | None, Person | None]":
    """Return a field for who did it."""
    return models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


def why_field() -> "models.CharField[str, str]":
    """Return a field for why it was done."""
    return personal(
        models.CharField(max_length=WHY_MAX, blank=True, default=""), Kind.FREE_TEXT, Scrub.EMPTY
    )


class Ruleset(models.Model):
    """One version of what is laid on top of the declared rules. Its text never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    text = impersonal(
        models.CharField(max_length=TEXT_MAX, blank=True),
        "rules; a person stands in them by id at most",
    )
    why = why_field()
    state = models.CharField(max_length=10, choices=one_of(*State), default=State.PROPOSED)
    is_shadowed = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    proposed_by = person_field()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = person_field()
    approved_digest = impersonal(
        models.CharField(max_length=64, blank=True, default=""), "a digest of rules"
    )
    enforced_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=State.ENFORCED), name="access_one_enforced"
            ),
            models.UniqueConstraint(
                fields=["is_shadowed"], condition=Q(is_shadowed=True), name="access_one_shadowed"
            ),
            models.CheckConstraint(
                name="access_shadowed_in_its_states",
                condition=Q(is_shadowed=True, state__in=sorted(SHADOWED))
                | (Q(is_shadowed=False) & ~Q(state__in=sorted(SHADOWED))),
            ),
            models.CheckConstraint(
                name="access_approved_by_a_second",
                condition=Q(approved_by=None)
                | Q(proposed_by=None)
                | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="access_enforced_was_approved",
                condition=Q(enforced_at=None) | Q(approved_at__isnull=False),
            ),
        ]


class ShadowReport(models.Model):
    """One replay of a version over everybody at work, with what real decisions added since."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ruleset = models.OneToOneField(Ruleset, on_delete=models.CASCADE, related_name="report")
    digest = impersonal(models.CharField(max_length=64), "a digest of rules")
    live_digest = impersonal(
        models.CharField(max_length=64, blank=True, default="", db_default=""),
        "a digest of the rules it was compared with",
    )
    at = models.DateTimeField()
    people_count = models.PositiveIntegerField(default=0)
    decisions_min = models.PositiveIntegerField(default=1)
    by_layer = impersonal(models.JSONField(default=dict), "decisions judged at each layer")
    is_whole = models.BooleanField(default=True, db_default=True)
    """Whether everybody whom the replay found is in it."""
    not_judged_count = models.PositiveIntegerField(default=0)
    faults_count = models.PositiveIntegerField(default=0)


class ShadowDifference(models.Model):
    """Somebody who would lose or gain a right: one row per person and layer, with a count."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(ShadowReport, on_delete=models.CASCADE, related_name="differences")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    right = right_field()
    layer = models.CharField(max_length=8, choices=one_of(*Layer))
    is_loss = models.BooleanField()
    replayed_count = models.PositiveIntegerField(default=0)
    seen_count = models.PositiveIntegerField(default=0)
    """How often it was really asked, while the shadow ran."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "person", "organisation", "right", "layer", "is_loss"],
                name="access_difference_once",
            )
        ]


class PersonalRule(models.Model):
    """What one person holds or lacks in one organisation beside the role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    holding = models.CharField(max_length=10, choices=one_of(*Holding))
    name = right_field()
    """A grant, or for an exception and a broken glass a right."""
    why = why_field()
    purpose = models.CharField(
        max_length=12, choices=one_of(*Purpose), blank=True, default="", db_default=""
    )
    """Of broken glass."""
    ruleset = models.ForeignKey(
        Ruleset, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """For an exception: the version that made it necessary."""
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    made_by = person_field()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = person_field()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = person_field()
    was_right = models.BooleanField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "person"], name="access_held_there"),
            models.Index(
                fields=["from_at"],
                condition=Q(holding__in=[Holding.EXCEPTION, Holding.GLASS]),
                name="access_above_the_rules",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "holding", "name"],
                condition=Q(ended_at=None) & ~Q(holding=Holding.GLASS),
                name="access_held_once",
            ),
            models.CheckConstraint(
                name="access_above_has_an_end",
                condition=~Q(holding__in=list(ABOVE)) | Q(until_at__gt=F("from_at")),
            ),
            models.CheckConstraint(
                name="access_above_has_a_reason",
                condition=~Q(holding__in=list(ABOVE)) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="access_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("person")),
            ),
        ]


class Running(models.Model):
    """What the build that people are served by declares: one row, kept by the processes that do.

    A release is compared with it, since what a build declares is felt as soon as it runs.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    text = impersonal(models.TextField(max_length=RUNNING_MAX), "declared rules; nobody in them")
    names = impersonal(
        ArrayField(models.CharField(max_length=NAME_MAX)), "the names of declared rights"
    )
    digest = impersonal(models.CharField(max_length=64), "a digest of declared rules")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="access_one_running", condition=Q(id=1))]


class AccessRequest(models.Model):
    """Somebody asks for a right that a page refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    right = right_field()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = person_field()
    is_granted = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "right"],
                condition=Q(answered_at=None),
                name="access_asked_once",
            )
        ]
