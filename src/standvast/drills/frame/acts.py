"""Acts of the drill itself that an experiment may name: what the proxy cannot do.

Chaos Toolkit finds them here too, when it runs an experiment inside the process of a drill.
"""

from collections.abc import Callable, Mapping

from standvast.project.installation import Installation

NAME = "standvast.drills.frame.acts.kill_process"
_at_work: list[Installation] = []


def kill_process(kind: str, number: int) -> None:
    """SIGKILL one process, as a power cut would; its supervisor brings it back.

    :raises IndexError: if no drill is at work, or there is no such process.
    """
    _at_work[-1].kill(kind, number, restart=True)


def own_acts(installation: Installation) -> Mapping[str, Callable[..., None]]:
    """Return the acts by the names that experiments use, bound to this installation."""
    _at_work[:] = [installation]

    def kill(kind: str, number: int) -> None:
        installation.kill(kind, number, restart=True)

    return {NAME: kill}
