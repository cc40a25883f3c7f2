"""Demo rows: a flu season about to open, its days, and last season's figures for every practice."""

import random
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from standvast.care.campaigns.models import Customer, Day, KindRule, Product, Season
from standvast.care.campaigns.rules import (
    HOLD_S_DEFAULT,
    PROGRAMME_TITLES,
    Programme,
    SeasonState,
)
from standvast.care.campaigns.workdays import working_days
from standvast.registry.organisations.api import Kind, Organisation

PRACTICES_OF_THE_COUNTRY = 5_020
DOSES_PER_DAY = 75_000
ADDRESSES_PER_DAY = 125
"""For the whole country over 40 days; an assumption, see docs/reference/campaigns.md."""
DOSES_PER_DAY_MIN = 2_000
ADDRESSES_PER_DAY_MIN = 2
CUSTOMER_KINDS = {Kind.PRACTICE: 5_000, Kind.CARE: 2_000}


@transaction.atomic
def seed_season(
    *,
    opens_at: datetime,
    programme: Programme = Programme.FLU,
    doors_before: timedelta = timedelta(hours=1),
    open_for: timedelta = timedelta(days=30),
    days: int = 40,
    first_on: date | None = None,
    doses_per_day: int | None = None,
    addresses_per_day: int | None = None,
    hold_s: int = HOLD_S_DEFAULT,
    ceiling_percent: int | None = 115,
    lobby: str = "",
    region: str = "nl",
    seed: int = 2026,
) -> Season:
    """Make a season that opens at `opens_at`, with every practice and care organisation invited.

    Capacities follow the number of practices unless given. The same `seed` gives the same figures.
    """
    practices_count = Organisation.objects.filter(kind=Kind.PRACTICE.value).count()
    share = practices_count / PRACTICES_OF_THE_COUNTRY
    doses_max = doses_per_day or max(DOSES_PER_DAY_MIN, round(DOSES_PER_DAY * share, -1))
    addresses_max = addresses_per_day or max(
        ADDRESSES_PER_DAY_MIN, -(-practices_count * ADDRESSES_PER_DAY // PRACTICES_OF_THE_COUNTRY)
    )
    product, _ = Product.objects.get_or_create(
        name=f"{PROGRAMME_TITLES[programme]} {opens_at.year}",
        defaults={"programme": programme.value},
    )
    season = Season.objects.create(
        slug=f"{programme.value}-{opens_at.year}",
        programme=programme.value,
        year=opens_at.year,
        product=product,
        region=region,
        state=SeasonState.OPEN.value,
        doors_at=opens_at - doors_before,
        opens_at=opens_at,
        closes_at=opens_at + open_for,
        hold_s=hold_s,
        ceiling_percent=ceiling_percent,
        lobby=lobby,
    )
    KindRule.objects.bulk_create(
        KindRule(season=season, kind=kind.value, doses_max=doses_max_of_kind)
        for kind, doses_max_of_kind in CUSTOMER_KINDS.items()
    )
    first = first_on or (opens_at + timedelta(days=120)).date()
    Day.objects.bulk_create(
        Day(season=season, on=on, doses_max=doses_max, addresses_max=addresses_max)
        for on in working_days(first, count=days, region=region)
    )
    _invite_everybody(season, random.Random(seed))
    return season


def _invite_everybody(season: Season, figures: random.Random) -> None:
    """COPY one customer per organisation: 200 to 1,200 doses last season, most of them used."""
    table = Customer._meta.db_table
    columns = "season_id, organisation_id, kind, address_key, ordered_last, administered_last"
    organisations = Organisation.objects.filter(
        kind__in=[kind.value for kind in CUSTOMER_KINDS], is_active=True
    ).order_by("id")
    rows = list(organisations.values_list("id", "kind", "address_key"))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for organisation_id, kind, address_key in rows:
            ordered = int(min(1_200, max(200, round(figures.gauss(620, 180), -1))))
            used = round(ordered * figures.uniform(0.86, 1.0))
            where = address_key or str(organisation_id)
            copy.write_row((season.id, organisation_id, kind, where, ordered, used))
