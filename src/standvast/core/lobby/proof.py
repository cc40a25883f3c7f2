"""The downloadable proof, built at most every few seconds, one at a time, off the loop."""

import asyncio
import time

import msgspec
from django.db import connection

from standvast.core.lobby.queries import proof_of

KEPT_S = 15.0
SLUGS_MAX = 4


def _built(slug: str) -> bytes:
    try:
        return msgspec.json.encode(proof_of(slug))
    finally:
        connection.close()  # this thread has its own


class Proofs:
    """Proofs of this process: built once per quarter of a minute, whoever asks."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._building = asyncio.Lock()

    async def proof(self, slug: str) -> bytes:
        """Return the proof of a lobby as JSON.

        :raises LobbyNotFound: if there is none.
        """
        async with self._building:
            kept = self._kept.get(slug)
            if kept is not None and kept[0] > time.monotonic() - KEPT_S:
                return kept[1]
            body = await asyncio.to_thread(_built, slug)
            self._kept.pop(slug, None)
            while len(self._kept) >= SLUGS_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[slug] = (time.monotonic(), body)
            return body
