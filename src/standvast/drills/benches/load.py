"""Fire prepared requests at a server and measure: wrk when installed, else our own generator.

Both send each prepared request once, over a fixed number of connections, as fast as answers come.
"""

import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

ANSWER_BYTES_MAX = 1_000_000
DEADLINE_S = 10.0


@dataclass(frozen=True)
class Shot:
    """One prepared request."""

    method: str
    path: str
    cookie: str = ""
    csrf: str = ""
    lobby_pass: str = ""
    body: str = ""


@dataclass(frozen=True)
class Fired:
    """What came of it. `is_short` when the prepared requests ran out before the time did."""

    ok_count: int
    refused_count: int
    other_count: int
    duration_s: float
    p50_ms: float
    p99_ms: float
    generator: str
    is_short: bool

    @property
    def per_s(self) -> float:
        """Requests answered well, per second."""
        return self.ok_count / self.duration_s if self.duration_s else 0.0


def fire(url: str, shots: Sequence[Shot], *, connections: int, seconds: float) -> Fired:
    """Send the shots over `connections` connections for at most `seconds`."""
    if shutil.which("wrk"):
        return _with_wrk(url, shots, connections=connections, seconds=max(1, round(seconds)))
    return asyncio.run(_by_ourselves(url, shots, connections=connections, seconds=seconds))


def _with_wrk(url: str, shots: Sequence[Shot], *, connections: int, seconds: int) -> Fired:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shots"
        path.write_text(
            "".join(
                "\t".join((s.method, s.path, s.cookie, s.csrf, s.lobby_pass, s.body)) + "\n"
                for s in shots
            ),
            encoding="utf-8",
        )
        script = str(files("standvast.drills.benches").joinpath("orders.lua"))
        words = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
        done = subprocess.run(
            [*words, "-s", script, url, "--", str(path), "1"],
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds + 60,
        )
    words_out = next(x for x in done.stdout.splitlines() if x.startswith("RESULT")).split()
    ok, refused, other, micros, p50, p99, _errors = (float(word) for word in words_out[1:])
    sent = int(ok + refused + other)
    return Fired(
        ok_count=int(ok),
        refused_count=int(refused),
        other_count=int(other),
        duration_s=micros / 1e6,
        p50_ms=p50,
        p99_ms=p99,
        generator="wrk",
        is_short=sent >= len(shots),
    )


Follow = Callable[[Shot, bytes], Shot]
"""(what was sent, what was answered) -> what the same person sends next."""


def fire_pairs(
    url: str, shots: Sequence[Shot], follow: Follow, *, connections: int, seconds: float
) -> Fired:
    """Send each shot and what follows from its answer; a pair counts once, both ways together."""
    return asyncio.run(
        _by_ourselves(url, shots, connections=connections, seconds=seconds, follow=follow)
    )


async def _by_ourselves(
    url: str,
    shots: Sequence[Shot],
    *,
    connections: int,
    seconds: float,
    follow: Follow | None = None,
) -> Fired:
    where = urlsplit(url)
    host, port = where.hostname or "127.0.0.1", where.port or 80
    waiting = iter(shots)
    stop_at = time.monotonic() + seconds
    counts = {"ok": 0, "refused": 0, "other": 0}
    taken_ms: list[float] = []

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            for shot in waiting:
                if time.monotonic() > stop_at:
                    return
                at = time.monotonic()
                status, told = await asyncio.wait_for(_send(reader, writer, shot, host), DEADLINE_S)
                if follow is not None and _kind(status) == "ok":
                    then = follow(shot, told)
                    status, _ = await asyncio.wait_for(
                        _send(reader, writer, then, host), DEADLINE_S
                    )
                taken_ms.append((time.monotonic() - at) * 1000)
                counts[_kind(status)] += 1
        finally:
            writer.close()

    started = time.monotonic()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    took_s = time.monotonic() - started
    cuts = statistics.quantiles(taken_ms, n=100) if len(taken_ms) > 1 else [0.0] * 99
    return Fired(
        ok_count=counts["ok"],
        refused_count=counts["refused"],
        other_count=counts["other"],
        duration_s=took_s,
        p50_ms=cuts[49],
        p99_ms=cuts[98],
        generator="built in",
        is_short=len(taken_ms) >= len(shots),
    )


def _kind(status: int) -> str:
    if status in (200, 201):
        return "ok"
    return "refused" if status == 409 else "other"


async def _send(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, shot: Shot, host: str
) -> tuple[int, bytes]:
    body = shot.body.encode()
    head = (
        f"{shot.method} {shot.path} HTTP/1.1\r\nHost: {host}\r\nCookie: {shot.cookie}\r\n"
        f"X-CSRFToken: {shot.csrf}\r\nX-Standvast-Pass: {shot.lobby_pass}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    status = int((await reader.readline()).split()[1])
    length = 0
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = min(int(value), ANSWER_BYTES_MAX)
    return status, await reader.readexactly(length)
