"""When a question is asked again though one is under way. Pure."""


def is_asked_again(
    *, is_waiting: bool, is_answered: bool, has_changed: bool, is_overtaking: bool
) -> bool:
    """Whether a question must be asked beside one whose delivery stands like this.

    A delivery that waits reads what is known when its turn comes: what was changed meanwhile goes
    along. One that is being offered has read it; one that was refused, or is gone, reads nothing
    any more. `is_overtaking`: somebody waits for an answer that would come with many others.
    """
    if is_waiting:
        return is_overtaking
    return has_changed and not is_answered
