"""What the reminder at a quarter's end says: figures about nobody, in the reader's language."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override
from markupsafe import Markup

from standvast.care.insurance.rules.programmes import PROGRAMMES
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.rules.reminders import Outstanding
from standvast.core.delivery.api import Mail
from standvast.kit.words import marked

TIDING = marked(
    "Quarter {number} of {year} is over. Patients of whom you can still claim: {count}."
)


def reminder_letter(
    *,
    to: str,
    language: str,
    organisation_name: str,
    quarter: Quarter,
    outstanding: Sequence[Outstanding],
) -> Mail:
    """Return the mail to one person about one practice and quarter."""
    named = {"number": quarter.number, "year": quarter.year, "organisation": organisation_name}
    with override(language):
        subject = gettext("Still to be claimed: quarter {number} of {year}").format(**named)
        opening = gettext(
            "Quarter {number} of {year} is over. At {organisation} this can still be claimed:"
        ).format(**named)
        rows = [(gettext(PROGRAMMES[one.programme]), _row(one)) for one in outstanding]
        act = gettext("Prepare, decide and submit here: {address}").format(
            address=settings.ADDRESS + reverse("insurance:claims")
        )
        why = gettext("You receive this once a quarter, because you may claim for this practice.")
    lines = [opening, "", *(f"{name}: {said}" for name, said in rows), "", act, "", why, ""]
    return Mail(
        to=to,
        language=language,
        subject=subject,
        text="\n".join(lines),
        html=str(_html(language, opening, rows, (act, why))),
    )


def _row(one: Outstanding) -> str:
    return gettext(
        "{count} patients, {ready} of them ready, {waiting} waiting for a decision or an answer"
    ).format(count=one.people_count, ready=one.ready_count, waiting=one.waiting_count)


def _html(
    language: str, opening: str, rows: Sequence[tuple[str, str]], closing: Sequence[str]
) -> Markup:
    cells = Markup("").join(
        Markup("<tr><th align=left>{}</th><td>{}</td></tr>").format(name, said)
        for name, said in rows
    )
    said_last = Markup("").join(Markup("<p>{}</p>").format(one) for one in closing)
    return Markup(
        "<!doctype html><html lang={}><body><p>{}</p><table cellpadding=6>{}</table>{}"
        "</body></html>"
    ).format(language, opening, cells, said_last)
