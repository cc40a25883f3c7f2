"""Tables of the order desk. What must never be is forbidden here, whatever the code does."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from standvast.care.campaigns import rules
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation


def _one_of(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [value.value for value in values]}), name=name
    )


class Product(models.Model):
    """A vaccine as it is delivered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.CharField(max_length=16)
    name = models.CharField(max_length=80, unique=True)
    doses_per_pack = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [_one_of("programme", rules.Programme, "campaigns_product_programme")]


class Season(models.Model):
    """One programme in one year: when it opens, on what terms it sells."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=40, unique=True)
    programme = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, db_index=False)
    region = models.CharField(max_length=2, default="nl")
    state = models.CharField(max_length=8, default=rules.SeasonState.PLANNED.value)
    doors_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    """When the sweep last looked: a longer silence than usual is given back to every hold."""
    step = models.PositiveSmallIntegerField(default=rules.STEP_DEFAULT)
    hold_s = models.PositiveSmallIntegerField(default=rules.HOLD_S_DEFAULT)
    change_working_days_min = models.PositiveSmallIntegerField(
        default=rules.CHANGE_WORKING_DAYS_MIN
    )
    ceiling_percent = models.PositiveSmallIntegerField(null=True)
    lobby = models.CharField(max_length=40, blank=True, default="")
    """Slug of the lobby where people wait; empty when nobody needs a pass."""

    class Meta:
        constraints = [
            _one_of("programme", rules.Programme, "campaigns_season_programme"),
            _one_of("state", rules.SeasonState, "campaigns_season_state"),
            models.CheckConstraint(
                condition=Q(doors_at__lte=F("opens_at"), opens_at__lt=F("closes_at")),
                name="campaigns_season_instants_in_order",
            ),
            models.CheckConstraint(
                condition=Q(hold_s__gte=rules.HOLD_S_MIN, hold_s__lte=rules.HOLD_S_MAX),
                name="campaigns_season_hold_bounds",
            ),
            models.CheckConstraint(
                condition=Q(step__gte=1, step__lte=1_000), name="campaigns_season_step_bounds"
            ),
            models.CheckConstraint(
                condition=Q(change_working_days_min__lte=60),
                name="campaigns_season_change_bounds",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_percent__isnull=True)
                | Q(ceiling_percent__gte=1, ceiling_percent__lte=1_000),
                name="campaigns_season_ceiling_bounds",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_at__isnull=False)
                | (~Q(state="paused") & Q(paused_at__isnull=True)),
                name="campaigns_season_pause_is_whole",
            ),
            models.UniqueConstraint(
                fields=["programme", "year", "region"], name="campaigns_season_once"
            ),
        ]


class KindRule(models.Model):
    """What one kind of customer may do in one season."""

    pk = models.CompositePrimaryKey("season_id", "kind")
    season = models.ForeignKey(Season, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=24)
    doses_max = models.PositiveIntegerField(default=5_000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(doses_max__gte=1, doses_max__lte=rules.DOSES_MAX),
                name="campaigns_kindrule_doses_bounds",
            )
        ]


class Customer(models.Model):
    """One organisation in one season, with last season's figures."""

    pk = models.CompositePrimaryKey("season_id", "organisation_id")
    season = models.ForeignKey(Season, on_delete=models.CASCADE, db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    address_key = models.CharField(max_length=160)
    ordered_last = models.PositiveIntegerField(null=True)
    administered_last = models.PositiveIntegerField(null=True)


class Day(models.Model):
    """A delivery day and the two counts that are its truth."""

    id = models.BigAutoField(primary_key=True)
    season = models.ForeignKey(Season, on_delete=models.CASCADE, db_index=False)
    on = models.DateField()
    doses_max = models.PositiveIntegerField()
    doses_taken = models.PositiveIntegerField(default=0)
    addresses_max = models.PositiveIntegerField()
    addresses_taken = models.PositiveIntegerField(default=0)
    is_closed = models.BooleanField(default=False)
    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "on"], name="campaigns_day_once"),
            models.CheckConstraint(
                condition=Q(doses_taken__gte=0, doses_taken__lte=F("doses_max")),
                name="campaigns_day_doses_not_oversold",
            ),
            models.CheckConstraint(
                condition=Q(addresses_taken__gte=0, addresses_taken__lte=F("addresses_max")),
                name="campaigns_day_addresses_not_oversold",
            ),
        ]


class Stop(models.Model):
    """An address on a day: it takes one place, however many orders go there."""

    pk = models.CompositePrimaryKey("day_id", "address_key")
    day = models.ForeignKey(Day, on_delete=models.CASCADE, db_index=False)
    address_key = models.CharField(max_length=160)
    orders_count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(orders_count__gte=1), name="campaigns_stop_is_somebodys"
            )
        ]


class OrderQuerySet(models.QuerySet["Order"]):
    """Every look at orders says whose."""

    def of_organisation(self, organisation_id: uuid.UUID) -> "OrderQuerySet":
        return self.filter(organisation_id=organisation_id)

    def open(self) -> "OrderQuerySet":
        return self.filter(state__in=rules.OPEN_STATES)


class Order(models.Model):
    """A place held for an organisation and what became of it: one row, one unit, all its life.

    The row holds the latest version; `OrderVersion` keeps those it replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    season = models.ForeignKey(
        Season, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    """Implied by the day; repeated here for the rule of one open order per season."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    person_id = models.UUIDField(null=True)
    helping_from = models.UUIDField(null=True)
    day = models.ForeignKey(Day, on_delete=models.PROTECT)
    address_key = models.CharField(max_length=160)
    doses = models.PositiveIntegerField()
    state = models.CharField(max_length=9)
    hold_taken_at = models.DateTimeField()
    held_until = models.DateTimeField()
    given_back_ms = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    key_hold = models.CharField(max_length=rules.KEY_LENGTH_MAX)
    key_confirm = models.CharField(max_length=rules.KEY_LENGTH_MAX, blank=True, default="")
    language = models.CharField(max_length=2, default="nl")

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            _one_of("state", rules.OrderState, "campaigns_order_state"),
            models.CheckConstraint(condition=Q(doses__gte=1), name="campaigns_order_doses"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="campaigns_order_confirmed_is_dated",
            ),
            models.UniqueConstraint(
                fields=["season", "organisation"],
                condition=Q(state__in=rules.OPEN_STATES),
                name="campaigns_order_one_open_per_season",
            ),
            models.UniqueConstraint(
                fields=["organisation", "key_hold"], name="campaigns_order_once_per_key"
            ),
        ]
        indexes = [
            models.Index(
                fields=["held_until"], condition=Q(state="held"), name="campaigns_order_holds"
            )
        ]


class OrderVersion(models.Model):
    """What an order was before a change, so that the old one stays readable."""

    pk = models.CompositePrimaryKey("order_id", "version")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False)
    version = models.PositiveIntegerField()
    delivery_on = models.DateField()
    doses = models.PositiveIntegerField()
    state = models.CharField(max_length=9)
    person_id = models.UUIDField(null=True)
    helping_from = models.UUIDField(null=True)
    replaced_at = models.DateTimeField()
