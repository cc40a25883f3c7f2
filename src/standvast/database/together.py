"""Several statements on one connection, sent together and waited for once."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import psycopg

ABANDONED = (psycopg.errors.PipelineAborted, psycopg.errors.InFailedSqlTransaction)
"""What the statements after one that failed are told."""


async def together(*asked: Awaitable[Any]) -> list[Any]:
    """Let several use a connection that is in pipeline mode, in the order given; return answers.

    Each sends its first statement before any waits for an answer, so all of them cost one way to
    the database and back. All have ended when this returns.

    :raises Exception: the first that went wrong; what was abandoned because of it is not named.
    """
    answers = await asyncio.gather(*asked, return_exceptions=True)
    errors = [answer for answer in answers if isinstance(answer, BaseException)]
    causes = [error for error in errors if not isinstance(error, ABANDONED)]
    for error in (*causes, *errors):
        raise error
    return answers
