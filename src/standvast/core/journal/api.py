"""What other modules may import from the journal."""

from standvast.core.journal.entries import Entry, entry_of
from standvast.core.journal.operations import ensure_partitions, record, record_many, record_set
from standvast.core.journal.queries import EntryRow, recent, stray_count, who_looked
from standvast.core.journal.verify import Break, Kind, heads_statement, verify

__all__ = [
    "Break",
    "Entry",
    "EntryRow",
    "Kind",
    "ensure_partitions",
    "entry_of",
    "heads_statement",
    "recent",
    "record",
    "record_many",
    "record_set",
    "stray_count",
    "verify",
    "who_looked",
]
