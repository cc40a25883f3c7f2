"""What the desk tells others. Each carries ids, never names or words of people."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from standvast.events.event import Event


@dataclass(frozen=True, slots=True)
class IncidentOpened(Event):
    """An incident was declared."""

    name: ClassVar[str] = "desk.incident_opened.v1"

    incident_id: uuid.UUID
    number: str
    component: str
    severity: str
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.incident_id)


@dataclass(frozen=True, slots=True)
class SeverityChanged(Event):
    """What counts of an incident went from one severity to another."""

    name: ClassVar[str] = "desk.severity_changed.v1"

    incident_id: uuid.UUID
    number: str
    before: str
    after: str
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.incident_id)

    @property
    def key(self) -> str:
        return f"{self.incident_id}.{self.before}.{self.after}.{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class IncidentSolved(Event):
    """All four proofs were there."""

    name: ClassVar[str] = "desk.incident_solved.v1"

    incident_id: uuid.UUID
    number: str
    component: str
    began_at: datetime
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.incident_id)

    @property
    def key(self) -> str:
        return f"{self.incident_id}.{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class FunctionClosed(Event):
    """A function was closed by hand, for all or for some."""

    name: ClassVar[str] = "desk.function_closed.v1"

    closure_id: uuid.UUID
    function: str
    incident_id: uuid.UUID | None
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.closure_id)


@dataclass(frozen=True, slots=True)
class FunctionReopened(Event):
    """A closure ended."""

    name: ClassVar[str] = "desk.function_reopened.v1"

    closure_id: uuid.UUID
    function: str
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.closure_id)
