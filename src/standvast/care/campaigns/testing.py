"""Builders for tests and drills of others: a season, its days, its customers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from standvast.care.campaigns.models import Customer, Day, KindRule, Order, Season, Stop
from standvast.care.campaigns.rules import SeasonState
from standvast.care.campaigns.workdays import working_days
from standvast.registry.organisations.api import Kind, Organisation


def a_practice(name: str = "Praktijk De Linde", *, street: str = "Lindelaan") -> Organisation:
    return Organisation.objects.create(
        kind=Kind.PRACTICE.value,
        name=name,
        street=street,
        house_number="1",
        postcode="3511AB",
        city="Utrecht",
        address_key=f"3511AB-1-{street}".lower(),
        email="praktijk@example.org",
    )


def a_season(
    *,
    now: datetime,
    slug: str = "flu-test",
    year: int | None = None,
    state: SeasonState = SeasonState.OPEN,
    days_count: int = 3,
    doses_max: int = 1_000,
    addresses_max: int = 10,
    hold_s: int = 300,
    ceiling_percent: int | None = None,
    lobby: str = "",
) -> Season:
    season = Season.objects.create(
        slug=slug,
        programme="flu",
        year=year or now.year + 1,
        state=state.value,
        doors_at=now - timedelta(hours=1),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=30),
        paused_at=now if state is SeasonState.PAUSED else None,
        hold_s=hold_s,
        ceiling_percent=ceiling_percent,
        lobby=lobby,
    )
    KindRule.objects.create(season=season, kind=Kind.PRACTICE.value, doses_max=5_000)
    first = (now + timedelta(days=60)).date()
    Day.objects.bulk_create(
        Day(season=season, on=on, doses_max=doses_max, addresses_max=addresses_max)
        for on in working_days(first, count=days_count, region="nl")
    )
    return season


def invite(season: Season, *organisations: Organisation, ordered_last: int | None = 600) -> None:
    Customer.objects.bulk_create(
        Customer(
            season=season,
            organisation=organisation,
            kind=organisation.kind,
            address_key=organisation.address_key,
            ordered_last=ordered_last,
            administered_last=ordered_last,
        )
        for organisation in organisations
    )


def day_dates(season_id: int) -> Sequence[date]:
    return list(Day.objects.filter(season_id=season_id).order_by("on").values_list("on", flat=True))


def counts_wrong(season_id: int) -> list[str]:
    """Return what is not as promise 3 says: counters that differ from open orders, or too many."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.id, d.doses_taken, coalesce(o.doses, 0), d.addresses_taken,
                   coalesce(o.addresses, 0), coalesce(s.stops, 0), coalesce(o.orders, 0),
                   coalesce(s.orders, 0), d.doses_max, d.addresses_max
              FROM campaigns_day d
              LEFT JOIN (SELECT day_id, sum(doses) doses, count(DISTINCT address_key) addresses,
                                count(*) orders
                           FROM campaigns_order WHERE state IN ('held', 'confirmed')
                          GROUP BY day_id) o ON o.day_id = d.id
              LEFT JOIN (SELECT day_id, count(*) stops, sum(orders_count) orders
                           FROM campaigns_stop GROUP BY day_id) s ON s.day_id = d.id
             WHERE d.season_id = %s
            """,
            [season_id],
        )
        rows = cursor.fetchall()
    wrong = []
    for day_id, taken, doses, places, addresses, stops, orders, counted, most, room in rows:
        if taken != doses or places != addresses or stops != addresses or orders != counted:
            wrong.append(f"day {day_id}: counters differ from open orders")
        if doses > most or addresses > room:
            wrong.append(f"day {day_id}: oversold")
    return wrong


def open_orders_count(organisation_id: UUID, season_id: int) -> int:

    return Order.objects.of_organisation(organisation_id).open().filter(season_id=season_id).count()


def an_order(
    season: Season,
    organisation: Organisation,
    on: date,
    *,
    doses: int = 100,
    state: str = "confirmed",
    given_back_ms: int = 0,
) -> Order:
    now = season.opens_at + timedelta(minutes=1)
    day = Day.objects.get(season=season, on=on)
    day.doses_taken += doses
    stop, is_new = Stop.objects.get_or_create(
        day=day, address_key=organisation.address_key, defaults={"orders_count": 1}
    )
    if is_new:
        day.addresses_taken += 1
    else:
        stop.orders_count += 1
        stop.save()
    day.save()
    return Order.objects.create(
        season=season,
        organisation=organisation,
        day=day,
        address_key=organisation.address_key,
        doses=doses,
        state=state,
        hold_taken_at=now,
        held_until=now + timedelta(seconds=season.hold_s),
        given_back_ms=given_back_ms,
        confirmed_at=now if state == "confirmed" else None,
        key_hold=str(uuid4()),
    )
