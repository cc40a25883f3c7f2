"""What reason codes mean, in a sentence. Codes without one are shown as they are."""

from django.utils.translation import gettext

from standvast.kit.words import marked

REASONS = {
    "delivery.gave_up": marked("Given up: it had all its attempts, or it became too old."),
    "delivery.handed_over": marked("Taken off the lane by a colleague."),
    "delivery.cannot_open": marked("It cannot be opened: its sealing key is missing."),
    "delivery.lease_expired": marked("The courier that had it stopped halfway."),
    "delivery.handed_back": marked("The courier that had it was stopped."),
    "delivery.timed_out": marked("The other side did not answer in time."),
    "delivery.destination_broke": marked("Our own code failed; the log has the details."),
    "events.unreadable": marked("Nobody here knows this event, or not in this version."),
    "events.not_stored": marked("The database did not answer, or cut it off."),
    "events.lease_lost": marked("Another courier has it; what this one did was undone."),
    "smtp.timed_out": marked("The mail server did not answer in time."),
    "smtp.unreachable": marked("The mail server cannot be reached."),
    "smtp.hung_up": marked("The mail server ended the connection."),
    "smtp.not_a_mail": marked("This is not a mail."),
    "smtp.cannot_be_written": marked("No mail can be written from this."),
}
PREFIXES = {
    "smtp.5": marked("The mail server refused it."),
    "smtp.4": marked("The mail server asked to come back later."),
}


def reason_text(code: str) -> str:
    """Return what a reason code means in the active language; the code itself if unknown."""
    known = REASONS.get(code) or next(
        (text for start, text in PREFIXES.items() if code.startswith(start)), ""
    )
    return gettext(known) if known else code
