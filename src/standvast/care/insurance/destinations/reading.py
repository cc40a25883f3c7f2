"""Reads what a service sends, up to what memory is kept for: the rest is not fetched."""

import httpx


class TooLong(Exception):
    """The service sends more than it may."""


async def body_of(response: httpx.Response, *, bytes_max: int) -> bytes:
    """Return the body of a response that is being streamed, unpacked.

    :raises TooLong: as soon as more has come than is taken.
    """
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > bytes_max:
            raise TooLong
    return bytes(content)
