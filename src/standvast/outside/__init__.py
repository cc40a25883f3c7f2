"""The world outside, simulated, for demo, tests and drills only: one folder per peer.

Owns     nothing in the database; what peers received lives in memory and is bounded; the keys of
         the simulated certificate authorities, in a folder given to it.
Promises loopback only; each peer's speed and failures can be set while it runs; what it
         received can be read by people from `/` and by programs at `/<peer>/...`.
Uses     kit and web alone. It is no part of Standvast and must not know it.
Not      a test double: Standvast talks to it over real sockets, as to anybody else.
"""
