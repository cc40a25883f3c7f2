"""What happened to a release, in the shape of CDEvents 0.4 (https://cdevents.dev)."""

from collections.abc import Mapping
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


def event_of(
    act: str,
    *,
    event_id: str,
    version: str,
    digest: str,
    at: datetime,
    is_allowed: bool = True,
    reason: str = "",
) -> Mapping[str, object]:
    """Return the event of one act of `standvast release`."""
    subject, kind = TYPES[act]
    return {
        "context": {
            "version": SPECIFICATION,
            "id": event_id,
            "source": SOURCE,
            "type": kind,
            "timestamp": at.isoformat(),
        },
        "subject": {
            "id": f"{SERVICE}-{version}" if subject != "service" else SERVICE,
            "source": SOURCE,
            "type": subject,
            "content": _content(subject, version, digest, is_allowed=is_allowed, reason=reason),
        },
    }


def _content(
    subject: str, version: str, digest: str, *, is_allowed: bool, reason: str
) -> dict[str, object]:
    match subject:
        case "testSuiteRun":
            content: dict[str, object] = {
                "outcome": "pass" if is_allowed else "fail",
                "environment": {"id": "production"},
                "testSuite": {"id": "release-gates", "version": version},
            }
            return content if is_allowed else content | {"severity": "critical", "reason": reason}
        case "pipelineRun":
            return {"pipelineName": f"{SERVICE} release"}
        case _:
            artifact = f"pkg:generic/{SERVICE}@{quote(version, safe='')}?checksum=sha256:{digest}"
            return {"environment": {"id": "production"}, "artifactId": artifact}
