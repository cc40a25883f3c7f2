"""Mails about accounts: in the person's language, text and HTML, on the lane."""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from standvast.core.delivery.api import Message, Urgency, mail_message


def account_mail(
    template: str,
    *,
    key: str,
    to: str,
    language: str,
    subject: str,
    context: Mapping[str, object],
) -> Message:
    """Return the delivery of a mail made from `people/mail/<template>.txt` and `.html`.

    `subject` is marked English; a person waits for this mail, so it goes before others.
    """
    with translation.override(language):
        spoken = gettext(subject)
        said = {"subject": spoken, **context}
        return mail_message(
            key=key,
            to=to,
            language=language,
            subject=spoken,
            text=render_to_string(f"people/mail/{template}.txt", said),
            html=render_to_string(f"people/mail/{template}.html", said),
            urgency=Urgency.URGENT,
        )
