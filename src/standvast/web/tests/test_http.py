"""The HTTP server: what a connection may hold is bounded, a port is taken once, a stop ends it."""

import asyncio

import pytest

from standvast.web import http
from standvast.web.http import HEAD_BYTES_MAX, HttpServer

pytestmark = [pytest.mark.asyncio, pytest.mark.enable_socket]
HEAD = b"GET /%s HTTP/1.1\r\nHost: here\r\n\r\n"


async def app(scope, receive, send):
    body = scope["path"].encode()
    if scope["path"] == "/slow":
        await asyncio.sleep(0.4)
    if scope["path"] == "/echo":
        message = await receive()
        body = str(len(message["body"])).encode()
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
    size = 4 * HEAD_BYTES_MAX
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
