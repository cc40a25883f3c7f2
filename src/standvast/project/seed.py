"""The demo country: organisations, people, last season, and one season about to open."""

import time
from collections.abc import Callable

from standvast.registry.access.seeds import personas, practices
from standvast.registry.organisations.api import Organisation

Say = Callable[[str], None]


def seed(*, practices_count: int, opens_in_s: int, say: Say) -> None:
    """Seed an empty database; on one with organisations in it, do nothing."""
    if Organisation.objects.exists():
        say("The demo country is there")
        return
    started = time.monotonic()
    personas()
    practices(practices_count)
    say(f"{practices_count} practices with their people ({time.monotonic() - started:.1f} s)")
