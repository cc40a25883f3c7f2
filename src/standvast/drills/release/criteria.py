"""The lines of release and what they ask, in people's words. Names are fixed."""

from standvast.drills.frame.lines import Criterion

CRITERIA = (
    Criterion(
        "reached_people",
        "changes",
        "= 0",
        "script, late change, wrong certificate and strict rule are stopped, each with its reason",
    ),
    Criterion(
        "found", "s", "<= 60", "a broken link and a supplier's change are found, and only those"
    ),
    Criterion(
        "work_went_on",
        "% of patients",
        "= 100",
        "created at once, checked later by itself, claimed",
    ),
    Criterion(
        "denied_with_right",
        "pages",
        "= 0",
        "nobody loses a page while a rule is in the shadow, nor by glass that two people broke",
    ),
    Criterion("reset_by_email", "failed", "= 0", "a new password for who signs in by e-mail"),
    Criterion("notice", "s", "<= 300", "those affected are told once it is major"),
    Criterion("solved_while_red", "incidents", "= 0", "nothing is called solved by a quiet log"),
    Criterion("desk", "assertions failed", "= 0", "cases 001-1 to 16, with their own times"),
    Criterion("report", "lint findings", "= 0", "the report of the cases passes its lint"),
)
DESK_LINES = frozenset({"desk", "report"})
TWIN = "gates-off"
TWIN_MUST_FAIL = frozenset({"reached_people", "solved_while_red"})
