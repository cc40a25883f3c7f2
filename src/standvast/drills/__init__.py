"""The outages, replayed against the running system, each with a red twin that must fail.

Owns     nothing in the database but what its drills put there through operations.
Promises a drill that passes has met people with faults and lost nothing they were told; its
         twin, the design that once failed, fails where it is named; nothing leaves the machine.
Uses     everything below; nothing uses it but the composition root.
Not      a load test of other people's systems: it refuses any address but loopback.
"""
