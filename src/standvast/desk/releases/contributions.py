"""What releases bring: rights, the rail, what was changed before an incident."""

from collections.abc import Sequence
from datetime import datetime

from standvast.desk.incidents.api import Change
from standvast.desk.releases.queries.around import outside_rows, runs_between
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

DESK = frozenset({Role.OPERATOR, Role.OPERATOR_LEAD})
RIGHTS_OF_RELEASES = (
    Right("desk.releases.see", DESK, marked("see releases")),
    Right("desk.releases.act", DESK, marked("plan, start and take back releases")),
    Right("desk.releases.approve", frozenset({Role.OPERATOR_LEAD}), marked("approve releases")),
)
RAIL_OF_RELEASES = (RailItem(marked("Releases"), "releases:all", "desk.releases.see", "package"),)


def changes_between(first: datetime, last: datetime) -> Sequence[Change]:
    """Return releases that started or were taken back, and changes of others; fills CHANGES."""
    return (
        *(
            Change(
                run.at,
                marked("release {version} was taken back")
                if run.is_reverted
                else marked("release {version} started"),
                {"version": run.version},
            )
            for run in runs_between(first, last)
        ),
        *(
            Change(row.at, marked("{whose}: {what}"), {"whose": row.whose, "what": row.what})
            for row in outside_rows(first, last)
        ),
    )
