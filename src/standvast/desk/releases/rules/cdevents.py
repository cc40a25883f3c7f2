"""What happened to a release, in the shape of CDEvents 0.4 (https://cdevents.dev)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

SPECIFICATION = "0.4.0"
SOURCE = "/standvast/desk/releases"
SERVICE = "standvast"
TYPES = {
    "check": ("testSuiteRun", "dev.cdevents.testsuiterun.finished.0.2.0"),
    "start": ("pipelineRun", "dev.cdevents.pipelinerun.started.0.2.0"),
    "finish": ("service", "dev.cdevents.service.upgraded.0.2.0"),
    "revert": ("service", "dev.cdevents.service.rolledback.0.2.0"),
}


@dataclass(frozen=True)
class Told:
    """What is told of one act: which release, where, when, and what came of it."""

    version: str
    digest: str
    at: datetime
    page: str
    """The address of its page."""
    environment: str = "production"
    is_allowed: bool = True
    reason: str = ""
    broken_clauses: Sequence[str] = ()
    """What two people broke the glass against; it goes with every event of this build."""


def event_of(act: str, told: Told, *, event_id: str) -> Mapping[str, object]:
    """Return the event of one act of `standvast release`."""
    subject, kind = TYPES[act]
    event: dict[str, object] = {
        "context": {
            "version": SPECIFICATION,
            "id": event_id,
            "source": SOURCE,
            "type": kind,
            "timestamp": told.at.isoformat(),
        },
        "subject": {
            "id": SERVICE if subject == "service" else f"{SERVICE}-{told.version}",
            "source": SOURCE,
            "type": subject,
            "content": _content(subject, told),
        },
    }
    if told.broken_clauses:
        broken = {"glassBroken": True, "against": list(told.broken_clauses)}
        event |= {"customData": broken, "customDataContentType": "application/json"}
    return event


def _content(subject: str, told: Told) -> dict[str, object]:
    match subject:
        case "testSuiteRun":
            content: dict[str, object] = {
                "outcome": "pass" if told.is_allowed else "fail",
                "environment": {"id": told.environment},
                "testSuite": {"id": "release-gates", "version": told.version},
            }
            failed = {"severity": "critical", "reason": told.reason}
            return content if told.is_allowed else content | failed
        case "pipelineRun":
            return {"pipelineName": f"{SERVICE} release to {told.environment}", "url": told.page}
        case _:
            version = quote(told.version, safe="")
            artifact = f"pkg:generic/{SERVICE}@{version}?checksum=sha256:{told.digest}"
            return {"environment": {"id": told.environment}, "artifactId": artifact}
