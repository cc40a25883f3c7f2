import asyncio
import sys
from contextlib import asynccontextmanager

import pytest

from standvast.drills.frame.http import Browser, NoAnswer

pytestmark = pytest.mark.enable_socket


@asynccontextmanager
async def server(*answers: bytes, heard: list | None = None):
    """Answers each request on each connection with the next of `answers`; empty hangs up."""
    script = iter(answers)
    heard = heard if heard is not None else []
    opened = []

    async def serve(reader, writer):
        opened.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
                body = await reader.readexactly(int(fields.get(b"Content-Length", 0)))
                heard.append((head.decode(), body))
                answer = next(script)
                if not answer:
                    break
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError, StopIteration):
            pass
        finally:
            writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}", opened
    finally:
        running.close()


def answer(body: bytes, status="200 OK", more="") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


class TestBrowser:
    async def test_keeps_one_connection_and_sends_who_it_is(self):
        heard = []
        async with server(answer(b"{}"), answer(b'{"a": 1}'), heard=heard) as (url, opened):
            browser = Browser(url, cookies={"sessionid": "s", "csrftoken": "c"}, csrf="c")
            assert (await browser.get("/x")).json() == {}
            reply = await browser.post("/y", {"doses": 10})

            assert (reply.is_ok, reply.json(), len(opened)) == (True, {"a": 1}, 1)
            assert "Cookie: sessionid=s; csrftoken=c" in heard[0][0]
            assert f"Origin: {url}" in heard[1][0]
            assert "X-CSRFToken: c" in heard[1][0]
            assert heard[1][1] == b'{"doses": 10}'
            assert reply.told_at >= reply.asked_at
            browser.close()

    async def test_keeps_the_cookies_it_is_given(self):
        heard, more = [], "Set-Cookie: pass=abc; Path=/; HttpOnly\r\nSet-Cookie: t=1\r\n"
        async with server(answer(b"", more=more), answer(b""), heard=heard) as (url, _):
            browser = Browser(url, cookies={"s": "x"})
            await browser.get("/")
            await browser.get("/")

            assert "Cookie: s=x; pass=abc; t=1\r\n" in heard[1][0]
            browser.close()

    async def test_reads_chunks_and_refusals(self):
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunked += b"3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n"
        full = answer(
            b'{"code": "campaigns.day_full"}', "409 Conflict",
            "Content-Type: application/problem+json\r\n",
        )  # fmt: skip
        async with server(chunked, full, b"HTTP/1.1 204 No Content\r\n\r\n") as (url, opened):
            browser = Browser(url)
            assert (await browser.get("/")).body == b"abcde"
            refused = await browser.post("/", {})
            assert (refused.status, refused.code) == (409, "campaigns.day_full")
            assert (await browser.get("/")).status == 204
            assert len(opened) == 1
            browser.close()

    async def test_asks_again_on_a_dead_kept_connection_but_never_sends_twice(self):
        async with server(answer(b"1"), b"", answer(b"2"), b"", answer(b"3")) as (url, opened):
            browser = Browser(url)
            assert (await browser.get("/")).body == b"1"
            assert (await browser.get("/")).body == b"2"
            with pytest.raises(NoAnswer):
                await browser.post("/", {})
            assert len(opened) == 2
            assert (await browser.get("/")).body == b"3"
            browser.close()

    async def test_gives_up_at_the_deadline_and_forgets_the_connection(self):
        async with server(b"HTTP/1.1 200", answer(b"late")) as (url, opened):
            browser = Browser(url)
            with pytest.raises(NoAnswer, match="Timeout"):
                await browser.get("/", deadline_s=0.1)
            assert (await browser.get("/")).body == b"late"
            assert len(opened) == 2
            browser.close()

    @pytest.mark.parametrize(
        "nonsense",
        [
            b"nonsense\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        ],
    )
    async def test_nonsense_is_no_answer(self, nonsense):
        async with server(nonsense) as (url, _):
            with pytest.raises(NoAnswer):
                await Browser(url).get("/")

    @pytest.mark.skipif(sys.platform != "linux", reason="only there 127.1.0.7 is this machine too")
    async def test_comes_from_the_address_it_was_given(self):
        async with server() as (url, _):
            browser = Browser(url, address="127.1.0.7")
            _, writer = await browser._connect()
            assert writer.get_extra_info("sockname")[0] == "127.1.0.7"
            browser.close()

    async def test_nobody_there_is_no_answer(self):
        async with server() as (url, _):
            pass
        with pytest.raises(NoAnswer, match="Refused"):
            await Browser(url).get("/")
