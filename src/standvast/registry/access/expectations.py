"""What the access matrix expects of a route: said beside the module, walked by tests/access.

    access_expectations = {
        "campaigns/<uuid:order_id>/": Expect("campaigns.order", ids=lambda own: {"order_id": ...}),
    }

Keys are the address as Django or Starlette has it, without the first slash. A route that nobody
says anything about fails the matrix.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standvast.registry.access.testing import AtWork


class Who(StrEnum):
    """Who is let in, when it is not a matter of a right."""

    EVERYBODY = "everybody"
    """Strangers too; a page of its own says what they may see."""
    SIGNED_IN = "signed in"
    STRANGERS = "strangers"
    """People who are signed in already are sent on."""
    TOKEN = "token"  # noqa: S105
    """Who holds the token in the address; a wrong one does not exist."""
    APPS = "apps"
    """Apps that prove themselves in the request; a session beside it counts for nothing."""


Ids = Callable[["AtWork"], Mapping[str, object]]


@dataclass(frozen=True)
class Expect:
    """Who is let in, for which methods, and with which ids of their own."""

    who: Who | str
    """A name of a right, or one of `Who`."""
    methods: tuple[str, ...] = ("GET",)
    ids: Ids | None = None
    """Values for the address, of a record that belongs to this organisation. With these the matrix
    also asks for the record of another organisation, and expects that it does not exist."""
    is_shared: bool = False
    """The record is everybody's, such as a season: another organisation may see it too."""
    data: Callable[["AtWork"], Mapping[str, object]] | None = None
    """What is handed in by POST; by default nothing, so that the form refuses it."""
    also: tuple[str, ...] = ()
    """Other outcomes that are right too: "refused", "not there", "sent to sign in", "let in"; for
    pages that ask for more than a right, such as a password to type again."""
    absent: bool = False
    """Does not exist without more than an address, such as a file nobody has made."""
