"""One proxied connection: two sockets, two streams, cancelled together."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Callable, Sequence

from standvast.drills.proxy.stream import Close, End, Send, Stream, Wait
from standvast.drills.proxy.toxics import DOWNSTREAM, UPSTREAM, Toxic

CHUNK_BYTES = 32_768
OUT_BYTES_MAX = 1_000_000
BACKPRESSURE_S = 0.005
LINGER_S = 2.0
"""What was passed on gets this long to leave a closed connection."""

ToxicsOf = Callable[[str], Sequence[Toxic]]


class Connection:
    """Runs until either side or a toxic ends it."""

    def __init__(
        self,
        *,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        toxics_of: ToxicsOf,
        seed: int,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._writers = (client[1], server[1])
        self._toxics_of = toxics_of
        self._wakes: list[asyncio.Event] = []
        self._streams: list[Stream] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = 0
        self._closing = False
        draws: dict[int, float] = {}
        chance = random.Random(seed)
        for name, reader, writer in (
            (UPSTREAM, client[0], server[1]),
            (DOWNSTREAM, server[0], client[1]),
        ):
            stream = Stream(started=self._loop.time(), random=chance, draws=draws)
            wake, room = asyncio.Event(), asyncio.Event()
            self._wakes.append(wake)
            self._streams.append(stream)
            self._tasks += [
                self._loop.create_task(self._take_in(reader, stream, wake, room)),
                self._loop.create_task(self._let_out(name, writer, stream, wake, room)),
            ]

    async def run(self) -> None:
        """Carry both directions to their end; ends at once when one of them breaks."""
        try:
            await asyncio.gather(*self._tasks)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for task in self._tasks:
                task.cancel()
            self.close()

    def look_again(self) -> None:
        """The toxics changed: waiting bytes are judged anew."""
        for wake in self._wakes:
            wake.set()

    def abort(self) -> None:
        """Cut both sides at once; what is under way is gone."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()

    def reset(self) -> None:
        """Cut both sides with RST, as a crashed machine's successor would."""
        for writer in self._writers:
            sock = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.abort()

    def close(self) -> None:
        """Close both sides once what was passed on has left, or soon anyhow."""
        if self._closing:
            return
        self._closing = True
        for writer in self._writers:
            writer.close()
            self._loop.call_later(LINGER_S, writer.transport.abort)

    async def _take_in(
        self,
        reader: asyncio.StreamReader,
        stream: Stream,
        wake: asyncio.Event,
        room: asyncio.Event,
    ) -> None:
        while stream.end_arrived is None:
            while stream.is_full:
                room.clear()
                await room.wait()
            data = await reader.read(CHUNK_BYTES)
            stream.take_in(data, self._loop.time())
            wake.set()

    async def _let_out(
        self,
        name: str,
        writer: asyncio.StreamWriter,
        stream: Stream,
        wake: asyncio.Event,
        room: asyncio.Event,
    ) -> None:
        while True:
            wake.clear()
            step = self._next(name, writer, stream)
            room.set()
            match step:
                case Send(data):
                    writer.write(data)
                case End():
                    self._pass_end(writer)
                    return
                case Close(reset=True):
                    self.reset()
                    return
                case Close():
                    self._cancel_others()
                    self.close()
                    return
                case Wait(until):
                    await _first_of(wake, None if until is None else until - self._loop.time())

    def _next(
        self, name: str, writer: asyncio.StreamWriter, stream: Stream
    ) -> Send | End | Close | Wait:
        now = self._loop.time()
        if writer.transport.is_closing():
            return Close()
        step_may_send = writer.transport.get_write_buffer_size() <= OUT_BYTES_MAX
        if not step_may_send and stream.waiting:
            return Wait(now + BACKPRESSURE_S)
        return stream.step(self._toxics_of(name), now)

    def _pass_end(self, writer: asyncio.StreamWriter) -> None:
        self._ended += 1
        if self._ended == len(self._writers):
            self.close()
        elif writer.can_write_eof():
            writer.write_eof()

    def _cancel_others(self) -> None:
        here = asyncio.current_task()
        for task in self._tasks:
            if task is not here:
                task.cancel()


async def _first_of(wake: asyncio.Event, timeout_s: float | None) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await wake.wait()
