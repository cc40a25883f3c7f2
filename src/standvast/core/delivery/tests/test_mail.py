"""Mail: what it looks like on the wire, what the server may answer, what cannot be slipped in."""

import asyncio
import base64
import email
import hashlib
import re
from collections import Counter
from datetime import timedelta
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.core.mail import EmailMultiAlternatives, send_mail
from hypothesis import given
from hypothesis import strategies as st

from standvast.core.delivery.api import (
    Accepted,
    AddressWrong,
    Attachment,
    Mail,
    RefusedByPeer,
    SmtpDestination,
    TryLater,
    mail_message,
)
from standvast.core.delivery.destinations.dkim import (
    DkimKeyWrong,
    relaxed_body,
    relaxed_header,
    sign,
)
from standvast.core.delivery.destinations.letter import letter, message_id
from standvast.core.delivery.mail import mail_of, payload_of, subject_of
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.sealing import opened
from standvast.core.delivery.testing import MONDAY_9H, DestinationContract, lease_for

SENDER = "Standvast <noreply@standvast.example>"
MAIL = Mail(
    to="huisarts@praktijk.example",
    language="nl",
    subject="Bestelling bevestigd: coördinatie",
    text="Uw bestelling is bevestigd.\n",
    html="<p>Uw bestelling is <b>bevestigd</b>.</p>",
    attachments=(Attachment("levering.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n"),),
)


class Server:
    """A mail server in memory: answers as told, knows a Message-ID it has seen."""

    def __init__(self):
        self.stored = Counter()
        self.contents = []
        self.answer = "250 OK taken by x@y.example"
        self.recipient_answer = "250 OK"
        self.is_silent = False
        self.connections_count = 0

    async def start(self):
        loop = asyncio.get_running_loop()

        def connection():
            self.connections_count += 1
            return SMTP(self, loop=loop, enable_SMTPUTF8=True)

        self.listening = await loop.create_server(connection, "127.0.0.1", 0)
        self.port = self.listening.sockets[0].getsockname()[1]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):
        if self.is_silent:
            await asyncio.sleep(30)
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=default)
            self.stored[message["Message-ID"]] += 1
            self.contents.append(envelope.content)
        return self.answer


@pytest.fixture
async def server():
    found = Server()
    await found.start()
    yield found
    found.listening.close()


@pytest.mark.enable_socket
class TestSmtpDestination(DestinationContract):
    @pytest.fixture(autouse=True)
    def peer(self, server):
        self.server = server

    def destination(self):
        return SmtpDestination("127.0.0.1", self.server.port, timeout_s=1.0)

    def payload(self):
        return payload_of(MAIL)

    async def peer_accepts(self):
        self.server.answer = "250 OK"

    async def peer_refuses(self):
        self.server.recipient_answer = "550 no such mailbox"

    async def peer_is_busy(self):
        self.server.answer = "451 later"

    async def peer_is_silent(self):
        self.server.is_silent = True

    async def peer_is_gone(self):
        self.server.listening.close()

    async def effects_of(self, key):
        # The receiving side knows a repeat by its Message-ID: one id is one effect.
        return len(self.server.stored)

    async def attempt(self):
        return await self.destination().attempt(lease_for(payload_of(MAIL)))

    @pytest.mark.parametrize(
        ("answer", "recipient_answer", "expected"),
        [
            ("250 ok", "250 ok", Accepted(receipt="ok")),
            ("451 x", "250 ok", TryLater("smtp.451", peer_is_up=True)),
            ("250 ok", "450 full", TryLater("smtp.450", peer_is_up=True)),
            ("554 spam", "250 ok", RefusedByPeer("smtp.554")),
            ("250 ok", "550 none", RefusedByPeer("smtp.550")),
            ("421 going", "250 ok", TryLater("smtp.421")),
        ],
    )
    async def test_tells_later_from_never_and_a_full_box_from_a_fault(
        self, answer, recipient_answer, expected
    ):
        self.server.answer, self.server.recipient_answer = answer, recipient_answer

        assert await self.attempt() == expected

    async def test_keeps_no_address_in_its_receipt(self):
        outcome = await self.attempt()

        assert isinstance(outcome, Accepted)
        assert "@" not in outcome.receipt

    async def test_uses_a_connection_again(self):
        destination = self.destination()
        for number in range(5):
            lease = lease_for(payload_of(MAIL), key=f"k{number}")
            assert isinstance(await destination.attempt(lease), Accepted)

        assert self.server.connections_count == 1
        assert len(self.server.stored) == 5

    async def test_offers_again_after_its_connection_was_cut(self):
        destination = self.destination()
        assert isinstance(await destination.attempt(lease_for(payload_of(MAIL))), Accepted)
        for _, client in destination._idle:
            client.transport.abort()
        await asyncio.sleep(0.05)

        outcome = await destination.attempt(lease_for(payload_of(MAIL), key="k2"))

        assert isinstance(outcome, Accepted)


