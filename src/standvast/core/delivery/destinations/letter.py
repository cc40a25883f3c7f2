"""A mail as bytes on the wire: headers that cannot be injected, text and HTML, calendar files."""

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from standvast.core.delivery.mail import Mail, one_line

_SAFE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


def message_id(key: str, *, domain: str) -> str:
    """Return the Message-ID that belongs to a delivery key: the same key, the same id."""
    local = key if _SAFE_KEY.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{local}@{domain}>"


def domain_of(sender: str) -> str:
    """Return the domain of a sender's address."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def letter(mail: Mail, *, key: str, sender: str, written_at: datetime) -> EmailMessage:
    """Return the message; `written_at` is when it was handed in, so that a repeat is the same."""
    name, address = parseaddr(mail.sender or sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(name), addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id(key, domain=domain_of(sender))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text or _plain(mail.html))
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for item in mail.attachments:
        media_type = item.media_type.partition(";")[0].strip().lower()
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = "application/octet-stream"
        main, _, sub = media_type.partition("/")
        message.add_attachment(
            item.content, maintype=main, subtype=sub, filename=one_line(item.name)[:100]
        )
    # Last: the parts that are added take Content headers along into themselves.
    message["Content-Language"] = one_line(mail.language)[:20]
    return message


def _plain(html: str) -> str:
    """Return the words of HTML, for readers that show none."""
    return re.sub(r"\n\s*\n+", "\n\n", re.sub(r"<[^>]+>", "", html)).strip()
