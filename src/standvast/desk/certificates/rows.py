"""Certificates as the pages show them: a word of state, and sentences."""

from dataclasses import dataclass

from django.utils.translation import gettext

from standvast.core.certificates.api import (
    CertificateView,
    Check,
    Environment,
    Outcome,
    PurposeView,
)
from standvast.kit.words import marked
from standvast.web.api import sentence

OUTCOMES = {
    Outcome.PASSED: (marked("Right"), "ok"),
    Outcome.WARNING: (marked("Soon"), "late"),
    Outcome.FAILED: (marked("Wrong"), "harm"),
    Outcome.NOT_KNOWN: (marked("Not known"), "late"),
}
ENVIRONMENTS = {
    Environment.PRODUCTION: marked("production"),
    Environment.ACCEPTANCE: marked("acceptance"),
    Environment.TEST: marked("test"),
}


@dataclass(frozen=True)
class CheckRow:
    """One check with what it says and what mends it."""

    state: str
    kind: str
    said: str
    mend: str


@dataclass(frozen=True)
class PurposeRow:
    """One purpose with the state of what is in use."""

    view: PurposeView
    environment: str
    state: str
    kind: str
    peer: str


def purpose_row(view: PurposeView) -> PurposeRow:
    """Return a purpose with its state in a word."""
    state, kind = _state(view)
    current = view.current
    return PurposeRow(
        view,
        gettext(ENVIRONMENTS[view.environment]),
        state,
        kind,
        _said(current.peer) if current and current.peer else "",
    )


def check_rows(view: CertificateView) -> tuple[CheckRow, ...]:
    """Return every check, as a row with its sentence."""
    return tuple(_row(check) for check in view.checks)


def _row(check: Check) -> CheckRow:
    word, kind = OUTCOMES[check.outcome]
    return CheckRow(gettext(word), kind, _said(check), gettext(check.mend) if check.mend else "")


def _said(check: Check) -> str:
    return sentence(check.template, check.values)


def _state(view: PurposeView) -> tuple[str, str]:
    if view.current is not None:
        word, kind = OUTCOMES[view.current.worst]
        return gettext(word), kind
    if view.has_peer or view.purpose.must_be_there:
        return gettext("None in use"), "harm"
    return gettext("Not needed yet"), "off"
