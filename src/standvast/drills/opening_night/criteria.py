"""The lines of opening-night and what they ask, in people's words. Names are fixed."""

from standvast.drills.frame.lines import Criterion

CRITERIA = (
    Criterion(
        "confirmed_p95", "s", "<= 2", "confirmed and printable at once, whatever the mail does"
    ),
    Criterion("oversold", "days", "= 0", "no day is sold beyond its doses or addresses"),
    Criterion(
        "calendar_true",
        "stale offers",
        "= 0",
        "nobody is offered a day that was full more than 2 s before",
    ),
    Criterion(
        "stored", "acts told wrongly", "= 0", "what people were told is what is stored, once"
    ),
    Criterion("holds_lost", "holds", "= 0", "no hold runs out through our slowness"),
    Criterion("places", "places risen or lost", "= 0", "a place in the lobby only goes down"),
    Criterion("mails", "mails lost or doubled", "= 0", "mails are late, never lost or doubled"),
    Criterion("found", "s", "<= 60", "the desk knows of the mail delay before the first call"),
    Criterion("desk", "assertions failed", "= 0", "case 004-1, replayed with its own times"),
    Criterion("report", "lint findings", "= 0", "the report of the case passes its lint"),
)
DESK_LINES = frozenset({"desk", "report"})
TWIN = "mail-first"
TWIN_MUST_FAIL = frozenset({"confirmed_p95", "calendar_true", "holds_lost"})
