"""How one app behaves: one frozen value, replaced whole."""

from enum import StrEnum

import msgspec

from standvast.outside.control import Seconds


class Answers(StrEnum):
    """What it does with whoever starts it."""

    WELL = "well"
    STRANGER = "stranger"
    """It proves itself with a key that nobody knows: its own was replaced, and nobody told."""
    FAULT = "fault"
    """It answers with a fault of its own."""
    SIGN_IN = "sign-in"
    """It shows a page to sign in of its own, as if nobody had been sent; its status is 200."""


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it does at the next start. The default is a good app."""

    answers: Answers = Answers.WELL
    delay_s: Seconds = 0.0
