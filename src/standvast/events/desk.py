"""What the desk tells others. Each carries ids, never names or words of people."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True)
class IncidentOpened:
    """An incident was declared."""

    name: ClassVar[str] = "desk.incident_opened.v1"

    incident_id: uuid.UUID
    number: str
    component: str
    severity: str
    at: datetime


@dataclass(frozen=True)
class SeverityChanged:
    """What counts of an incident went from one severity to another."""

    name: ClassVar[str] = "desk.severity_changed.v1"

    incident_id: uuid.UUID
    number: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class IncidentSolved:
    """All four proofs were there."""

    name: ClassVar[str] = "desk.incident_solved.v1"

    incident_id: uuid.UUID
    number: str
    component: str
    began_at: datetime
    at: datetime


@dataclass(frozen=True)
class FunctionClosed:
    """A function was closed by hand, for all or for some."""

    name: ClassVar[str] = "desk.function_closed.v1"

    closure_id: uuid.UUID
    function: str
    incident_id: uuid.UUID | None
    at: datetime


@dataclass(frozen=True)
class FunctionReopened:
    """A closure ended."""

    name: ClassVar[str] = "desk.function_reopened.v1"

    closure_id: uuid.UUID
    function: str
    at: datetime
