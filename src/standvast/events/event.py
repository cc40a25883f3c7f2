"""What every event says of itself."""

from datetime import datetime
from typing import ClassVar


class Event:
    """A fact of the past, frozen, with ids and figures only: never names or words of people.

    `name` carries a version. Deliveries of it may wait while a release goes out, so a shape that
    is out does not change: another shape is another version.
    """

    __slots__ = ()

    name: ClassVar[str]
    at: datetime

    @property
    def subject(self) -> str:
        """Return the id of what it is about: a subscriber hears those of one subject in order."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        """Return what makes it this event and no other of its name."""
        return self.subject
