"""The ways work can fail, shared by every module.

`Refused`      a rule says no. Its sentence is fit to show to the person. Never retried.
`Unavailable`  something outside is down. Worth trying again later.
A broken assumption is neither: use `assert` and let it crash.

A `Refused` carries a marked English template and its values, so that `web` can say it in the
person's language. Its class decides the HTTP status (`web.errors`), its `code` what is logged.
"""

from typing import ClassVar


class StandvastError(Exception):
    """Base of every anticipated failure; `code` is stable and safe to log."""

    code: ClassVar[str] = "standvast.error"


class Refused(StandvastError):
    """A rule forbids this now. `str(error)` is fit to show to the person."""

    code = "standvast.refused"

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values) if values else template)


class NotFound(Refused):
    """There is no such thing, or not for you: the two are told apart for nobody."""

    code = "standvast.not_found"


class NotAllowed(Refused):
    """You are known, but your role does not give this."""

    code = "standvast.not_allowed"


class Invalid(Refused):
    """What was handed in cannot be right, whatever the state of things."""

    code = "standvast.invalid"


class Gone(Refused):
    """It was there, and its time has passed."""

    code = "standvast.gone"


class Busy(Refused):
    """A bound is reached; worth repeating after `retry_after_s`."""

    code = "standvast.busy"

    def __init__(self, template: str, *, retry_after_s: int, **values: object) -> None:
        super().__init__(template, **values)
        self.retry_after_s = retry_after_s


class Unavailable(StandvastError):
    """An outside party did not answer in time or could not be reached."""

    code = "standvast.unavailable"
