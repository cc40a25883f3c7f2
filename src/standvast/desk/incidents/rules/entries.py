"""Kinds of timeline entries."""

from enum import StrEnum

from standvast.kit.words import marked


class EntryKind(StrEnum):
    """What a line of the timeline tells."""

    CALL = "call"
    FINDING = "finding"
    GREEN = "green"
    STATE = "state"
    SEVERITY = "severity"
    SCOPE = "scope"
    ACKNOWLEDGED = "acknowledged"
    EXPIRED = "expired"
    PAGED = "paged"
    NOTE = "note"
    ATTEMPT = "attempt"
    WITHOUT_EFFECT = "attempt_without_effect"
    CAUSE = "cause"
    FIX = "fix"
    MITIGATION = "mitigation"
    CLOSURE = "closure"
    MILESTONE = "milestone"
    RECOVERY = "recovery"
    UNDERTAKING = "undertaking"
    MISSED = "undertaking_missed"
    CALLBACK = "callback"
    NEWS = "news"
    WALK = "walk"
    MERGED = "merged"
    TEAM = "team"


TITLES: dict[EntryKind, str] = {
    EntryKind.CALL: marked("Call"),
    EntryKind.FINDING: marked("Finding"),
    EntryKind.GREEN: marked("Probes green"),
    EntryKind.STATE: marked("State"),
    EntryKind.SEVERITY: marked("Severity"),
    EntryKind.SCOPE: marked("Scope"),
    EntryKind.ACKNOWLEDGED: marked("Acknowledged"),
    EntryKind.EXPIRED: marked("Acknowledgement expired"),
    EntryKind.PAGED: marked("Paged"),
    EntryKind.NOTE: marked("Note"),
    EntryKind.ATTEMPT: marked("Attempt"),
    EntryKind.WITHOUT_EFFECT: marked("Attempt without effect"),
    EntryKind.CAUSE: marked("Cause"),
    EntryKind.FIX: marked("Fix"),
    EntryKind.MITIGATION: marked("Workaround"),
    EntryKind.CLOSURE: marked("Function closed or opened"),
    EntryKind.MILESTONE: marked("Milestone"),
    EntryKind.RECOVERY: marked("Recovery counted"),
    EntryKind.UNDERTAKING: marked("Undertaking"),
    EntryKind.MISSED: marked("Undertaking missed"),
    EntryKind.CALLBACK: marked("Called back"),
    EntryKind.NEWS: marked("News"),
    EntryKind.WALK: marked("Walked by hand"),
    EntryKind.MERGED: marked("Merged"),
    EntryKind.TEAM: marked("Team"),
}

BY_HAND = (
    EntryKind.NOTE,
    EntryKind.ATTEMPT,
    EntryKind.WITHOUT_EFFECT,
    EntryKind.FIX,
    EntryKind.NEWS,
)
"""What an operator may write as such; the others come with their act."""
