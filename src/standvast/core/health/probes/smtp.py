"""SMTP: how long a mail server takes to accept a message (what report 004 died of)."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from standvast.core.health.declared import WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import Watchglass, green, red
from standvast.kit.ids import uuid7
from standvast.kit.words import marked

KIND = "smtp"
LINE_BYTES_MAX = 4096
LINES_MAX = 60
SLOW = marked("The mail server takes longer than {seconds} seconds to accept a message.")
REFUSED = marked("The mail server refuses a message at {step} (answer {answer}).")
UNREACHED = marked("The mail server could not be reached ({reason}).")


class _Refused(Exception):
    def __init__(self, step: str, answer: int) -> None:
        super().__init__(f"{step} {answer}")
        self.step, self.answer = step, answer


def smtp_probe(
    name: str,
    target: str,
    *,
    host: str | Callable[[], str],
    port: int | Callable[[], int],
    sender: str,
    to: str,
    slow_after_s: float = 5.0,
    starttls: ssl.SSLContext | None = None,
    variant: str = WHOLE,
    interval_s: float = 10.0,
    red_after: int = 2,
    green_after: int = 3,
) -> Probe:
    """Hand the peer one marked message and measure until it says that it has it.

    The message goes to an address kept for it, and says to machines what it is; it is the whole
    accept-to-deliver delay as a sender meets it. Given up after `slow_after_s`: with the defaults
    a slow server is found within 27 s.
    """

    async def run(context: ProbeContext) -> Observation:
        glass = Watchglass()
        where = (host() if callable(host) else host, port() if callable(port) else port)
        message = probe_message(sender=sender, to=to, now=context.now)
        try:
            async with asyncio.timeout(slow_after_s):
                await _deliver(*where, sender, to, message, starttls)
        except TimeoutError:
            seconds = int(slow_after_s)
            return red("health.smtp_slow", SLOW, duration_ms=glass.ms, seconds=seconds)
        except _Refused as error:
            return red(
                "health.smtp_refused",
                REFUSED,
                duration_ms=glass.ms,
                step=error.step,
                answer=error.answer,
            )
        except (OSError, ssl.SSLError, EOFError, ValueError) as error:
            reason = type(error).__name__
            return red("health.smtp_unreached", UNREACHED, duration_ms=glass.ms, reason=reason)
        return green(glass.ms, value=glass.ms / 1000)

    return Probe(
        name, target, run, variant, KIND, interval_s, slow_after_s + 1.0, red_after, green_after,
        without_database=True,
    )  # fmt: skip


def probe_message(*, sender: str, to: str, now: datetime) -> bytes:
    """Return the marked message, ready for the wire."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = "Standvast probe"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<probe-{uuid7()}@standvast.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Standvast-Probe"] = "1"
    message.set_content("This message measures how soon mail is accepted. It may be deleted.\n")
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def _deliver(
    host: str,
    port: int,
    sender: str,
    to: str,
    message: bytes,
    starttls: ssl.SSLContext | None,
) -> None:
    reader, writer = await asyncio.open_connection(host, port, limit=LINE_BYTES_MAX)

    async def say(step: str, line: bytes, *wanted: int) -> None:
        writer.write(line + b"\r\n")
        await writer.drain()
        await _answer(reader, step, *wanted)

    try:
        await _answer(reader, "greeting", 220)
        await say("EHLO", b"EHLO standvast.invalid", 250)
        if starttls is not None:
            await say("STARTTLS", b"STARTTLS", 220)
            await writer.start_tls(starttls, server_hostname=host)
            await say("EHLO", b"EHLO standvast.invalid", 250)
        await say("MAIL", f"MAIL FROM:<{sender}>".encode(), 250)
        await say("RCPT", f"RCPT TO:<{to}>".encode(), 250, 251)
        await say("DATA", b"DATA", 354)
        await say("message", message.replace(b"\r\n.", b"\r\n..") + b".", 250)
        with contextlib.suppress(_Refused, EOFError):
            await say("QUIT", b"QUIT", 221)
    finally:
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader, step: str, *wanted: int) -> None:
    for _ in range(LINES_MAX):
        line = await reader.readline()
        if not line:
            raise EOFError
        code = int(line[:3])
        if line[3:4] != b"-":
            if code not in wanted:
                raise _Refused(step, code)
            return
    raise ValueError("too many lines")
