"""Changing and cancelling an order, and inviting who comes to order. One transaction each.

Whoever moves an order holds its day's lock, taken in key order: the same rule as the hot path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from standvast.care.campaigns import rules
from standvast.care.campaigns.mail import message_of
from standvast.care.campaigns.models import Customer, Day, KindRule, Order, OrderVersion, Stop
from standvast.care.campaigns.published import order_cancelled, order_changed
from standvast.care.campaigns.queries import customer_terms
from standvast.care.campaigns.views import terms_of
from standvast.care.campaigns.workdays import last_change_on
from standvast.core.delivery.api import enqueue, publish
from standvast.core.journal.api import entry_of, record
from standvast.core.lobby.api import undo_place
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.organisations.api import OrganisationView


@dataclass(frozen=True, slots=True)
class Changed:
    """What an order has become."""

    order_id: UUID
    version: int
    delivery_on: date
    doses: int


@transaction.atomic(durable=True)
def change_order(
    *, order_id: UUID, on: date, doses: int, version: int, actor: Actor, now: datetime
) -> Changed:
    """Give an order another day or quantity in one swap; the old place stays unless the new is had.

    `version` is the one the person looked at. Locks both days in key order.

    :raises OrderNotFound, PageOutOfDate, ChangeTooLate, SeasonPaused: if it may not change.
    :raises DosesWrong, DayUnknown, DayClosed, DayFull: if the new place cannot be had.
    """
    order, days = _locked(order_id, actor, version=version, also_on=on)
    season = terms_of(order.season)
    old = days[order.day_id]
    check_changeable(season, old.on, now=now)
    customer = customer_terms(season.id, order.organisation_id)
    if customer is None:
        raise rules.NotInvited(marked("Your organisation does not order in this season."))
    rules.check_doses(doses, season=season, customer=customer)
    new = next((day for day in days.values() if day.on == on), None)
    if new is None or new.id != old.id:
        rules.check_day(_rule_day(new), today=timezone.localdate(now))
    assert new is not None, "checked above"
    check_changeable(season, new.on, now=now)
    if new.id == old.id and doses == order.doses:
        return Changed(order.id, order.version, old.on, order.doses)
    _keep_version(order, old.on, now=now)
    _give_place(old, order)
    rules.check_fits(
        _fresh(new),
        doses=doses,
        is_new_address=not Stop.objects.filter(day=new, address_key=order.address_key).exists(),
    )
    order.day, order.doses, order.version = new, doses, order.version + 1
    order.person_id, order.helping_from = actor.person_id, actor.helping_from
    order.language = actor.language
    _take_place(new, order)
    order.save(update_fields=["day", "doses", "version", "person_id", "helping_from", "language"])
    _tell(order, actor, "campaigns.order_changed", "U", now=now)
    publish(order_changed(order, on=new.on, now=now), now=now)
    return Changed(order.id, order.version, new.on, doses)


@transaction.atomic(durable=True)
def cancel_order(*, order_id: UUID, version: int, actor: Actor, now: datetime) -> Changed:
    """Cancel an order and free its place; its organisation may come again, at the lobby's end.

    :raises OrderNotFound, PageOutOfDate, ChangeTooLate, SeasonPaused: if it may not be cancelled.
    """
    order, days = _locked(order_id, actor, version=version)
    old = days[order.day_id]
    check_changeable(terms_of(order.season), old.on, now=now)
    _keep_version(order, old.on, now=now)
    _give_place(old, order)
    order.state, order.ended_at = rules.OrderState.CANCELLED.value, now
    order.version += 1
    order.person_id, order.helping_from = actor.person_id, actor.helping_from
    order.save(update_fields=["state", "ended_at", "version", "person_id", "helping_from"])
    if order.season.lobby:  # taken last, as the hot path does: day, order, place
        undo_place(lobby=order.season.lobby, organisation_id=order.organisation_id)
    _tell(order, actor, "campaigns.order_cancelled", "D", now=now)
    publish(order_cancelled(order, now=now), now=now)
    return Changed(order.id, order.version, old.on, order.doses)


def check_changeable(season: rules.SeasonTerms, on: date, *, now: datetime) -> None:
    """Pass if a delivery on this date may still change.

    :raises ChangeTooLate: if it is too near; SeasonPaused: while everything stands still.
    """
    if season.state == rules.SeasonState.PAUSED:
        rules.check_open(season, at=now)
    last_on = last_change_on(on, days_min=season.change_working_days_min, region=season.region)
    if timezone.localdate(now) > last_on:
        raise rules.ChangeTooLate(
            marked(
                "This delivery can no longer change: until {days} working days before it could."
                " Call the programme office."
            ),
            days=season.change_working_days_min,
        )


@transaction.atomic
def invite_customer(*, season_id: int, organisation: OrganisationView) -> None:
    """Let an organisation of a kind that orders take part; bring its address up to date.

    Safe to repeat. One of another kind is left out, without a word: the order refuses it.
    """
    if not KindRule.objects.filter(season_id=season_id, kind=organisation.kind.value).exists():
        return
    Customer.objects.bulk_create(
        [
            Customer(
                season_id=season_id,
                organisation_id=organisation.id,
                kind=organisation.kind.value,
                address_key=organisation.address_key or str(organisation.id),
            )
        ],
        update_conflicts=True,
        unique_fields=["season", "organisation"],
        update_fields=["kind", "address_key"],
    )


def _locked(
    order_id: UUID, actor: Actor, *, version: int, also_on: date | None = None
) -> tuple[Order, Mapping[int, Day]]:
    """Lock the order's day, and the day of the same season on `also_on`; read the order after it.

    :raises OrderNotFound: if it is not this organisation's confirmed order.
    :raises PageOutOfDate: if it is at another version than the person saw.
    """
    mine = Order.objects.of_organisation(actor.organisation_id).filter(
        id=order_id, state=rules.OrderState.CONFIRMED
    )
    missing = rules.OrderNotFound(marked("There is no such order in your organisation."))
    seen = mine.values("season_id", "day_id").first()
    if seen is None:
        raise missing
    wanted = Day.objects.filter(season_id=seen["season_id"])
    ids = {seen["day_id"]}
    if also_on is not None:
        ids |= set(wanted.filter(on=also_on).values_list("id", flat=True))
    days = {
        day.id: day
        for day in wanted.filter(id__in=ids).order_by("id").select_for_update(no_key=True)
    }
    order = mine.select_related("season").first()
    if order is None:
        raise missing
    if order.version != version or order.day_id not in days:
        raise rules.PageOutOfDate(marked("This page is out of date. Reload it and do it again."))
    return order, days


def _rule_day(day: Day | None) -> rules.Day | None:
    return None if day is None else _fresh(day)


def _fresh(day: Day) -> rules.Day:
    return rules.Day(
        id=day.id,
        season_id=day.season_id,
        on=day.on,
        doses_max=day.doses_max,
        doses_taken=day.doses_taken,
        addresses_max=day.addresses_max,
        addresses_taken=day.addresses_taken,
        is_closed=day.is_closed,
        version=day.version,
    )


def _keep_version(order: Order, on: date, *, now: datetime) -> None:
    OrderVersion.objects.create(
        order=order,
        version=order.version,
        delivery_on=on,
        doses=order.doses,
        state=order.state,
        person_id=order.person_id,
        helping_from=order.helping_from,
        replaced_at=now,
    )


def _give_place(day: Day, order: Order) -> None:
    stop = Stop.objects.get(day=day, address_key=order.address_key)
    day.doses_taken -= order.doses
    if stop.orders_count == 1:
        stop.delete()
        day.addresses_taken -= 1
    else:
        stop.orders_count -= 1
        stop.save(update_fields=["orders_count"])
    _save(day)


def _take_place(day: Day, order: Order) -> None:
    stop = Stop.objects.filter(day=day, address_key=order.address_key).first()
    day.doses_taken += order.doses
    if stop is None:
        Stop.objects.create(day=day, address_key=order.address_key, orders_count=1)
        day.addresses_taken += 1
    else:
        stop.orders_count += 1
        stop.save(update_fields=["orders_count"])
    _save(day)


def _save(day: Day) -> None:
    day.version += 1
    day.save(update_fields=["doses_taken", "addresses_taken", "version"])


def _tell(order: Order, actor: Actor, event: str, action: str, *, now: datetime) -> None:
    message = message_of(order.id, organisation_id=order.organisation_id, version=order.version)
    enqueue(
        lane=message.lane,
        subject=message.subject,
        key=message.key,
        payload=message.payload,
        now=now,
    )
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind="campaigns.order",
            record_id=order.id,
            detail={"version": order.version, "doses": order.doses, "day": order.day_id},
        )
    )
