"""Certificates as pages see them: without their key."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.core.certificates.declared import Purpose
from standvast.core.certificates.rules.preflight import Environment
from standvast.core.certificates.rules.told import Check, Outcome


@dataclass(frozen=True)
class CertificateView:
    """One certificate in a slot."""

    id: uuid.UUID
    slot: str
    subject: str
    issuer: str
    fingerprint: str
    valid_until: datetime
    days_left: int
    handed_in_by: uuid.UUID | None
    handed_in_at: datetime
    moved_at: datetime
    checks: tuple[Check, ...]
    looked_at: datetime | None
    is_proven: bool

    @property
    def worst(self) -> Outcome:
        """What its checks come to."""
        found = {check.outcome for check in self.checks}
        order = (Outcome.FAILED, Outcome.NOT_KNOWN, Outcome.WARNING)
        return next((one for one in order if one in found), Outcome.PASSED)

    @property
    def against(self) -> tuple[Check, ...]:
        """What keeps it from being switched to."""
        kinds = (Outcome.FAILED, Outcome.NOT_KNOWN)
        return tuple(check for check in self.checks if check.outcome in kinds)

    @property
    def peer(self) -> Check | None:
        """What the other side made of it when it was last shown."""
        return next((check for check in self.checks if check.is_live), None)


@dataclass(frozen=True)
class PurposeView:
    """One purpose with what stands in its slots."""

    purpose: Purpose
    environment: Environment
    has_peer: bool
    current: CertificateView | None
    next: CertificateView | None
    previous: CertificateView | None
