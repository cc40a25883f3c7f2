"""The world outside, simulated, for demo, tests and drills only: one folder per peer.

Owns     nothing in the database; what peers received lives in memory and is bounded.
Promises loopback only; each peer's speed and failures can be set while it runs; what it
         received can be read by people at `/` and by programs at `/<peer>/...`.
Uses     kit and web alone. It is no part of Standvast and must not know it.
Not      a test double: Standvast talks to it over real sockets, as to anybody else.
"""
