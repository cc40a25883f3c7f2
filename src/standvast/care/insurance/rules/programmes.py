"""Programmes of chain care and what is done in them, with the words people use. Pure.

Made up, in the shape of the Dutch ones. What each is paid stands in the tariffs.
"""

from collections.abc import Mapping
from enum import StrEnum

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

PROGRAMMES: Mapping[str, str] = {
    "dm2": marked("Diabetes type 2"),
    "copd": marked("COPD"),
    "cvrm": marked("Cardiovascular risk"),
}
ACTIVITIES: Mapping[str, str] = {
    "yearly": marked("yearly check"),
    "check": marked("check in between"),
    "feet": marked("foot examination"),
    "breath": marked("breathing test"),
    "talk": marked("talk about living healthily"),
}
DONE_IN: Mapping[str, tuple[str, ...]] = {
    "dm2": ("yearly", "check", "feet", "talk"),
    "copd": ("yearly", "check", "breath", "talk"),
    "cvrm": ("yearly", "check", "talk"),
}
"""Which activities a programme has."""


class Origin(StrEnum):
    """Where we have it from."""

    HERE = "here"
    IMPORTED = "imported"


class NotInProgramme(Invalid):
    """This programme is not known, or has no such activity."""

    code = "insurance.not_in_programme"


def check_programme(programme: str) -> None:
    """Pass if there is such a programme.

    :raises NotInProgramme: otherwise.
    """
    if programme not in PROGRAMMES:
        raise NotInProgramme(marked("There is no such programme."))


def check_done_in(programme: str, code: str) -> None:
    """Pass if a programme has this activity.

    :raises NotInProgramme: otherwise.
    """
    check_programme(programme)
    if code not in DONE_IN[programme]:
        raise NotInProgramme(marked("This is not done in this programme."))
