"""One direction of one connection: what may leave, and when, under the toxics of this moment.

Pure: bytes and times go in, steps come out. The toxics are looked at anew for every step, so a
change reaches bytes that are already under way.
"""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from standvast.drills.proxy.toxics import (
    Attributes,
    Bandwidth,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
    Toxic,
)

BUFFER_BYTES_MAX = 8_000_000
BANDWIDTH_STEP_S = 0.1


@dataclass(frozen=True)
class Send:
    """Pass these bytes on now."""

    data: bytes


@dataclass(frozen=True)
class End:
    """The sender is done: pass that on now."""


@dataclass(frozen=True)
class Close:
    """Close the whole connection; with a reset if so."""

    reset: bool = False


@dataclass(frozen=True)
class Wait:
    """Nothing may leave before `until` (loop time; None is for ever) unless something changes."""

    until: float | None


Step = Send | End | Close | Wait


@dataclass
class Chunk:
    """Bytes as they arrived; `swing` in -1..1 is this chunk's share of any jitter."""

    data: bytes
    arrived: float
    swing: float


@dataclass
class Stream:
    """State of one direction. `started` is when the connection began (loop time)."""

    started: float
    random: random.Random
    draws: dict[int, float]
    """Per toxic's serial a number in 0..1, drawn once for the whole connection."""
    waiting: deque[Chunk] = field(default_factory=deque)
    waiting_bytes: int = 0
    end_arrived: float | None = None
    holed_by: set[int] = field(default_factory=set)
    """Serials of toxics that swallowed bytes of this stream."""
    passed_bytes: dict[int, int] = field(default_factory=dict)
    free_at: float = 0.0
    """When the bandwidth or the slicer lets the next piece out."""

    @property
    def is_full(self) -> bool:
        """Whether the sender must wait."""
        return self.waiting_bytes >= BUFFER_BYTES_MAX

    def take_in(self, data: bytes, now: float) -> None:
        """Bytes arrived; none means the sender is done."""
        if data:
            self.waiting.append(Chunk(data, now, self.random.uniform(-1, 1)))
            self.waiting_bytes += len(data)
        else:
            self.end_arrived = now

    def step(self, toxics: Sequence[Toxic], now: float) -> Step:
        """Return what to do now. `toxics` are those of this direction."""
        active = [toxic for toxic in toxics if self._is_hit(toxic)]
        if self.holed_by - {toxic.serial for toxic in active}:
            return Close()
        for toxic in active:
            if isinstance(toxic.attributes, Timeout | ResetPeer):
                return self._nothing_through(toxic, toxic.attributes, now)
        if self.waiting:
            return self._pass(active, now)
        for toxic in active:
            if isinstance(toxic.attributes, LimitData) and self._room(toxic) <= 0:
                return Close()
        if self.end_arrived is None:
            return Wait(None)
        due = self.end_arrived + sum(
            (a.delay if isinstance(a, SlowClose) else a.latency) / 1000
            for a in (toxic.attributes for toxic in active)
            if isinstance(a, SlowClose | Latency)
        )
        return End() if now >= due else Wait(due)

    def _is_hit(self, toxic: Toxic) -> bool:
        if toxic.serial not in self.draws:
            self.draws[toxic.serial] = self.random.random()
        return self.draws[toxic.serial] < toxic.toxicity

    def _nothing_through(self, toxic: Toxic, how: Timeout | ResetPeer, now: float) -> Step:
        if isinstance(how, Timeout) and self.waiting:
            self.holed_by.add(toxic.serial)
            self.waiting.clear()
            self.waiting_bytes = 0
        if isinstance(how, Timeout) and not how.timeout:
            return Wait(None)
        due = max(self.started, toxic.since) + how.timeout / 1000
        if now >= due:
            return Close(reset=isinstance(how, ResetPeer))
        return Wait(due)

    def _pass(self, active: Sequence[Toxic], now: float) -> Step:
        head = self.waiting[0]
        due = max(head.arrived + _delay_s(active, head.swing), self.free_at)
        if now < due:
            return Wait(due)
        size = len(head.data)
        for toxic in active:
            match toxic.attributes:
                case LimitData():
                    size = min(size, self._room(toxic))
                    if size <= 0:
                        return Close()
                case Bandwidth(rate=rate) if rate:
                    size = min(size, max(1, int(rate * 1000 * BANDWIDTH_STEP_S)))
                case Slicer(average_size=average, size_variation=variation) if average:
                    swing = self.random.randint(-variation, variation)
                    size = min(size, max(1, average + swing))
        self.free_at = now + sum(_pause_s(toxic.attributes, size) for toxic in active)
        for toxic in active:
            if isinstance(toxic.attributes, LimitData):
                self.passed_bytes[toxic.serial] = self.passed_bytes.get(toxic.serial, 0) + size
        return Send(self._cut(size))

    def _room(self, toxic: Toxic) -> int:
        assert isinstance(toxic.attributes, LimitData)
        return toxic.attributes.bytes - self.passed_bytes.get(toxic.serial, 0)

    def _cut(self, size: int) -> bytes:
        head = self.waiting[0]
        piece, head.data = head.data[:size], head.data[size:]
        self.waiting_bytes -= size
        if not head.data:
            self.waiting.popleft()
        return piece


def _delay_s(active: Sequence[Toxic], swing: float) -> float:
    return sum(
        max(0.0, a.latency + swing * a.jitter) / 1000
        for a in (toxic.attributes for toxic in active)
        if isinstance(a, Latency)
    )


def _pause_s(attributes: Attributes, size: int) -> float:
    match attributes:
        case Bandwidth(rate=rate) if rate:
            return size / (rate * 1000)
        case Slicer(delay=delay):
            return delay / 1_000_000
    return 0.0
