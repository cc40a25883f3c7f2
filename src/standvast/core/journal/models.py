"""Tables of the journal.

Unmanaged: a partitioned, append-only table is made by SQL in the migrations, and the test runner,
which empties managed tables, must leave it alone as everybody else must.
"""

from django.db import models

from standvast.core.journal.entries import GENESIS


class JournalEntry(models.Model):
    """One look or change; only ever added, by `sql/append.sql`."""

    pk = models.CompositePrimaryKey("organisation_id", "position", "at")
    organisation_id = models.UUIDField()
    position = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=1)
    event = models.CharField(max_length=80)
    record_kind = models.CharField(max_length=40)
    record_id = models.CharField(max_length=120)
    person_id = models.UUIDField(null=True)
    role = models.CharField(max_length=40)
    on_behalf_of = models.UUIDField(null=True)
    helping_from = models.UUIDField(null=True)
    from_address = models.CharField(max_length=64)
    outcome = models.IntegerField()
    purpose = models.CharField(max_length=80)
    trace_id = models.CharField(max_length=64)
    detail = models.TextField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_entry"


class JournalHead(models.Model):
    """Where an organisation's chain ends: how many entries, and the hash of the last."""

    organisation_id = models.UUIDField(primary_key=True)
    count = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=GENESIS)

    class Meta:
        managed = False
        db_table = "journal_head"
