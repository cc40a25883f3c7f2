"""The HTTP server: what a connection may hold is bounded, a port is taken once, a stop ends it."""

import asyncio

import pytest

from standvast.web import http
from standvast.web.http import LOOSE_BYTES_MAX, HttpServer

pytestmark = [pytest.mark.asyncio, pytest.mark.enable_socket]
HEAD = b"GET /%s HTTP/1.1\r\nHost: here\r\n\r\n"


ended: list[str] = []


async def app(scope, receive, send):
    body = scope["path"].encode()
    if scope["path"] == "/slow":
        await asyncio.sleep(0.4)
    if scope["path"] == "/body":
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        ended.append(message["type"])
    if scope["path"] == "/stream":
        ended.append((await receive())["type"])
        ended.append((await receive())["type"])
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def server():
    found = HttpServer(app, address="127.0.0.1", port=0)
    serving = asyncio.ensure_future(found.serve())
    yield found
    found.stop()
    await asyncio.wait_for(serving, 5)


async def ask(server: HttpServer, *pieces: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        return await asyncio.wait_for(reader.read(4_096), 5)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_answers(server):
    assert b"200 OK" in await ask(server, HEAD % b"hello")


async def test_reads_a_head_that_comes_in_pieces(server):
    assert b"/hello" in await ask(server, b"GET /hel", b"lo HTTP/1.1\r\nHo", b"st: here\r\n\r\n")


async def test_refuses_a_head_without_end(server):
    piece = b"a" * 16_384
    said = await ask(server, b"GET / HTTP/1.1\r\nX-Long: ", *[piece] * 6)
    assert not said or said.startswith(b"HTTP/1.1 400")
    assert b"200 OK" not in said


async def test_a_large_body_is_no_large_head(server):
    size = 4 * LOOSE_BYTES_MAX
    head = b"POST /hello HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % size
    assert b"200 OK" in await ask(server, head, b"b" * size)


async def test_the_second_request_of_a_connection_has_a_head_of_its_own(server):
    filler = b"GET /a HTTP/1.1\r\nHost: here\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for _ in range(3):
        writer.write(filler)
        said = await asyncio.wait_for(reader.readuntil(b"/a"), 5)
        assert b"200 OK" in said
    writer.close()


async def test_a_silent_connection_is_closed(monkeypatch):
    monkeypatch.setattr(http, "SILENT_S_MAX", 0.2)
    found = HttpServer(app, address="127.0.0.1", port=0)
    serving = asyncio.ensure_future(found.serve())
    reader, writer = await asyncio.open_connection("127.0.0.1", found.port)
    assert await asyncio.wait_for(reader.read(), 3) == b""
    writer.close()
    found.stop()
    await asyncio.wait_for(serving, 5)


async def test_a_port_is_taken_once_unless_it_is_shared(server):
    with pytest.raises(OSError, match="in use"):
        HttpServer(app, address="127.0.0.1", port=server.port)


async def test_several_share_a_port():
    one = HttpServer(app, address="127.0.0.1", port=0, shares_port=True)
    other = HttpServer(app, address="127.0.0.1", port=one.port, shares_port=True)
    serving = [asyncio.ensure_future(server.serve()) for server in (one, other)]
    assert b"200 OK" in await ask(other, HEAD % b"hello")
    for server in (one, other):
        server.stop()
    await asyncio.wait_for(asyncio.gather(*serving), 5)


async def test_a_stop_finishes_what_is_under_way():
    found = HttpServer(app, address="127.0.0.1", port=0)
    serving = asyncio.ensure_future(found.serve())
    asked = asyncio.ensure_future(ask(found, HEAD % b"slow"))
    await asyncio.sleep(0.2)
    found.stop()
    await asyncio.wait_for(serving, 5)
    assert b"200 OK" in await asked


CHUNKED = b"POST /body HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_trailers_without_end_are_refused(server):
    opened = [CHUNKED, b"3\r\nabc\r\n0\r\n", b"x-t: "]
    said = await ask(server, *opened, *[b"a" * 16_384] * 6)
    assert b"200 OK" not in said


async def test_a_body_in_chunks_is_read(server):
    assert (await ask(server, CHUNKED, b"3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")).endswith(b"abcdef")


@pytest.mark.parametrize("begun", [b"G", b"GET / HTTP/1.1\r\nHost", CHUNKED + b"3\r\nab"])
async def test_a_request_that_is_never_finished_is_cut(server, monkeypatch, begun):
    monkeypatch.setattr(http, "HEAD_S_MAX", 0.2)
    monkeypatch.setattr(http, "BODY_S_MAX", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(begun)
    assert await asyncio.wait_for(reader.read(), 3) == b""
    writer.close()


async def test_a_head_that_trickles_is_cut_at_its_deadline(server, monkeypatch):
    monkeypatch.setattr(http, "HEAD_S_MAX", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    said = asyncio.ensure_future(reader.read())
    writer.write(b"GET / HTTP/1.1\r\nX-Long: ")
    for _ in range(20):
        if said.done():
            break
        writer.write(b"a")
        await asyncio.sleep(0.05)
    assert said.done()
    writer.close()


async def test_a_body_that_keeps_coming_is_not_cut(server, monkeypatch):
    monkeypatch.setattr(http, "BODY_S_MAX", 0.3)
    pieces = [b"1\r\nx\r\n"] * 20
    assert (await ask(server, CHUNKED, *pieces, b"0\r\n\r\n")).endswith(b"x" * 20)


async def test_requests_sent_ahead_are_few(server):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HEAD % b"slow" + (HEAD % b"hello") * 1_000)
    said = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert said.count(b"200 OK") <= http.AHEAD_MAX + 1


async def test_a_few_requests_sent_ahead_are_answered_in_order(server):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"".join(HEAD % f"n{n}".encode() for n in range(8)))
    said = b""
    for n in range(8):
        said += await asyncio.wait_for(reader.readuntil(f"/n{n}".encode()), 3)
    writer.close()
    assert said.count(b"200 OK") == 8


async def test_garbage_behind_a_request_is_not_the_answer_to_it(server):
    said = await ask(server, HEAD % b"slow", b"\0garbage\r\n\r\n")
    assert b"400" not in said


async def test_what_follows_an_upgrade_that_we_do_not_know_is_not_waited_for(server):
    upgrade = (
        b"POST /body HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: h2c\r\n"
        b"Content-Length: 5\r\n\r\nhello"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(upgrade + HEAD % b"after")
    said = await asyncio.wait_for(reader.read(), 3)
    assert b"connection: close" in said
    writer.close()


async def test_a_stream_learns_that_its_client_left_whatever_was_sent_behind_it(server):
    ended.clear()
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HEAD % b"stream" + HEAD % b"hello")
    await asyncio.sleep(0.1)
    writer.close()
    await asyncio.sleep(0.3)
    assert ended == ["http.request", "http.disconnect"]
