"""The register, and one release with its gates and what the rule says of it."""

from datetime import datetime

from standvast.desk.releases.models import BrokenGlass, Release
from standvast.desk.releases.queries.around import (
    at_work,
    broken_rows,
    environment_rows,
    nearest_rows,
)
from standvast.desk.releases.queries.judging import answer_of, judgements_of
from standvast.desk.releases.queries.road import road_rows
from standvast.desk.releases.queries.rows import ReleaseRow, ReleaseView
from standvast.desk.releases.rules.states import TITLES, Kind, State
from standvast.kit.errors import NotFound
from standvast.kit.words import marked

LIST_MAX = 100


class ReleaseNotFound(NotFound):
    """There is no such release."""

    code = "releases.not_found"


def found(version: str) -> Release:
    """Return the stored release.

    :raises ReleaseNotFound: if there is none of this version.
    """
    row = Release.objects.filter(version=version).first()
    if row is None:
        raise ReleaseNotFound(marked("There is no such release."))
    return row


def row_of(release: Release, *, is_broken: bool) -> ReleaseRow:
    """Return the frozen row of a release."""
    state = State(release.state)
    return ReleaseRow(
        id=release.id,
        version=release.version,
        kind=Kind(release.kind),
        hotfix_for=release.hotfix_for,
        incident_numbers=tuple(release.incident_numbers),
        digest=release.digest,
        built_at=release.built_at,
        planned_at=release.planned_at,
        state=state,
        state_title=TITLES[state],
        approved_at=release.approved_at,
        started_at=release.started_at,
        ended_at=release.ended_at,
        is_broken=is_broken,
    )


def release_rows() -> tuple[ReleaseRow, ...]:
    """Return the register, the latest planned first."""
    releases = list(Release.objects.order_by("-planned_at")[:LIST_MAX])
    broken = set(
        BrokenGlass.objects.filter(release__in=releases).values_list("release_id", flat=True)
    )
    return tuple(row_of(release, is_broken=release.id in broken) for release in releases)


def release_view(version: str, now: datetime) -> ReleaseView:
    """Return one release whole.

    :raises ReleaseNotFound: if there is none of this version.
    """
    release = found(version)
    planned = release.planned_at
    broken = broken_rows(BrokenGlass.objects.filter(release=release))
    return ReleaseView(
        row=row_of(release, is_broken=bool(broken)),
        judgements=judgements_of(release),
        planned=answer_of(release, planned, now),
        now=answer_of(release, now, now),
        broken=broken,
        stands_in=tuple(
            place.name for place in environment_rows() if place.digest == release.digest
        ),
        road=road_rows(release),
        clashes=nearest_rows(planned),
        at_work=at_work(planned),
    )
