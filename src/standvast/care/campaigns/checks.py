"""What must be so before this module may start."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_twin_only_in_drills(**_: Any) -> Sequence[CheckMessage]:
    """Refuse the faulty twin outside drills: it confirms orders only after their mail."""
    if settings.TWIN and not settings.DRILL:
        return [
            Error(
                "STANDVAST_TWIN runs the original, faulty design and is for drills only.",
                hint="Unset STANDVAST_TWIN, or set STANDVAST_DRILL=1 in a drill's installation.",
                id="campaigns.E001",
            )
        ]
    return []
