"""How one opened system behaves: one frozen value, replaced whole."""

from enum import StrEnum

import msgspec

from standvast.outside.control import Seconds


class Answers(StrEnum):
    """What it does with whoever is handed over."""

    WELL = "well"
    STRANGER = "stranger"
    """It knows us by another key: theirs was replaced and ours forgotten."""
    FAULT = "fault"
    """It answers with a fault of its own."""
    SIGN_IN = "sign-in"
    """It shows a page to sign in, as if nobody had been handed over; its status is 200."""
    FIELD = "field"
    """It asks for another field since its update."""


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it does at the next click. The default is a good system."""

    answers: Answers = Answers.WELL
    delay_s: Seconds = 0.0
