"""Mail as a delivery: what a mail is, how it travels on the lane, Django's mail backend.

One mail, one recipient: so each has its own fate, and order is kept per mail box.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.policy import default as default_policy
from email.utils import getaddresses
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from standvast.core.delivery.operations import enqueue_many
from standvast.core.delivery.sealing import first_key
from standvast.core.delivery.values import Message, Payload, Urgency
from standvast.database.api import database_now
from standvast.kit.errors import Invalid
from standvast.kit.ids import uuid7
from standvast.kit.words import marked

MAIL = "mail"
ADDRESS_CHARACTERS_MAX = 254
SUBJECT_CHARACTERS_MAX = 200
ATTACHMENTS_MAX = 5


class AddressWrong(Invalid):
    """This is not one mail address."""

    code = "delivery.address_wrong"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along, for instance a calendar entry."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, in that person's language."""

    to: str = field(repr=False)
    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    sender: str = ""
    """Empty: the installation's own address."""


def checked_address(text: str) -> str:
    """Return the bare address in `text`.

    :raises AddressWrong: if it is not exactly one address, or could start another header.
    """
    wrong = AddressWrong(marked("This is not a mail address."))
    if len(text) > 2 * ADDRESS_CHARACTERS_MAX or any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise wrong
    try:
        header = default_policy.header_factory("To", text)
    except (ValueError, IndexError) as error:  # the parser's own words for what it cannot read
        raise wrong from error
    addresses = [] if header.defects else header.addresses
    if len(addresses) != 1 or not addresses[0].username or "." not in addresses[0].domain:
        raise wrong
    found = str(addresses[0].addr_spec)
    if len(found) > ADDRESS_CHARACTERS_MAX or any(c.isspace() for c in found):
        raise wrong
    return found


def subject_of(address: str) -> str:
    """Return what keeps mails to one box in order, without showing the address."""
    keyed = hmac.digest(first_key().digest_key, address.lower().encode(), hashlib.sha256)
    return f"box:{keyed.hex()[:24]}"


def mail_message(
    *,
    key: str,
    to: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
    urgency: Urgency = Urgency.NORMAL,
    sender: str = "",
) -> Message:
    """Return the delivery of one mail on the lane "mail". Its Message-ID follows from `key`.

    :raises AddressWrong: if `to` is not one address.
    """
    assert len(attachments) <= ATTACHMENTS_MAX, f"at most {ATTACHMENTS_MAX} attachments"
    address = checked_address(to)
    mail = Mail(
        to=address,
        language=language,
        subject=one_line(subject)[:SUBJECT_CHARACTERS_MAX],
        text=text,
        html=html,
        attachments=tuple(attachments),
        sender=sender,
    )
    return Message(
        lane=MAIL, subject=subject_of(address), key=key, payload=payload_of(mail), urgency=urgency
    )


def one_line(text: str) -> str:
    """Return text that cannot start another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def payload_of(mail: Mail) -> Payload:
    """Return a mail as the payload of a delivery."""
    return {
        "to": mail.to,
        "language": mail.language,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "sender": mail.sender,
        "attachments": [
            {
                "name": item.name,
                "media_type": item.media_type,
                "content": base64.b64encode(item.content).decode(),
            }
            for item in mail.attachments
        ],
    }


def mail_of(payload: Payload) -> Mail:
    """Return the mail in a payload.

    :raises KeyError: if it is not one.
    """
    attachments = cast("Sequence[Mapping[str, str]]", payload["attachments"])
    return Mail(
        to=str(payload["to"]),
        language=str(payload["language"]),
        subject=str(payload["subject"]),
        text=str(payload["text"]),
        html=str(payload["html"]),
        sender=str(payload["sender"]),
        attachments=tuple(
            Attachment(item["name"], item["media_type"], base64.b64decode(item["content"]))
            for item in attachments
        ),
    )


class LaneBackend(BaseEmailBackend):
    """Django's mail backend: a library's mail goes over the lane like everybody's.

    Joins the open transaction, or opens its own. One delivery per recipient.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        messages = [m for each in email_messages for m in _messages_of(each)]
        now: datetime = database_now()
        with transaction.atomic():
            enqueue_many(messages, now=now)
        return len(email_messages)


def _messages_of(mail: EmailMessage) -> list[Message]:
    recipients = [address for _, address in getaddresses(mail.recipients()) if address]
    html = ""
    if isinstance(mail, EmailMultiAlternatives):
        html = next((str(part[0]) for part in mail.alternatives if part[1] == "text/html"), "")
    text = str(mail.body)
    if mail.content_subtype == "html":
        html, text = text, ""
    common: dict[str, Any] = {
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "subject": str(mail.subject),
        "text": text,
        "html": html,
        "attachments": _attachments_of(mail),
        "sender": mail.from_email if mail.from_email != settings.DEFAULT_FROM_EMAIL else "",
        "urgency": Urgency.URGENT,  # a person waits for it: a code, a link
    }
    return [mail_message(key=str(uuid7()), to=to, **common) for to in recipients]


def _attachments_of(mail: EmailMessage) -> list[Attachment]:
    found = []
    for item in mail.attachments:
        assert isinstance(item, tuple), "attach by name, content and type"
        name, content, media_type = item
        data = content if isinstance(content, bytes) else str(content).encode()
        found.append(Attachment(str(name), media_type or "application/octet-stream", data))
    return found