class TestLetter:
    def written(self, mail=MAIL, key="order-1", **more):
        found = letter(mail, key=key, sender=SENDER, written_at=MONDAY_9H, **more)
        return email.message_from_bytes(found.as_bytes(), policy=default)

    def test_has_text_html_and_the_calendar_file_in_the_persons_language(self):
        message = self.written()

        assert message.get_body(("plain",)).get_content().strip() == MAIL.text.strip()
        assert "<b>bevestigd</b>" in message.get_body(("html",)).get_content()
        [file] = message.iter_attachments()
        assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "levering.ics")
        assert message["Content-Language"] == "nl"
        assert message["Subject"] == MAIL.subject
        assert message["Auto-Submitted"] == "auto-generated"

    def test_is_the_same_mail_when_repeated(self):
        first, second = self.written(), self.written()

        assert first["Message-ID"] == second["Message-ID"] == "<order-1@standvast.example>"
        assert first["Date"] == second["Date"]

    def test_gives_every_key_its_own_id(self):
        odd = ["a b", "a:b", "é", "<x>", "x\r\nBcc: y@z", "x" * 200]
        ids = {message_id(key, domain="d.example") for key in odd}

        assert len(ids) == len(odd)
        assert all(re.fullmatch(r"<[a-z0-9]+@d\.example>", found) for found in ids)

    @given(
        subject=st.text(),
        name=st.text(),
        language=st.text(),
        media_type=st.sampled_from(["text/calendar", "x", "a/b\r\nX: y", "text/html"]),
    )
    def test_lets_no_header_be_slipped_in(self, subject, name, language, media_type):
        subject += "\r\nBcc: thief@evil.example\r\n\r\nbody"
        mail = Mail(
            to=MAIL.to,
            language=language + "\nX-Bad: 1",
            subject=subject,
            text="t",
            attachments=(Attachment(name + "\r\nX-Bad: 1", media_type, b"x"),),
        )

        message = self.written(mail, key="k\r\nBcc: thief@evil.example")

        assert message["Bcc"] is None
        assert message["X-Bad"] is None
        assert all(part["X-Bad"] is None for part in message.walk())


class TestMailMessage:
    def test_comes_out_of_its_payload_as_it_went_in(self):
        message = mail_message(
            key="k",
            to=MAIL.to,
            language="nl",
            subject=MAIL.subject,
            text=MAIL.text,
            html=MAIL.html,
            attachments=MAIL.attachments,
        )

        assert message.lane == "mail"
        assert mail_of(message.payload) == MAIL

    def test_keeps_order_per_box_without_showing_the_address(self):
        assert subject_of("A@x.example") == subject_of("a@X.example")
        assert subject_of("a@x.example") != subject_of("b@x.example")
        assert "x.example" not in subject_of("a@x.example")

    @pytest.mark.parametrize(
        "wrong",
        ["", "x", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "a b@c.example",
         "@b.example", "a@", "x" * 260 + "@b.example", "a@b.example\0"],
    )  # fmt: skip
    def test_takes_one_address_and_nothing_else(self, wrong):
        with pytest.raises(AddressWrong):
            mail_message(key="k", to=wrong, language="nl", subject="s", text="t")


@pytest.mark.django_db
class TestLaneBackend:
    def mails(self):
        return [
            mail_of(opened(bytes(row.payload), key_id=row.key_id, lane=row.lane, key=row.key))
            for row in Delivery.objects.order_by("id")
        ]

    @pytest.fixture(autouse=True)
    def backend(self, settings):
        settings.EMAIL_BACKEND = "standvast.core.delivery.mail.LaneBackend"

    def test_hands_in_a_librarys_mail_once_per_recipient(self):
        mail = EmailMultiAlternatives(
            "Reset", "text", None, ["a@x.example"], cc=["B <b@x.example>"]
        )
        mail.attach_alternative("<p>html</p>", "text/html")
        mail.send()

        found = self.mails()
        assert [mail.to for mail in found] == ["a@x.example", "b@x.example"]
        assert {mail.html for mail in found} == {"<p>html</p>"}
        assert {row.urgency for row in Delivery.objects.all()} == {0}

    @pytest.mark.django_db(transaction=True)
    def test_opens_its_own_transaction(self):
        assert send_mail("s", "t", None, ["a@x.example"]) == 1
        assert len(self.mails()) == 1


class TestDkim:
    """Against the examples of RFC 6376, and a signature checked by hand."""

    def test_relaxes_as_the_standard_says(self):
        assert relaxed_header("A", " X\r\n") == "a:X\r\n"
        assert relaxed_header("B ".strip(), " Y\t\r\n\tZ  \r\n") == "b:Y Z\r\n"
        assert relaxed_body(b"A: X\r\n\r\n C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"
        assert relaxed_body(b"A: X\r\n\r\n") == b""

    def test_signs_what_a_receiver_can_check(self):
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        content = letter(MAIL, key="k", sender=SENDER, written_at=MONDAY_9H).as_bytes()

        header = sign(content, pem=pem, domain="standvast.example", selector="s1").decode()

        fields = dict(
            part.strip().split("=", 1)
            for part in header.partition(":")[2].replace("\r\n", "").split(";")
        )
        body = content.partition(b"\r\n\r\n")[2]
        assert (
            fields["bh"]
            == base64.b64encode(hashlib.sha256(relaxed_body(b"\r\n\r\n" + body)).digest()).decode()
        )
        raw = dict(email.message_from_bytes(content).raw_items())
        raw = {name.lower(): value for name, value in raw.items()}
        unsigned = re.sub(r"( b=).*", r"\1", header.partition(":")[2], flags=re.DOTALL)
        signed = "".join(relaxed_header(name, raw[name]) for name in fields["h"].split(":"))
        signed += relaxed_header("dkim-signature", unsigned).removesuffix("\r\n")
        mark = base64.b64decode(fields["b"].replace(" ", ""))
        key.public_key().verify(mark, hashlib.sha256(signed.encode()).digest())

    def test_refuses_what_is_no_key(self):
        with pytest.raises(DkimKeyWrong):
            sign(b"A: b\r\n\r\n", pem=b"nonsense", domain="d", selector="s")


def test_the_mail_lane_gives_the_server_its_time():
    from standvast.core.delivery.lanes import check_lease
    from standvast.core.delivery.mail_lane import MAIL_LANE

    check_lease(MAIL_LANE, SmtpDestination("h", 25))
    assert timedelta(seconds=MAIL_LANE.lease_s) > timedelta(seconds=40)
