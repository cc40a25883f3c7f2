"""What the mail server accepted: a bounded ring, and a count per Message-ID."""

import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property

MESSAGES_MAX = 50_000
BYTES_MAX = 400_000_000
IDS_MAX = 500_000
PROBE = re.compile(r"probe(\+[^@]*)?@", re.IGNORECASE)
"""The mail box of probes, which write to it all day."""


@dataclass(frozen=True)
class Mail:
    """One message as it came in. `id` counts up from 1."""

    id: int
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    offered_at: datetime
    accepted_at: datetime
    repeat: bool
    """Whether this Message-ID had been accepted before."""

    @cached_property
    def parsed(self) -> EmailMessage:
        """The message, parsed at first look."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def is_of_probe(self) -> bool:
        """Whether nobody but a probe's own mail box gets it."""
        return all(PROBE.match(address) for address in self.recipients)

    @property
    def subject(self) -> str:
        """Return its subject line; empty when there is none."""
        return str(self.parsed.get("subject", ""))

    def body(self, kind: str) -> str:
        """Return its text in `plain` or `html`; empty when it has none."""
        part = self.parsed.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""

    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Return name, type and bytes of what is attached."""
        return [
            (part.get_filename() or "unnamed", part.get_content_type(), _bytes_of(part))
            for part in self.parsed.iter_attachments()
        ]


def _bytes_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


class MailStore:
    """The last messages, newest last; the oldest go when either bound is reached."""

    def __init__(self, *, messages_max: int = MESSAGES_MAX, bytes_max: int = BYTES_MAX) -> None:
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._ring: deque[Mail] = deque()
        self._bytes_count = 0
        self._times_by_id: OrderedDict[str, int] = OrderedDict()
        self.accepted_count = 0
        self.repeats_count = 0

    def keep(
        self,
        *,
        message_id: str,
        sender: str,
        recipients: tuple[str, ...],
        content: bytes,
        offered_at: datetime,
        accepted_at: datetime,
    ) -> Mail:
        """Store one message and count its Message-ID."""
        times = self._times_by_id.get(message_id, 0) + 1
        self._times_by_id[message_id] = times
        while len(self._times_by_id) > IDS_MAX:
            self._times_by_id.popitem(last=False)
        self.accepted_count += 1
        self.repeats_count += times > 1
        mail = Mail(
            id=self.accepted_count,
            message_id=message_id,
            sender=sender,
            recipients=recipients,
            content=content,
            offered_at=offered_at,
            accepted_at=accepted_at,
            repeat=times > 1,
        )
        self._ring.append(mail)
        self._bytes_count += len(content)
        while len(self._ring) > self._messages_max or self._bytes_count > self._bytes_max:
            self._bytes_count -= len(self._ring.popleft().content)
        return mail

    def one(self, number: int) -> Mail | None:
        """Return the message with this number, unless it has left the ring."""
        if not self._ring or not self._ring[0].id <= number <= self._ring[-1].id:
            return None
        return self._ring[number - self._ring[0].id]

    def newest(
        self, *, to: str = "", before: int = 0, limit: int = 50, with_probes: bool = True
    ) -> list[Mail]:
        """Return messages newest first: those to an address, those below a number."""
        found: list[Mail] = []
        wanted = to.lower()
        for mail in self._backwards(before):
            if wanted and wanted not in (address.lower() for address in mail.recipients):
                continue
            if not with_probes and mail.is_of_probe:
                continue
            found.append(mail)
            if len(found) == limit:
                break
        return found

    def _backwards(self, before: int) -> Iterator[Mail]:
        for mail in reversed(self._ring):
            if not before or mail.id < before:
                yield mail

    @property
    def stored_count(self) -> int:
        """How many messages can still be read."""
        return len(self._ring)

    @property
    def distinct_count(self) -> int:
        """How many different Message-IDs were accepted."""
        return self.accepted_count - self.repeats_count

    def forget(self) -> None:
        """Empty the store and start counting anew."""
        self._ring.clear()
        self._times_by_id.clear()
        self._bytes_count = self.accepted_count = self.repeats_count = 0
