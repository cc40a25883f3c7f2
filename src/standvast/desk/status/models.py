"""Closed functions and notices: for whom, from when to when, in which words."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from standvast.desk.status.rules import ORGANISATIONS_MAX, REASON_MAX, TEXT_MAX, NoticeKind
from standvast.kit.ids import uuid7
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

WRITTEN = "written by the desk for everybody to read"


def _text() -> "models.CharField[str, str]":
    field: models.CharField[str, str] = models.CharField(
        max_length=TEXT_MAX, default="", blank=True
    )
    return impersonal(field, WRITTEN)


class Told(models.Model):
    """What closures and notices share: an audience, a period, words, an incident."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    for_all = models.BooleanField()
    organisation_ids = impersonal(
        ArrayField(models.UUIDField(), default=list), "ids of organisations"
    )
    text_nl = _text()
    text_fr = _text()
    text_en = _text()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    incident_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta:
        abstract = True


def _shared(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"{name}_audience",
            condition=Q(for_all=True, organisation_ids__len=0)
            | Q(
                for_all=False,
                organisation_ids__len__gte=1,
                organisation_ids__len__lte=ORGANISATIONS_MAX,
            ),
        ),
        models.CheckConstraint(
            name=f"{name}_has_text",
            condition=~Q(text_nl="", text_fr="", text_en=""),
        ),
        models.CheckConstraint(
            name=f"{name}_period",
            condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
        ),
    ]


class Closure(Told):
    """A function closed by hand."""

    function = impersonal(models.CharField(max_length=80), "a slug of wiring")
    reason = personal(models.CharField(max_length=REASON_MAX), Kind.FREE_TEXT, Scrub.EMPTY)

    class Meta:
        db_table = "status_closure"
        constraints = _shared("status_closure")
        indexes = [
            models.Index(
                fields=["from_at"],
                condition=Q(ended_at__isnull=True),
                name="status_closure_open",
            ),
            models.Index(F("created_at").desc(), name="status_closure_latest"),
        ]


class Notice(Told):
    """Something people are told while they work."""

    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in NoticeKind])
    components = impersonal(
        ArrayField(models.CharField(max_length=80), default=list), "slugs of wiring"
    )
    approved_by = models.UUIDField(null=True)

    class Meta:
        db_table = "status_notice"
        constraints = [
            *_shared("status_notice"),
            models.CheckConstraint(
                name="status_notice_kind", condition=Q(kind__in=[k.value for k in NoticeKind])
            ),
            models.CheckConstraint(
                name="status_notice_components", condition=Q(components__len__lte=50)
            ),
        ]
        indexes = [
            models.Index(
                fields=["from_at"], condition=Q(ended_at__isnull=True), name="status_notice_open"
            ),
            models.Index(F("created_at").desc(), name="status_notice_latest"),
        ]


class PutAway(models.Model):
    """A person has read this known problem and put it away."""

    notice_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "status_putaway"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "notice_id"], name="status_putaway_once")
        ]
