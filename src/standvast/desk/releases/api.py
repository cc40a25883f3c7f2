"""What other modules may import from releases."""

from standvast.desk.releases.contributions import (
    RAIL_OF_RELEASES,
    RIGHTS_OF_RELEASES,
    changes_between,
)
from standvast.desk.releases.operations.outside import add_outside_change, look_at_calendar
from standvast.desk.releases.operations.planning import (
    Plan,
    change_build,
    move_plan,
    plan_release,
    withdraw,
)
from standvast.desk.releases.operations.promoting import finish_in, start_in
from standvast.desk.releases.operations.running import (
    ApprovalMissing,
    StartRefused,
    approve,
    break_glass,
    finish,
    revert,
    start,
)
from standvast.desk.releases.operations.showing import add_evidence, check
from standvast.desk.releases.queries.around import digest_in, told_of
from standvast.desk.releases.queries.releases import ReleaseNotFound, release_view
from standvast.desk.releases.queries.rows import ReleaseRow, ReleaseView
from standvast.desk.releases.rules.answer import Answer, Reason, Verdict
from standvast.desk.releases.rules.calendar import Calendar
from standvast.desk.releases.rules.cdevents import Told, event_of
from standvast.desk.releases.rules.digest import digest_of
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import NAMES, Evidence
from standvast.desk.releases.rules.road import NotItsTurn, NotThere, Place
from standvast.desk.releases.rules.states import HotfixFor, State
from standvast.desk.releases.slots import CALENDAR, EVIDENCE, Gatherer

__all__ = [
    "CALENDAR",
    "EVIDENCE",
    "NAMES",
    "RAIL_OF_RELEASES",
    "RIGHTS_OF_RELEASES",
    "Answer",
    "ApprovalMissing",
    "Calendar",
    "Evidence",
    "Gatherer",
    "HotfixFor",
    "NotItsTurn",
    "NotThere",
    "Place",
    "Plan",
    "Reason",
    "ReleaseNotFound",
    "ReleaseRow",
    "ReleaseView",
    "Result",
    "StartRefused",
    "State",
    "Told",
    "Verdict",
    "add_evidence",
    "add_outside_change",
    "approve",
    "break_glass",
    "change_build",
    "changes_between",
    "check",
    "digest_in",
    "digest_of",
    "event_of",
    "finish",
    "finish_in",
    "look_at_calendar",
    "move_plan",
    "plan_release",
    "release_view",
    "revert",
    "start",
    "start_in",
    "told_of",
    "withdraw",
]
