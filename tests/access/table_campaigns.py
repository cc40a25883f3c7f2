"""The order desk: orders are one's own, seasons the office's."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from standvast.care.campaigns import testing as campaigns
from standvast.care.campaigns.models import KindRule, Season
from standvast.registry.access.testing import AtWork, Expect

BOTH = ("GET", "POST")
SEE, ORDER, OFFICE = "campaigns.see", "campaigns.order", "campaigns.office"


def _season_for(own: AtWork) -> Season:
    season = campaigns.a_season(now=datetime.now(UTC), slug=f"s-{uuid.uuid4().hex[:8]}")
    KindRule.objects.get_or_create(
        season=season, kind=own.organisation.kind, defaults={"doses_max": 5_000}
    )
    campaigns.invite(season, own.organisation)
    return season


def season_of(own: AtWork) -> Mapping[str, object]:
    """Return an open season that asks this organisation."""
    return {"slug": _season_for(own).slug}


def planned_for(own: AtWork) -> Mapping[str, object]:
    """Return a season that nobody has seen yet."""
    season = _season_for(own)
    Season.objects.filter(id=season.id).update(state="planned")
    return {"slug": season.slug}


def ordered_by(own: AtWork) -> Mapping[str, object]:
    """Return an open season in which this organisation, and only this one, has an order."""
    season = _season_for(own)
    campaigns.an_order(season, own.organisation, campaigns.day_dates(season.id)[0])
    return {"slug": season.slug}


def day_of(own: AtWork) -> Mapping[str, object]:
    """Return a delivery day of a season."""
    season = _season_for(own)
    return {"slug": season.slug, "on": campaigns.day_dates(season.id)[0].isoformat()}


def office(*methods: str, ids: object = season_of) -> Expect:
    """Return what is expected of the programme office's pages: seasons are all its own."""
    return Expect(OFFICE, methods or ("GET",), ids=ids, is_shared=True)  # type: ignore[arg-type]


TABLE: dict[str, Expect] = {
    "campaigns/": Expect(ORDER),
    "campaigns/<slug:slug>/": Expect(ORDER, ids=season_of, is_shared=True),
    "campaigns/<slug:slug>/order/receipt": Expect(ORDER, ids=ordered_by),
    "campaigns/<slug:slug>/order/print": Expect(ORDER, ids=ordered_by),
    "campaigns/<slug:slug>/order/delivery.ics": Expect(ORDER, ids=ordered_by),
    "campaigns/<slug:slug>/order/change": Expect(ORDER, BOTH, ids=ordered_by),
    "campaigns/<slug:slug>/order/cancel": Expect(ORDER, BOTH, ids=ordered_by),
    "office/campaigns/": Expect(OFFICE),
    "office/campaigns/new": Expect(OFFICE, BOTH),
    "office/campaigns/<slug:slug>/": office(),
    "office/campaigns/<slug:slug>/change": office(*BOTH, ids=planned_for),
    "office/campaigns/<slug:slug>/state": Expect(
        OFFICE, ("POST",), ids=season_of, is_shared=True, data=lambda _: {"act": "pause"}
    ),
    "office/campaigns/<slug:slug>/days/<str:on>": office(*BOTH, ids=day_of),
    "office/campaigns/<slug:slug>/night": office(),
    "office/campaigns/<slug:slug>/night/now": office(),
}
