"""What the register of patients tells other modules: ids, never names or numbers of people."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from standvast.events.event import Event


@dataclass(frozen=True, slots=True)
class PatientRegistered(Event):
    """Somebody is in an organisation's register, whatever is known or checked about them."""

    name: ClassVar[str] = "patients.patient_registered.v1"

    patient_id: UUID
    organisation_id: UUID
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.patient_id)


@dataclass(frozen=True, slots=True)
class PatientCorrected(Event):
    """What is known of a patient was replaced."""

    name: ClassVar[str] = "patients.patient_corrected.v1"

    patient_id: UUID
    organisation_id: UUID
    version: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.patient_id)

    @property
    def key(self) -> str:
        return f"{self.patient_id}.{self.version}"


@dataclass(frozen=True, slots=True)
class SliceHandedIn(Event):
    """A piece of a list of patients lies ready to be registered."""

    name: ClassVar[str] = "patients.slice_handed_in.v1"

    import_id: UUID
    position: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.import_id)

    @property
    def key(self) -> str:
        return f"{self.import_id}.{self.position}"
