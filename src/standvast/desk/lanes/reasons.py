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
    "coverage.asked_wrongly": marked("The insurers say that we asked wrongly."),
    "coverage.value_unknown": marked("The insurers answered with a value that we do not know."),
    "coverage.nobody_to_ask_about": marked("The patient or the practice is not there any more."),
    "coverage.not_a_question": marked("This is not a question for the insurers."),
    "coverage.no_certificate": marked("No certificate is in use here to show to the insurers."),
    "coverage.tls": marked("The insurers and we do not take each other's certificate."),
    "coverage.not_authorised": marked("The insurers do not authorise our certificate."),
    "coverage.fault": marked("The insurers say that they cannot answer for the moment."),
    "coverage.timed_out": marked("The insurers did not answer in time."),
    "coverage.unreachable": marked("The insurers cannot be reached, or hung up."),
    "coverage.unreadable": marked("The insurers' answer cannot be read."),
    "coverage.answer_too_long": marked("The insurers' answer is longer than we take."),
    "coverage.not_stored": marked("The database did not take the answer: it is asked again."),
    "smtp.timed_out": marked("The mail server did not answer in time."),
    "smtp.unreachable": marked("The mail server cannot be reached."),
    "smtp.hung_up": marked("The mail server ended the connection."),
    "smtp.not_a_mail": marked("This is not a mail."),
    "smtp.cannot_be_written": marked("No mail can be written from this."),
}
PREFIXES = {
    "coverage.http_": marked("The insurers asked to come back later, or failed."),
    "smtp.5": marked("The mail server refused it."),
    "smtp.4": marked("The mail server asked to come back later."),
}


def reason_text(code: str) -> str:
    """Return what a reason code means in the active language; the code itself if unknown."""
    known = REASONS.get(code) or next(
        (text for start, text in PREFIXES.items() if code.startswith(start)), ""
    )
    return gettext(known) if known else code
