"""The red twin of opening-night: the original, faulty design. For drills only (see `checks`).

It fixes an order only after its mail was handed to the mail server, counts in the calendar only
what is fixed, and charges the person for the time that the mail took: no grace after a hold, and
nothing given back for our own silence. It never sells a place twice either: that is forbidden by
the table, whatever the code does.
"""

import asyncio
import smtplib
import time
from email.message import EmailMessage
from uuid import UUID

from django.conf import settings

from standvast.care.campaigns import rules
from standvast.care.campaigns.calendar import SeasonBook
from standvast.kit.actor import Actor

NAME = "mail-first"
MAILS_AT_ONCE_MAX = 8
MAIL_S_MAX = 120.0
AGAIN_S = 0.5
"""A mail that is refused is handed over again: the order waits for it, as the design has it."""
_doors: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


def is_on() -> bool:
    """Whether this installation has the faulty design."""
    return bool(settings.TWIN == NAME)


def faulty_book() -> SeasonBook:
    """Return a calendar that reads only fixed orders: holds are invisible."""
    return SeasonBook(sql_name="calendar_of_fixed")


async def mail_first(order_id: UUID, actor: Actor) -> float:
    """Hand the mail over and wait for it; return the moment that then counts as arrival.

    That is after the mail, and past the grace that a hold would have had.
    """
    door = _doors.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MAILS_AT_ONCE_MAX))
    async with door:
        await asyncio.to_thread(_hand_over, order_id, actor)
    return time.monotonic() + rules.GRACE.total_seconds()


def _hand_over(order_id: UUID, actor: Actor) -> None:
    mail = EmailMessage()
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = f"{actor.organisation_id}@practice.example"
    mail["Subject"] = "Order"
    mail["Message-ID"] = f"<campaigns.confirmation.{order_id}@standvast.example>"
    mail.set_content("Order")
    give_up_at = time.monotonic() + MAIL_S_MAX
    while time.monotonic() < give_up_at:
        try:
            with smtplib.SMTP(settings.MAIL_HOST, settings.MAIL_PORT, timeout=MAIL_S_MAX) as server:
                server.send_message(mail)
                return
        except (smtplib.SMTPException, OSError):
            time.sleep(AGAIN_S)
