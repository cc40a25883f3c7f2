"""What is known of a case while its log is replayed: who acts, its incidents, its callers."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from standvast.core.health.api import FindingView
from standvast.kit.actor import Actor

ZONE = ZoneInfo("Europe/Amsterdam")
LANGUAGES = ("nl", "fr", "en")


class LogWrong(ValueError):
    """The log names an act or an expectation that nobody knows."""


def instant(text: str) -> datetime:
    """Return a moment of the report: local time, as it was written."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def read_log(package: str, name: str = "log.yaml") -> Mapping[str, Any]:
    """Return the log beside a drill."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


@dataclass
class Case:
    """One case under way: its incidents by component, what was promised, what went wrong."""

    actor: Actor
    second: Actor
    """Who approves what the first one built."""
    wrong: list[str] = field(default_factory=list)
    checks_count: int = 0
    faults_count: int = 0
    ids: dict[str, uuid.UUID] = field(default_factory=dict)
    """The newest incident of each component."""
    numbers: dict[str, str] = field(default_factory=dict)
    findings: dict[tuple[str, str], FindingView] = field(default_factory=dict)
    """By target and variant."""
    promised: dict[str, uuid.UUID] = field(default_factory=dict)
    callers: dict[str, uuid.UUID] = field(default_factory=dict)
    """Organisations that call, by the name that the log gives them."""

    def check(self, holds: bool, sentence: str) -> None:
        """Count a check; what does not hold is kept as a sentence."""
        self.checks_count += 1
        if not holds:
            self.wrong.append(sentence)
