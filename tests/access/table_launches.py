"""Launches: the token is the proof of who comes."""

from standvast.registry.access.testing import Expect, Who

TABLE: dict[str, Expect] = {
    "launch/": Expect(Who.EVERYBODY, ("POST",), also=("refused",)),
    "launch/connect/": Expect(Who.SIGNED_IN, ("GET", "POST"), absent=True),
}
