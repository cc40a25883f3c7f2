"""Inside the installation: the desk track of cases 001-1 to 16, replayed with its own times."""

from typing import Any

from standvast.drills.frame.desk_track import replay_log


def replay() -> dict[str, Any]:
    """Replay log.yaml; return the values of the desk's lines."""
    return replay_log("standvast.drills.release")
