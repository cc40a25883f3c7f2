"""What the programme office does with a season. One transaction each, journaled."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from standvast.care.campaigns import rules
from standvast.care.campaigns.models import Customer, Day, KindRule, Order, Product, Season
from standvast.care.campaigns.operations.holds import give_back
from standvast.care.campaigns.queries import season_checklist
from standvast.care.campaigns.workdays import working_days
from standvast.core.journal.api import entry_of, record
from standvast.core.lobby.api import lobby_view, pause_lobby, plan_lobby, resume_lobby
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.organisations.api import Kind, organisations_of_kinds

CUSTOMER_KINDS = (Kind.PRACTICE, Kind.CARE)


class SeasonExists(Refused):
    """This programme has a season in this year already."""

    code = "campaigns.season_exists"


class NotReady(Refused):
    """Something on the checklist is not green."""

    code = "campaigns.not_ready"


@dataclass(frozen=True, slots=True)
class NewSeason:
    """What the office filled in."""

    programme: rules.Programme
    year: int
    region: str
    doors_at: datetime
    opens_at: datetime
    closes_at: datetime
    first_on: date
    days_count: int
    doses_per_day: int
    addresses_per_day: int
    step: int
    hold_s: int
    change_working_days_min: int
    ceiling_percent: int | None
    practice_doses_max: int
    care_doses_max: int
    has_lobby: bool


@transaction.atomic(durable=True)
def plan_season(new: NewSeason, *, actor: Actor, now: datetime) -> str:
    """Make a planned season with its days, its lobby and everybody who may order; return its slug.

    :raises SeasonExists: if the programme has one in this year and region.
    """
    slug = f"{new.programme.value}-{new.year}"
    taken = Season.objects.filter(programme=new.programme.value, year=new.year, region=new.region)
    if taken.exists() or Season.objects.filter(slug=slug).exists():
        raise SeasonExists(marked("There is a season of this programme in {year}."), year=new.year)
    product, _ = Product.objects.get_or_create(
        name=f"{rules.PROGRAMME_TITLES[new.programme]} {new.year}",
        defaults={"programme": new.programme.value},
    )
    season = Season.objects.create(
        slug=slug,
        programme=new.programme.value,
        year=new.year,
        product=product,
        region=new.region,
        state=rules.SeasonState.PLANNED.value,
        doors_at=new.doors_at,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        step=new.step,
        hold_s=new.hold_s,
        change_working_days_min=new.change_working_days_min,
        ceiling_percent=new.ceiling_percent,
        lobby=slug if new.has_lobby else "",
    )
    _write_bounds(season, new)
    Day.objects.bulk_create(
        Day(season=season, on=on, doses_max=new.doses_per_day, addresses_max=new.addresses_per_day)
        for on in working_days(new.first_on, count=new.days_count, region=new.region)
    )
    _invite_everybody(season)
    if new.has_lobby:
        _plan_lobby(season)
    _tell(season, actor, "campaigns.season_planned", "C", now=now)
    return slug


@transaction.atomic(durable=True)
def change_season(*, slug: str, new: NewSeason, actor: Actor, now: datetime) -> None:
    """Give a planned season other times, days and bounds; a day that stays keeps its closure.

    Programme, year and region stay: they are what the season is.

    :raises SeasonMoveNotAllowed: if it is no longer planned.
    """
    season = _locked(slug)
    rules.check_season_state(season.state, rules.SeasonState.PLANNED)
    season.doors_at, season.opens_at, season.closes_at = new.doors_at, new.opens_at, new.closes_at
    season.step, season.hold_s = new.step, new.hold_s
    season.change_working_days_min = new.change_working_days_min
    season.ceiling_percent = new.ceiling_percent
    season.lobby = slug if new.has_lobby else ""
    season.save()
    _write_bounds(season, new)
    days = working_days(new.first_on, count=new.days_count, region=season.region)
    season.day_set.exclude(on__in=days).delete()
    capacities = {"doses_max": new.doses_per_day, "addresses_max": new.addresses_per_day}
    season.day_set.update(**capacities)
    there = set(season.day_set.values_list("on", flat=True))
    Day.objects.bulk_create(
        Day(season=season, on=on, **capacities) for on in days if on not in there
    )
    if new.has_lobby:
        _plan_lobby(season)
    _tell(season, actor, "campaigns.season_changed", "U", now=now)


@transaction.atomic(durable=True)
def open_season(*, slug: str, actor: Actor, now: datetime) -> None:
    """Let a planned season open at its instant, if the whole checklist is green.

    :raises NotReady: with what is missing; SeasonMoveNotAllowed: if it is not planned.
    """
    season = _locked(slug)
    rules.check_season_state(season.state, rules.SeasonState.PLANNED)
    missing = [item for item in season_checklist(slug, now=now) if not item.is_green]
    if missing:
        raise NotReady(
            marked("{count} points of the checklist are not green yet."), count=len(missing)
        )
    season.state = rules.SeasonState.OPEN.value
    season.save(update_fields=["state"])
    _tell(season, actor, "campaigns.season_opened", "U", now=now)


@transaction.atomic(durable=True)
def pause_season(*, slug: str, actor: Actor, now: datetime) -> None:
    """Let ordering stand still; the clocks of holds stop.

    :raises SeasonMoveNotAllowed: if it is not open.
    """
    season = _locked(slug)
    rules.check_season_move(rules.SeasonState(season.state), rules.SeasonState.PAUSED)
    season.state, season.paused_at = rules.SeasonState.PAUSED.value, now
    season.save(update_fields=["state", "paused_at"])
    if season.lobby:
        pause_lobby(lobby_id=lobby_view(season.lobby).id, now=now)
    _tell(season, actor, "campaigns.season_paused", "U", now=now)


@transaction.atomic(durable=True)
def resume_season(*, slug: str, actor: Actor, now: datetime) -> None:
    """Let ordering go on; give every hold the part of the pause that it saw.

    :raises SeasonMoveNotAllowed: if it is not paused.
    """
    season = _locked(slug)
    rules.check_season_state(season.state, rules.SeasonState.PAUSED)
    assert season.paused_at is not None, "a paused season says since when (table)"
    give_back(season_id=season.id, silent_from=season.paused_at, now=now)
    season.state, season.paused_at, season.swept_at = rules.SeasonState.OPEN.value, None, now
    season.save(update_fields=["state", "paused_at", "swept_at"])
    if season.lobby:
        resume_lobby(lobby_id=lobby_view(season.lobby).id, now=now)
    _tell(season, actor, "campaigns.season_resumed", "U", now=now)


@transaction.atomic(durable=True)
def close_season(*, slug: str, actor: Actor, now: datetime) -> None:
    """End ordering for good; orders stand.

    :raises SeasonMoveNotAllowed: if it is closed already.
    """
    season = _locked(slug)
    rules.check_season_move(rules.SeasonState(season.state), rules.SeasonState.CLOSED)
    season.state, season.paused_at = rules.SeasonState.CLOSED.value, None
    season.save(update_fields=["state", "paused_at"])
    _tell(season, actor, "campaigns.season_closed", "U", now=now)


def _locked(slug: str) -> Season:
    season = Season.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if season is None:
        raise rules.SeasonNotFound(marked("There is no such season."))
    return season


def _plan_lobby(season: Season) -> None:
    plan_lobby(
        slug=season.lobby,
        doors_at=season.doors_at,
        starts_at=season.opens_at,
        closes_at=season.closes_at,
    )


def _write_bounds(season: Season, new: NewSeason) -> None:
    bounds = {Kind.PRACTICE: new.practice_doses_max, Kind.CARE: new.care_doses_max}
    for kind, doses_max in bounds.items():
        KindRule.objects.update_or_create(
            season=season, kind=kind.value, defaults={"doses_max": doses_max}
        )


def _invite_everybody(season: Season) -> None:
    """Invite every organisation of a kind that orders, with the figures of the season before."""
    before = (
        Season.objects.filter(programme=season.programme, region=season.region)
        .exclude(id=season.id)
        .order_by("-year")
        .first()
    )
    figures: dict[UUID, tuple[int | None, int | None]] = {}
    if before is not None:
        rows = Customer.objects.filter(season_id=before.id)
        figures = {
            organisation_id: (ordered, used)
            for organisation_id, ordered, used in rows.values_list(
                "organisation_id", "ordered_last", "administered_last"
            )
        }
        sold = Order.objects.filter(season_id=before.id, state=rules.OrderState.CONFIRMED)
        figures |= {row[0]: (row[1], None) for row in sold.values_list("organisation_id", "doses")}
    Customer.objects.bulk_create(
        (
            Customer(
                season=season,
                organisation_id=view.id,
                kind=view.kind.value,
                address_key=view.address_key or str(view.id),
                ordered_last=figures.get(view.id, (None, None))[0],
                administered_last=figures.get(view.id, (None, None))[1],
            )
            for view in organisations_of_kinds(*CUSTOMER_KINDS)
        ),
        batch_size=1_000,
    )


def _tell(season: Season, actor: Actor, event: str, action: str, *, now: datetime) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind="campaigns.season",
            record_id=season.slug,
        )
    )
