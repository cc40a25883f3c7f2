"""Reads: which systems there are to click through to, for whom, and how each stands."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, QuerySet, When

from standvast.care.launches.models import Target, Version
from standvast.care.launches.rules.targets import Kind, State
from standvast.care.launches.synthetic import PRACTICE_ID
from standvast.care.launches.views import VersionView, version_view
from standvast.core.health.api import Verdict, variant_views
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.grants.api import apps_used_by
from standvast.web.api import sentence

COMPONENT = "launches"
TARGETS_MAX = 40
"""Each is walked three times a minute."""
VERSIONS_MAX = 50


class TargetNotFound(NotFound):
    """No such target, or not for this organisation."""

    code = "launches.target_not_found"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the walks of a target go. Template and values say why it is broken."""

    verdict: Verdict
    since: datetime | None
    observed_at: datetime | None
    template: str
    values: Mapping[str, str | int | float]

    @property
    def is_broken(self) -> bool:
        """Whether its walks were red, several in a row."""
        return self.verdict is Verdict.RED

    @property
    def said(self) -> str:
        """Why it is broken, in the language of whoever looks."""
        return sentence(self.template, self.values)


NEVER = Standing(Verdict.UNKNOWN, None, None, "", {})


def live_targets() -> tuple[VersionView, ...]:
    """Return the live version of every target, by title; at most 40."""
    return _views(_live())


def targets_for(organisation_id: uuid.UUID) -> tuple[VersionView, ...]:
    """Return what an organisation may click through to, by title."""
    return _views(_live().filter(_seen_by(organisation_id)))


def apps_started_for(organisation_id: uuid.UUID) -> frozenset[str]:
    """Return by name (client_id) the apps that an organisation starts about a patient from here."""
    rows = _live().filter(_seen_by(organisation_id), kind=Kind.SMART.value)
    return frozenset(rows.values_list("app", flat=True))


def target_for(organisation_id: uuid.UUID, slug: str) -> VersionView:
    """Return one of those.

    :raises TargetNotFound: if there is none such for this organisation.
    """
    row = _live().filter(_seen_by(organisation_id), target__slug=slug).first()
    if row is None:
        raise TargetNotFound(marked("There is no such system to click through to."))
    return version_view(row)


def versions_of(slug: str) -> tuple[VersionView, ...]:
    """Return the versions of a target, newest first; at most 50.

    :raises TargetNotFound: if there is no such target.
    """
    rows = Version.objects.filter(target__slug=slug).select_related("target")
    found = tuple(version_view(row) for row in rows.order_by("-number")[:VERSIONS_MAX])
    if not found:
        raise TargetNotFound(marked("There is no such system to click through to."))
    return found


def titles_of(slugs: Collection[str]) -> tuple[str, ...]:
    """Return what people call these."""
    return tuple(one.draft.title for one in live_targets() if one.slug in slugs)


def seen_by(slugs: Collection[str]) -> frozenset[uuid.UUID] | None:
    """Return the organisations that see any of these; None: everybody does."""
    targets = [one for one in live_targets() if one.slug in slugs]
    if any(not one.draft.organisation_ids for one in targets):
        return None
    return frozenset(uuid.UUID(each) for one in targets for each in one.draft.organisation_ids)


def newest_versions() -> tuple[VersionView, ...]:
    """Return of every target the live version, else the newest; retired ones last."""
    rows = (
        Version.objects.select_related("target")
        .annotate(
            is_live=Case(When(state=State.LIVE.value, then=1), default=0),
        )
        .order_by("target_id", "-is_live", "-number")
        .distinct("target_id")
    )
    return tuple(version_view(row) for row in rows[: TARGETS_MAX * 2])


def retired_slugs() -> frozenset[str]:
    """Return the targets that are not offered any more."""
    return frozenset(Target.objects.exclude(retired_at=None).values_list("slug", flat=True))


def standings(now: datetime) -> Mapping[str, Standing]:
    """Return how each target stands, by slug."""
    return {
        view.variant: Standing(
            view.verdict, view.since, view.observed_at, view.template, view.values
        )
        for view in variant_views(COMPONENT, now)
    }


def _live() -> QuerySet[Version]:
    return (
        Version.objects.filter(state=State.LIVE.value, target__retired_at=None)
        .select_related("target")
        .order_by("title", "target_id")
    )


def _seen_by(organisation_id: uuid.UUID) -> Q:
    """Whoever walks sees everything; an app is seen by those who use it."""
    if organisation_id == PRACTICE_ID:
        return Q()
    listed = Q(organisation_ids=[]) | Q(organisation_ids__contains=[organisation_id])
    return listed & (Q(app="") | Q(app__in=apps_used_by(organisation_id)))


def _views(rows: QuerySet[Version]) -> tuple[VersionView, ...]:
    return tuple(version_view(row) for row in rows[:TARGETS_MAX])
