"""Group commit: small writes that arrive while a commit is under way share the next transaction.

Owns     no table; one writing connection per group and serve process.
Promises each item gets its own verdict, and only when what holds it is on disk, though others may
         read it a moment earlier; one bad item never fails the others; what waits is bounded (503
         with Retry-After past the bound); an item that was given up before its batch began is not
         written; processes take turns, and one that stands still holds the others up for 250 ms a
         batch and five seconds in all.
Uses     database.
Not      a rule about capacity: that is a CHECK in the table and holds whatever this does.
"""
