"""Another module's operation inside our transaction, so that both are committed or neither."""

import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")


def within(operation: Callable[P, T]) -> Callable[P, T]:
    """Return the operation without its own outermost transaction: ours is there already.

    An operation is wrapped so that nobody nests it by accident; here it is on purpose (a notice
    without its incident would tell people about nothing).
    """
    assert connection.in_atomic_block, "within needs a transaction to be within"
    return cast("Callable[P, T]", inspect.unwrap(operation))
