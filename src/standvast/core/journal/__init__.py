"""Journal: who did what to which record, when, on whose behalf, from where.

Owns     tables `journal_entry` (partitioned by month) and `journal_head`.
Promises an entry commits or vanishes together with what it tells of; entries are only ever added
         (a trigger refuses UPDATE, DELETE and TRUNCATE); each organisation's entries form one
         chain of hashes, so that `verify` finds every change, removal, insertion, exchange and
         cut tail; one SQL text writes one entry or five hundred, on any connection.
Uses     database.
Not      proof against whoever owns the database and rewrites a whole chain with its head: for that,
         keep `heads_statement` elsewhere and compare. Not a log of pages without records.
"""
