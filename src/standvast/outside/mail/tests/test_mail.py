import asyncio
import smtplib
import socket
import tempfile
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from standvast.outside.mail.server import MailServer
from standvast.outside.mail.store import MailStore
from standvast.outside.process import NotLoopback, run_outside
from standvast.outside.records.system import Where

pytestmark = pytest.mark.enable_socket


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def letter(key="a", to="practice@example.org", text="Your order stands.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "desk@example.org"
    mail["To"] = to
    mail["Subject"] = "Confirmed <b>24 June</b>"
    mail["Message-ID"] = f"<{key}@standvast.example>"
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p><script>alert(1)</script>", subtype="html")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="a.ics")
    return mail


def hand_over(port: int, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as peer:
        peer.send_message(mail)


async def hung_up(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(), 2) == b""
    except ConnectionError:
        return True


async def offer(port: int, mail: EmailMessage) -> None:
    await asyncio.to_thread(hand_over, port, mail)


@asynccontextmanager
async def world():
    stop, smtp_port, http_port = asyncio.Event(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        running = asyncio.create_task(
            run_outside(
                stop,
                smtp_port=smtp_port,
                http_port=http_port,
                coverage_port=free_port(),
                folder=Path(folder),
                where=Where("http://127.0.0.1:1", "01999999"),
            )
        )
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_port}") as http:
            for _ in range(200):
                try:
                    await http.get("/mail/counts")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
            try:
                yield smtp_port, http
            finally:
                stop.set()
                await asyncio.wait_for(running, 5)


class TestMailServer:
    async def test_what_it_accepted_can_be_read_and_counted(self):
        async with world() as (smtp, http):
            await offer(smtp, letter())

            (row,) = (
                await http.get("/mail/messages", params={"to": "practice@EXAMPLE.org"})
            ).json()
            assert row["message_id"] == "<a@standvast.example>"
            assert row["subject"] == "Confirmed <b>24 June</b>"
            counts = (await http.get("/mail/counts")).json()
            assert (counts["accepted"], counts["distinct"], counts["repeats"]) == (1, 1, 0)
            assert (await http.get("/mail/messages?to=other@example.org")).json() == []

    async def test_what_probes_send_does_not_push_away_what_people_get(self):
        async with world() as (smtp, http):
            await offer(smtp, letter("a", "practice@example.org"))
            for number in range(60):
                await offer(smtp, letter(f"p{number}", f"probe+{number}@standvast.example"))

            shown = (await http.get("/mail")).text
            assert "practice@example.org" in shown
            assert "probe+" not in shown
            assert "61 accepted" in shown
            assert "probe+59@" in (await http.get("/mail?probes=yes")).text
            one = (await http.get("/mail", params={"to": "probe+7@standvast.example"})).text
            assert "/mail/9" in one

    async def test_repeats_of_one_message_id_are_counted_apart(self):
        async with world() as (smtp, http):
            for key in ("a", "a", "b"):
                await offer(smtp, letter(key))

            counts = (await http.get("/mail/counts")).json()
            assert (counts["accepted"], counts["distinct"], counts["repeats"]) == (3, 2, 1)
            rows = (await http.get("/mail/messages")).json()
            assert [row["repeat"] for row in rows] == [False, True, False]

    async def test_it_becomes_slow_while_it_runs_and_reading_does_not(self):
        async with world() as (smtp, http):
            await http.post("/mail/behaviour", json={"accept_delay_s": 0.5})
            clock = asyncio.get_running_loop().time
            begun = clock()
            offering = asyncio.create_task(offer(smtp, letter()))
            await asyncio.sleep(0.1)
            assert (await http.get("/mail/counts")).json()["accepted"] == 0
            assert clock() - begun < 0.4

            await offering
            assert clock() - begun >= 0.5

    async def test_a_person_makes_it_slow_and_well_again_by_a_button(self):
        async with world() as (_, http):
            ours = {"Origin": str(http.base_url).rstrip("/")}
            assert 'value="slow"' in (await http.get("/mail")).text
            for mood, delay_s in (("slow", 30.0), ("well", 0.0)):
                answer = await http.post("/mail/mood", data={"mood": mood}, headers=ours)
                assert answer.status_code == 303
                assert (await http.get("/mail/behaviour")).json()["accept_delay_s"] == delay_s

            assert (await http.post("/mail/mood", data={}, headers=ours)).status_code == 404

    @pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", ""])
    async def test_nobody_elses_page_presses_its_buttons(self, origin):
        async with world() as (_, http):
            headers = {"Origin": origin} if origin else {}
            answer = await http.post("/mail/mood", data={"mood": "slow"}, headers=headers)

            assert answer.status_code == 415
            assert (await http.get("/mail/behaviour")).json()["accept_delay_s"] == 0.0

    async def test_it_says_later_and_stores_nothing(self):
        async with world() as (smtp, http):
            await http.post("/mail/behaviour", json={"try_later_share": 1.0})

            with pytest.raises(smtplib.SMTPDataError) as refused:
                await offer(smtp, letter())

            assert refused.value.smtp_code == 451
            counts = (await http.get("/mail/counts")).json()
            assert (counts["accepted"], counts["try_later"]) == (0, 1)

    @pytest.mark.parametrize("rule", ["practice@example.org", "@Example.org"])
    async def test_it_refuses_an_address_for_good(self, rule):
        async with world() as (smtp, http):
            await http.post("/mail/behaviour", json={"reject_addresses": [rule]})

            with pytest.raises(smtplib.SMTPRecipientsRefused):
                await offer(smtp, letter())
            await offer(smtp, letter(to="other@example.net"))

            assert (await http.get("/mail/counts")).json()["rejected"] == 1

    async def test_it_is_gone_and_comes_back(self):
        async with world() as (smtp, http):
            reader, _ = await asyncio.open_connection("127.0.0.1", smtp)
            await reader.readline()
            await http.post("/mail/behaviour", json={"refuse_connections": True})

            with pytest.raises(ConnectionRefusedError):
                await offer(smtp, letter())
            assert await hung_up(reader)

            await http.post("/mail/behaviour", json={"refuse_connections": False})
            await offer(smtp, letter())
            assert (await http.get("/mail/counts")).json()["accepted"] == 1

    async def test_a_lost_answer_leaves_the_message_behind(self):
        async with world() as (smtp, http):
            await http.post("/mail/behaviour", json={"lose_answer_share": 1.0})

            with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
                await offer(smtp, letter())

            counts = (await http.get("/mail/counts")).json()
            assert (counts["accepted"], counts["answer_lost"]) == (1, 1)

    async def test_who_hangs_up_while_it_is_slow_has_sent_it_all_the_same(self):
        async with world() as (smtp, http):
            await http.post("/mail/behaviour", json={"accept_delay_s": 0.3})

            def impatient():
                with smtplib.SMTP("127.0.0.1", smtp, timeout=0.1) as peer:
                    peer.send_message(letter())

            with pytest.raises(OSError):
                await asyncio.to_thread(impatient)
            assert (await http.get("/mail/counts")).json()["accepted"] == 0
            await asyncio.sleep(0.4)
            assert (await http.get("/mail/counts")).json()["accepted"] == 1

    @pytest.mark.parametrize(
        "wish",
        [{"accept_delay_s": -1}, {"try_later_share": 2}, {"speed": 3}, {"accept_delay_s": "x"}, []],
    )
    async def test_a_wish_it_does_not_know_changes_nothing(self, wish):
        async with world() as (_, http):
            assert (await http.post("/mail/behaviour", json=wish)).status_code == 422
            assert (await http.get("/mail/behaviour")).json()["accept_delay_s"] == 0


class TestReading:
    async def test_people_read_the_list_and_a_message_without_its_scripts(self):
        async with world() as (smtp, http):
            assert "No mail" in (await http.get("/mail")).text
            await offer(smtp, letter())

            page = await http.get("/mail")
            assert "Simulated world." in page.text
            assert "Confirmed &lt;b&gt;24 June&lt;/b&gt;" in page.text
            assert "Your order stands." in (await http.get("/mail/1")).text
            formatted = await http.get("/mail/1/html")
            assert formatted.headers["content-security-policy"].startswith("sandbox")
            kept = await http.get("/mail/1/attachments/0")
            assert kept.content == b"BEGIN:VCALENDAR"
            assert 'filename="a.ics"' in kept.headers["content-disposition"]

    async def test_what_is_not_there_says_so(self):
        async with world() as (_, http):
            for path in ("/mail/1", "/mail/1/html", "/mail/1/raw", "/mail/1/attachments/0"):
                answer = await http.get(path)
                assert answer.status_code == 404
                assert "not here" in answer.text

    async def test_another_site_can_neither_ask_nor_order(self):
        async with world() as (_, http):
            rebound = await http.get("/mail/counts", headers={"Host": "evil.example"})
            form = await http.post("/mail/behaviour", data={"accept_delay_s": "9"})

            assert (rebound.status_code, form.status_code) == (421, 415)


class TestBounds:
    @pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.1", "localhost", ""])
    async def test_it_listens_on_loopback_only(self, address, tmp_path):
        with pytest.raises(NotLoopback):
            await run_outside(
                asyncio.Event(),
                smtp_port=0,
                http_port=0,
                coverage_port=0,
                folder=tmp_path,
                where=Where("http://127.0.0.1:1", "01999999"),
                address=address,
            )

    def test_the_oldest_make_room_by_count_and_by_bytes(self):
        now = datetime.now(UTC)
        store = MailStore(messages_max=3, bytes_max=50)
        for number in range(5):
            store.keep(
                message_id=str(number), sender="", recipients=("a@b",), content=b"x" * 10,
                offered_at=now, accepted_at=now,
            )  # fmt: skip
        assert [mail.id for mail in store.newest()] == [5, 4, 3]
        assert (store.one(2), store.one(3).id, store.one(6)) == (None, 3, None)
        store.keep(
            message_id="big", sender="", recipients=("a@b",), content=b"x" * 45,
            offered_at=now, accepted_at=now,
        )  # fmt: skip
        assert [mail.id for mail in store.newest()] == [6]
        assert (store.accepted_count, store.stored_count) == (6, 1)

    async def test_a_full_server_hangs_up_on_the_next(self, monkeypatch):
        monkeypatch.setattr("standvast.outside.mail.server.CONNECTIONS_MAX", 1)
        server = MailServer(address="127.0.0.1", port=0, store=MailStore())
        await server.start()
        first, _ = await asyncio.open_connection("127.0.0.1", server.port)
        assert (await first.readline()).startswith(b"220")
        second, _ = await asyncio.open_connection("127.0.0.1", server.port)
        assert await hung_up(second)
        await server.stop()
