"""Claims: a bundle per programme and quarter, its lines, what was sent and what was paid."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from standvast.care.insurance.models.care import Activity, programme
from standvast.care.insurance.models.tariffs import Tariff
from standvast.care.insurance.rules.claims import BundleState, LineState
from standvast.care.insurance.rules.entitlement import Held
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


def _quarter() -> "models.CharField[str, str]":
    return impersonal(models.CharField(max_length=6), "a quarter of a year")


def _organisation() -> "models.ForeignKey[Organisation, Organisation]":
    return models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")


class Bundle(models.Model):
    """What an organisation claims for one programme and one quarter."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = _organisation()
    programme = programme()
    quarter = _quarter()
    state = models.CharField(
        max_length=16,
        choices=[(state.value, state.value) for state in BundleState],
        default=BundleState.COLLECTING.value,
    )
    prepared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme", "quarter"], name="insurance_one_bundle"
            ),
            models.CheckConstraint(
                name="insurance_quarter_well_formed",
                condition=Q(quarter__regex=r"^[0-9]{4}-[1-4]$"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Submission(models.Model):
    """The lines of a bundle that went together: one message to the insurers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveIntegerField()
    lines_count = models.PositiveIntegerField()
    cents = models.BigIntegerField()
    person_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "version"], name="insurance_submitted_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


_SENT = ("submitted", "approved", "rejected", "corrected")
_ANSWERED = ("approved", "rejected", "corrected")


class Line(models.Model):
    """An amount for one patient: for the quarter as a whole, or for one activity.

    A later version takes an earlier one's place; one with `credits` takes its amount back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="lines")
    organisation = _organisation()
    patient_id = models.UUIDField()
    programme = programme()
    quarter = _quarter()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, related_name="+")
    """What it is for; none: the quarter as a whole."""
    version = models.PositiveIntegerField(default=1)
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    """What was approved of that line is taken back; again where the insurers refused it."""
    on = personal(models.DateField(), Kind.HEALTH, Scrub.ROW)
    """The day on which the patient must have been insured."""
    cents = models.BigIntegerField()
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, null=True, related_name="+")
    """Where the amount comes from. Of what went it is never changed."""
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in LineState]
    )
    held = models.CharField(
        max_length=16, blank=True, default="", choices=[(held.value, held.value) for held in Held]
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="lines"
    )
    answered_at = models.DateTimeField(null=True)
    approved_cents = models.BigIntegerField(null=True)
    rejected_cents = models.BigIntegerField(null=True)
    reason = impersonal(
        models.CharField(max_length=24, blank=True, default=""), "a key of rules.answers.REASONS"
    )
    is_groundless = models.BooleanField(default=False, db_default=False)
    """It went and stands, and there is no ground for it any more: see `sql/ground.sql`."""
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credits"],
                condition=~Q(state="corrected"),
                name="insurance_taken_back_once",
            ),
            models.UniqueConstraint(
                fields=[
                    "organisation",
                    "patient_id",
                    "programme",
                    "quarter",
                    "activity",
                    "version",
                ],
                name="insurance_claimed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="insurance_draft_says_why",
                condition=(Q(state="draft") & ~Q(held="")) | (~Q(state="draft") & Q(held="")),
            ),
            models.CheckConstraint(
                name="insurance_sent_is_in_a_message",
                condition=Q(state__in=_SENT, submission__isnull=False)
                | (~Q(state__in=_SENT) & Q(submission__isnull=True)),
            ),
            models.CheckConstraint(
                name="insurance_answer_adds_up",
                condition=Q(
                    state__in=_ANSWERED,
                    answered_at__isnull=False,
                    cents=F("approved_cents") + F("rejected_cents"),
                )
                | Q(
                    answered_at__isnull=True,
                    approved_cents__isnull=True,
                    rejected_cents__isnull=True,
                    reason="",
                )
                & ~Q(state__in=_ANSWERED),
            ),
            models.CheckConstraint(
                name="insurance_only_credit_is_negative",
                condition=Q(credits__isnull=True, cents__gte=0)
                | Q(credits__isnull=False, cents__lt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["bundle", "state"], name="insurance_lines_of_bundle"),
            models.Index(fields=["submission"], name="insurance_lines_of_message"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Payment(models.Model):
    """Money that came, as the insurers specified it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="payments")
    message_id = models.UUIDField(unique=True)
    """The message that told of it: told again it is the same payment."""
    reference = impersonal(models.CharField(max_length=40), "the insurers' own reference")
    paid_on = impersonal(models.DateField(), "the day on which a bundle was paid")
    cents = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.id)


class PaymentRow(models.Model):
    """What of a payment is for one line."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="rows")
    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="paid")
    cents = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.id)
