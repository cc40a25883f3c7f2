"""One fault of a report: what, where, and the sentence that says how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """Something in the text that the records do not carry. Blocks approval."""

    code: str
    template: str
    """Marked."""
    values: Mapping[str, str | int] = field(default_factory=dict)
    section: str = ""

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template
