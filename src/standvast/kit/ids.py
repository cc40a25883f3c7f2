"""Identifiers: UUIDv7 (RFC 9562), made in Python so that PostgreSQL 16 will do."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_sequence = 0


def uuid7() -> uuid.UUID:
    """Return a UUIDv7: 48 bits of milliseconds, 12 of a sequence, 62 random.

    Ids made in one process sort in the order in which they were made.
    """
    global _last_ms, _sequence  # noqa: PLW0603 - one sequence per process is what makes them sort
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _sequence = now_ms, 0
        else:
            _sequence += 1
            if _sequence > 0xFFF:
                _last_ms, _sequence = _last_ms + 1, 0
        ms, sequence = _last_ms, _sequence
    random_62 = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | random_62)
