"""Refusals that come back to a page in its address: a code and whole numbers, nothing else.

Only sentences listed here are ever shown, so that nobody can put words on our pages.
"""

from collections.abc import Mapping

from standvast.care.campaigns import rules
from standvast.kit.words import marked
from standvast.web.api import sentence

SENTENCES: Mapping[str, str] = {
    rules.DayFull.code: marked("What you asked for does not fit on this day any more."),
    rules.DayClosed.code: marked("This day is closed. Pick another day."),
    rules.DayUnknown.code: marked("Nothing is delivered on that date. Pick a day in the calendar."),
    rules.DosesWrong.code: marked("This quantity cannot be ordered. See what fits below."),
    rules.HoldExpired.code: marked(
        "The time to confirm ran out and the place went back. Pick a day again."
    ),
    rules.OneOrderPerSeason.code: marked(
        "Your order for this season stands already. You can change it."
    ),
    rules.PassNeeded.code: marked("Wait for your turn first. The lobby shows your place."),
    rules.SeasonPaused.code: marked(
        "Ordering is paused for a moment. A place that you hold stays yours and its time"
        " stands still."
    ),
    rules.KeyUsedOtherwise.code: marked("This page is out of date. Reload it and do it again."),
    "web.origin_not_ours": marked("This page is out of date. Reload it and do it again."),
    "campaigns.body_unreadable": marked(
        "Pick a day in the calendar and write the doses in digits."
    ),
    "campaigns.not_stored_now": marked(
        "This could not be stored just now. Do it again in a moment; nothing is lost."
    ),
}
ANY = marked("This was not done. Look at the page as it stands now.")


def said_of(query: Mapping[str, str]) -> str:
    """Return the sentence for `?refused=code` in the active language; empty if there is none."""
    code = query.get("refused", "")
    return sentence(SENTENCES.get(code, ANY), {}) if code else ""
