"""Inside the installation: the desk track of case 004-1, replayed with its own times."""

from typing import Any

from standvast.drills.frame.desk_track import replay_log


def replay() -> dict[str, Any]:
    """Replay log.yaml; return the values of the desk's lines."""
    return replay_log("standvast.drills.opening_night")
