"""How far a build came on its way to people."""

from standvast.desk.releases.models import Passage, Release
from standvast.desk.releases.queries.rows import RoadRow
from standvast.desk.releases.rules.road import ORDER, Place, lacks


def finished_in(release: Release) -> frozenset[Place]:
    """Return where exactly this build was finished; what was before it was built does not count."""
    return frozenset(row.place for row in road_rows(release) if row.finished_at is not None)


def road_rows(release: Release) -> tuple[RoadRow, ...]:
    """Return every place on the road, with when this build began there and was finished."""
    passages = Passage.objects.filter(
        release=release, digest=release.digest, started_at__gte=release.built_at
    ).order_by("started_at", "id")
    last = {Place(row.environment): row for row in passages}
    done = {place for place, row in last.items() if row.finished_at is not None}
    return tuple(
        RoadRow(
            place=place,
            started_at=last[place].started_at if place in last else None,
            finished_at=last[place].finished_at if place in last else None,
            is_open=lacks(place, done) is None,
        )
        for place in ORDER
    )
