"""How the simulated record system behaves: one frozen value, replaced whole."""

from enum import StrEnum

import msgspec


class Signs(StrEnum):
    """What is wrong with its tokens."""

    WELL = "well"
    OLD = "old"
    """Issued an hour ago: its clock, or its page, stood still."""
    STRANGER = "stranger"
    """With a key that nobody knows: it was replaced and nobody told."""
    ELSEWHERE = "elsewhere"
    """For another installation: the address was typed wrongly after an update."""
    TWICE = "twice"
    """Each token has the same number."""


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it does at the next click. The default is a good system."""

    signs: Signs = Signs.WELL
