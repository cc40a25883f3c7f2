"""What other modules may import from the journal."""

from standvast.core.journal.entries import THROUGH, Entry, entry_of
from standvast.core.journal.operations import ensure_partitions, record, record_many, record_set
from standvast.core.journal.queries import (
    EntryRow,
    SeenActor,
    actors_since,
    recent,
    stray_count,
    who_looked,
)
from standvast.core.journal.verify import Break, Kind, heads_statement, verify

__all__ = [
    "THROUGH",
    "Break",
    "Entry",
    "EntryRow",
    "Kind",
    "SeenActor",
    "actors_since",
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
