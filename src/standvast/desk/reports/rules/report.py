"""A report: header, blocks of text per section, and the facts it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from standvast.desk.reports.rules.facts import Facts, fingerprint
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

BLOCK_CHARS_MAX = 20_000


class Section(StrEnum):
    """The six sections, in order."""

    PROBLEM = "problem"
    IMPACT = "impact"
    CAUSE = "cause"
    ACTIONS_TAKEN = "actions_taken"
    COMMUNICATION = "communication"
    FOLLOW_UP = "follow_up"


class Grade(StrEnum):
    """Who may read it; Dutch on paper: Klasse."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class Form(StrEnum):
    """What it looks like."""

    REPORT = "report"
    LETTER = "letter"


class AuthorRole(StrEnum):
    """Who signs: a role, never a name."""

    LEAD = "lead"
    DUTY = "duty"
    PRODUCT_OWNER = "product_owner"
    RELEASE_MANAGER = "release_manager"


class BlockTooLong(Invalid):
    """More words than a section holds."""

    code = "reports.block_too_long"


@dataclass(frozen=True)
class Report:
    """One report, complete enough to be printed and linted."""

    facts: Facts
    language: str
    author_role: AuthorRole
    on: date
    grade: Grade
    title: str
    blocks: Mapping[Section, str]
    form: Form = Form.REPORT

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its facts."""
        return fingerprint(self.facts)

    @property
    def text(self) -> str:
        """All blocks, in order."""
        return "\n\n".join(self.blocks.get(section, "") for section in Section)

    def with_blocks(self, blocks: Mapping[Section, str]) -> "Report":
        """Return the report with some blocks rewritten.

        :raises BlockTooLong: if one is longer than a section holds.
        """
        for text in blocks.values():
            if len(text) > BLOCK_CHARS_MAX:
                raise BlockTooLong(
                    marked("A section holds at most {limit} characters."), limit=BLOCK_CHARS_MAX
                )
        return replace(self, blocks={**self.blocks, **blocks})
