"""What the confirmation mail says, in three languages, with its calendar file."""

from datetime import timedelta

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from icalendar import Calendar, Event
from markupsafe import Markup

from standvast.care.campaigns import rules
from standvast.care.campaigns.views import OrderView
from standvast.core.delivery.api import Attachment, Mail
from standvast.registry.organisations.api import OrganisationView

LOCALES = {"nl": "nl_NL", "fr": "fr_BE", "en": "en_GB"}


def confirmation_letter(order: OrderView, organisation: OrganisationView) -> Mail:
    """Return the mail about one version of an order, in the language it was ordered in."""
    with override(order.language):
        subject, opening = _said(order)
        rows = _rows(order, organisation)
        closing = _closing(order)
    text = "\n".join([opening, "", *(f"{name}: {value}" for name, value in rows), "", closing, ""])
    attachments: tuple[Attachment, ...] = ()
    if order.is_confirmed:
        attachments = (Attachment("delivery.ics", "text/calendar", calendar_file(order)),)
    return Mail(
        to=organisation.email,
        language=order.language,
        subject=subject,
        text=text,
        html=str(_html(order.language, opening, rows, closing)),
        attachments=attachments,
    )


def season_title(programme: str, year: int) -> str:
    """Return a season as people name it, in the active language."""
    return f"{gettext(rules.PROGRAMME_TITLES[programme])} {year}"


def calendar_file(order: OrderView) -> bytes:
    """Return the delivery day as an all-day entry; a later version replaces an earlier one."""
    event = Event()
    event.add("uid", f"{order.id}@standvast.example")
    event.add("sequence", order.version - 1)
    event.add("dtstamp", order.confirmed_at or order.hold_taken_at)
    event.add("dtstart", order.delivery_on)
    event.add("dtend", order.delivery_on + timedelta(days=1))
    event.add("status", "CONFIRMED" if order.is_confirmed else "CANCELLED")
    with override(order.language):
        title = season_title(order.season.programme, order.season.year)
        event.add("summary", gettext("Vaccine delivery: {title}").format(title=title))
        event.add(
            "description",
            gettext("{doses} doses, order {reference}").format(
                doses=order.doses, reference=order.reference
            ),
        )
    calendar = Calendar()
    calendar.add("prodid", "-//Standvast//campaigns//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _said(order: OrderView) -> tuple[str, str]:
    values = {
        "title": season_title(order.season.programme, order.season.year),
        "reference": order.reference,
    }
    if order.state == rules.OrderState.CANCELLED:
        subject = gettext("Cancelled: {title}, order {reference}")
        opening = gettext("Your order is cancelled. Nothing will be delivered for it.")
    elif order.version > 1:
        subject = gettext("Changed: {title}, order {reference}")
        opening = gettext("Your order is changed. This is how it stands now.")
    else:
        subject = gettext("Confirmed: {title}, order {reference}")
        opening = gettext("Your order stands. Its place on the delivery day is yours.")
    return subject.format(**values), opening


def _rows(order: OrderView, organisation: OrganisationView) -> list[tuple[str, str]]:
    locale = LOCALES.get(order.language, "en_GB")
    rows = [
        (gettext("Order"), order.reference),
        (gettext("For"), organisation.name),
        (gettext("Vaccine"), season_title(order.season.programme, order.season.year)),
        (gettext("Doses"), str(order.doses)),
        (
            gettext("Delivery day"),
            format_date(order.delivery_on, "EEEE d MMMM y", locale=locale),
        ),
        (gettext("Delivery address"), organisation.address_line),
    ]
    if order.confirmed_at is not None:
        at = timezone.localtime(order.confirmed_at)
        rows.append((gettext("Confirmed"), at.strftime("%d-%m-%Y %H:%M:%S")))
    return rows


def _closing(order: OrderView) -> str:
    address = f"{settings.ADDRESS}/campaigns/{order.season.slug}/"
    if order.state == rules.OrderState.CANCELLED:
        return gettext("See all your orders: {address}").format(address=address)
    until = format_date(
        order.last_change_on, "EEEE d MMMM y", locale=LOCALES.get(order.language, "en_GB")
    )
    return gettext("You can change or cancel it until {until}: {address}").format(
        until=until, address=address
    )


def _html(language: str, opening: str, rows: list[tuple[str, str]], closing: str) -> Markup:
    cells = Markup("").join(
        Markup("<tr><th align=left>{}</th><td>{}</td></tr>").format(name, value)
        for name, value in rows
    )
    return Markup(
        "<!doctype html><html lang={}><body><p>{}</p><table cellpadding=6>{}</table>"
        "<p>{}</p></body></html>"
    ).format(language, opening, cells, closing)
