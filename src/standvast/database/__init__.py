"""The one database, as every floor above meets it: clock, named SQL, wakes, locks.

Owns     no table.
Promises `database_now` is the one clock; `named_sql` reads a file once; a wake is only a hint.
Not      models or queries: those belong to modules.
"""
