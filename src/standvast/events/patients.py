"""What the register of patients tells: ids and figures."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from standvast.events.event import Event


@dataclass(frozen=True, slots=True)
class SliceHandedIn(Event):
    """A piece of a list of patients lies ready to be registered."""

    name: ClassVar[str] = "patients.slice_handed_in.v1"

    import_id: uuid.UUID
    position: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.import_id)

    @property
    def key(self) -> str:
        return f"{self.import_id}.{self.position}"
