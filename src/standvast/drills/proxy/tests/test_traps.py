"""The nine traps of a fault-injecting proxy, over real sockets."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager

import pytest

from standvast.drills.proxy import stream
from standvast.drills.proxy.listener import NotLoopback, Proxy

pytestmark = pytest.mark.enable_socket

DEADLINE_S = 5


@asynccontextmanager
async def echo():
    """A server that says back what it hears; counts connections."""
    seen = []

    async def answer(reader, writer):
        seen.append(writer)
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except (ConnectionError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], seen
    finally:
        server.close()


@asynccontextmanager
async def proxied():
    async with echo() as (port, seen):
        proxy = Proxy(name="p", listen="127.0.0.1:0", upstream=f"127.0.0.1:{port}")
        await proxy.up()
        try:
            yield proxy, seen
        finally:
            proxy.down()
            await asyncio.sleep(0)


async def dial(proxy):
    host, port = proxy.listen.rsplit(":", 1)
    return await asyncio.open_connection(host, int(port))


async def ask(reader, writer, text=b"ping"):
    writer.write(text)
    return await asyncio.wait_for(reader.readexactly(len(text)), DEADLINE_S)


async def took_s(awaitable):
    begun = asyncio.get_running_loop().time()
    result = await awaitable
    return asyncio.get_running_loop().time() - begun, result


async def ended(reader, within_s=DEADLINE_S):
    """How the connection ended: "eof", "reset", or None if it did not."""
    try:
        while await asyncio.wait_for(reader.read(65_536), within_s):
            pass
        return "eof"
    except TimeoutError:
        return None
    except ConnectionError:
        return "reset"


async def until(holds):
    async with asyncio.timeout(DEADLINE_S):
        while not holds():  # noqa: ASYNC110 - what is waited for lies in another process's hands
            await asyncio.sleep(0.01)


class TestTraps:
    async def test_1_a_new_toxic_reaches_open_connections(self):
        async with proxied() as (proxy, _):
            reader, writer = await dial(proxy)
            quick, _ = await took_s(ask(reader, writer))
            proxy.add_toxic({"type": "latency", "attributes": {"latency": 300}})

            slow, _ = await took_s(ask(reader, writer))
            proxy.remove_toxic("latency_downstream")
            quick_again, _ = await took_s(ask(reader, writer))

            assert (quick < 0.2, slow >= 0.3, quick_again < 0.2) == (True, True, True)

    async def test_1_a_removed_toxic_lets_go_of_bytes_that_wait(self):
        async with proxied() as (proxy, _):
            reader, writer = await dial(proxy)
            proxy.add_toxic({"type": "latency", "attributes": {"latency": 60_000}})
            asking = asyncio.create_task(ask(reader, writer))
            await asyncio.sleep(0.1)

            proxy.remove_toxic("latency_downstream")

            assert await asyncio.wait_for(asking, 1) == b"ping"

    async def test_2_toxicity_is_decided_once_per_connection(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "latency", "toxicity": 0.5, "attributes": {"latency": 80}})
            slow_connections = 0
            for _ in range(12):
                reader, writer = await dial(proxy)
                verdicts = {(await took_s(ask(reader, writer)))[0] >= 0.08 for _ in range(4)}
                assert len(verdicts) == 1
                slow_connections += verdicts.pop()
            assert 0 < slow_connections < 12

    async def test_3_latency_shifts_and_does_not_throttle(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "latency", "attributes": {"latency": 300}})
            reader, writer = await dial(proxy)
            text = b"x" * 2_000_000  # 62 chunks: one by one they would take 18 s

            spent_s, back = await took_s(ask(reader, writer, text))

            assert back == text
            assert 0.3 <= spent_s < 1.5

    async def test_3_jitter_never_reorders(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "latency", "attributes": {"latency": 20, "jitter": 20}})
            reader, writer = await dial(proxy)
            sent = b""
            for number in range(60):
                piece = b"%04d" % number
                sent += piece
                writer.write(piece)
                await asyncio.sleep(0.002)

            assert await asyncio.wait_for(reader.readexactly(len(sent)), DEADLINE_S) == sent

    async def test_4_control_never_waits_for_data(self):
        async with proxied() as (proxy, _):
            pairs = [await dial(proxy) for _ in range(20)]
            for _, writer in pairs:
                writer.write(b"x" * 500_000)  # nobody reads the answers
            await asyncio.sleep(0.2)

            async def everything():
                proxy.add_toxic({"type": "timeout", "attributes": {"timeout": 0}})
                proxy.change_toxic("timeout_downstream", {"attributes": {"timeout": 60_000}})
                proxy.remove_toxic("timeout_downstream")
                proxy.add_toxic({"type": "slow_close", "attributes": {"delay": 60_000}})
                await proxy.reset()
                proxy.down()
                await proxy.up()

            spent_s, _ = await took_s(everything())
            assert spent_s < 0.2

    async def test_5_a_stream_with_a_hole_is_closed_when_its_toxic_goes(self):
        async with proxied() as (proxy, _):
            holed, whole = await dial(proxy), await dial(proxy)
            await ask(*holed)
            await ask(*whole)
            proxy.add_toxic({"type": "timeout", "attributes": {"timeout": 0}})
            holed[1].write(b"lost")
            await asyncio.sleep(0.1)

            proxy.remove_toxic("timeout_downstream")

            assert await ended(holed[0]) is not None
            assert await ask(*whole) == b"ping"  # it lost nothing, so it goes on

    async def test_5_the_same_when_its_toxicity_is_taken_to_nothing(self):
        async with proxied() as (proxy, _):
            reader, writer = await dial(proxy)
            proxy.add_toxic({"type": "timeout", "attributes": {"timeout": 0}})
            writer.write(b"lost")
            await asyncio.sleep(0.1)

            proxy.change_toxic("timeout_downstream", {"toxicity": 0})

            assert await ended(reader) is not None

    async def test_6_timeout_lets_nothing_through_from_the_start(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "timeout", "attributes": {"timeout": 400}})
            reader, writer = await dial(proxy)
            writer.write(b"ping")

            spent_s, heard = await took_s(asyncio.wait_for(reader.read(), DEADLINE_S))

            assert heard == b""
            assert 0.3 <= spent_s < 1.5

    async def test_6_carry_then_cut_is_limit_data(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "limit_data", "attributes": {"bytes": 6}})
            reader, writer = await dial(proxy)
            assert await ask(reader, writer) == b"ping"
            writer.write(b"pong")

            assert await asyncio.wait_for(reader.read(), DEADLINE_S) == b"po"

    async def test_6_losing_answers_only_lets_the_question_through(self):
        async with proxied() as (proxy, seen):
            proxy.add_toxic({"type": "timeout", "stream": "downstream", "attributes": {}})
            reader, writer = await dial(proxy)
            writer.write(b"ping")
            await asyncio.sleep(0.1)

            assert len(seen) == 1
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.2)

    async def test_7_reset_peer_sends_a_reset(self):
        async with proxied() as (proxy, _):
            reader, writer = await dial(proxy)
            await ask(reader, writer)
            proxy.add_toxic({"type": "reset_peer", "attributes": {"timeout": 0}})

            assert await ended(reader) == "reset"

    async def test_7_down_cuts_live_connections_and_refuses_new_ones(self):
        async with proxied() as (proxy, _):
            reader, writer = await dial(proxy)
            await ask(reader, writer)

            proxy.down()

            assert await ended(reader, 1) is not None
            with pytest.raises(ConnectionRefusedError):
                await dial(proxy)
            await proxy.up()
            assert await ask(*await dial(proxy)) == b"ping"

    async def test_9_both_directions_end_together(self):
        async with proxied() as (proxy, seen):
            reader, writer = await dial(proxy)
            await ask(reader, writer)
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

            await until(lambda: not proxy.connections_count)
            await until(seen[0].is_closing)
            assert (proxy.connections_count, seen[0].is_closing()) == (0, True)

    async def test_9_buffers_are_bounded(self, monkeypatch):
        monkeypatch.setattr(stream, "BUFFER_BYTES_MAX", 200_000)
        async with proxied() as (proxy, _):
            proxy.add_toxic(
                {"type": "latency", "stream": "upstream", "attributes": {"latency": 60_000}}
            )
            _, writer = await dial(proxy)
            writer.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536
            )

            async def flood():
                while True:
                    writer.write(b"x" * 100_000)
                    await writer.drain()

            with pytest.raises(TimeoutError):
                await asyncio.wait_for(flood(), 0.5)
            (connection,) = proxy._connections
            held = connection._streams[0].waiting_bytes
            assert 200_000 <= held < 200_000 + 32_768

    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0:0",
            ":0",
            "[::]:0",
            "10.0.0.1:25",
            "example.org:25",
            "127.0.0.1",
            "127.0.0.1:x",
            "127.0.0.1:70000",
        ],
    )
    async def test_9_loopback_only_on_both_sides(self, address):
        for listen, upstream in ((address, "127.0.0.1:1"), ("127.0.0.1:0", address)):
            with pytest.raises(NotLoopback):
                Proxy(name="p", listen=listen, upstream=upstream)


class TestOtherToxics:
    async def test_bandwidth_paces(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "bandwidth", "attributes": {"rate": 100}})
            reader, writer = await dial(proxy)

            spent_s, _ = await took_s(ask(reader, writer, b"x" * 50_000))

            assert 0.35 <= spent_s < 1.5

    async def test_slicer_cuts_into_pieces_and_loses_nothing(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic(
                {
                    "type": "slicer",
                    "attributes": {"average_size": 100, "size_variation": 20, "delay": 2_000},
                }
            )
            reader, writer = await dial(proxy)
            text = bytes(range(256)) * 4

            spent_s, back = await took_s(ask(reader, writer, text))

            assert back == text
            assert spent_s >= 0.014

    async def test_slow_close_delays_the_end_only(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "slow_close", "attributes": {"delay": 300}})
            reader, writer = await dial(proxy)
            quick_s, _ = await took_s(ask(reader, writer))
            writer.write_eof()

            spent_s, how = await took_s(ended(reader))

            assert (quick_s < 0.2, spent_s >= 0.3, how) == (True, True, "eof")

    async def test_one_side_may_end_while_the_other_goes_on(self):
        async with proxied() as (proxy, _):
            proxy.add_toxic({"type": "latency", "attributes": {"latency": 100}})
            reader, writer = await dial(proxy)
            writer.write(b"last words")
            writer.write_eof()

            assert await asyncio.wait_for(reader.read(), DEADLINE_S) == b"last words"

    async def test_upstream_and_downstream_are_told_apart(self):
        async with proxied() as (proxy, _):
            for way in ("upstream", "downstream"):
                proxy.add_toxic({"type": "latency", "stream": way, "attributes": {"latency": 100}})
            reader, writer = await dial(proxy)

            spent_s, _ = await took_s(ask(reader, writer))

            assert 0.2 <= spent_s < 1
