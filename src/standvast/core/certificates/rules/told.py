"""What one check can say: each code with its outcome, its sentence and what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from standvast.kit.words import marked

Value = str | int | date
LIVE = "peer."
DATES = frozenset({"since", "until"})


class Outcome(StrEnum):
    """Not known is never passed."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Told:
    """What a code says. `sentence` and `mend` are marked."""

    outcome: Outcome
    sentence: str
    mend: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        return TOLD[self.code].outcome

    @property
    def template(self) -> str:
        return TOLD[self.code].sentence

    @property
    def mend(self) -> str:
        return TOLD[self.code].mend

    @property
    def is_live(self) -> bool:
        """Whether it says what the peer made of the certificate."""
        return self.code.startswith(LIVE)


def as_stored(checks: tuple[Check, ...]) -> list[dict[str, object]]:
    """Return checks as JSON takes them."""
    return [{"code": check.code, "values": stored_values(check)} for check in checks]


def stored_values(check: Check) -> dict[str, str | int]:
    """Return the values of a check as JSON takes them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in check.values.items()
    }


def from_stored(rows: list[dict[str, object]]) -> tuple[Check, ...]:
    """Return stored checks; a code that no longer exists is left out."""
    return tuple(
        Check(str(row["code"]), _values(row["values"])) for row in rows if row["code"] in TOLD
    )


def _values(stored: object) -> dict[str, Value]:
    assert isinstance(stored, dict)
    return {
        name: date.fromisoformat(value) if name in DATES else value
        for name, value in stored.items()
    }


_ASK_AGAIN = marked("Ask the issuer for another one.")
_ASK_NOW = marked("Ask the issuer for a next one now, and hand it in here.")
_LOOK_LATER = marked("See whether the other side has an outage, and look again.")

TOLD: dict[str, Told] = {
    "key.fits": Told(Outcome.PASSED, marked("The private key belongs to it.")),
    "key.differs": Told(
        Outcome.FAILED,
        marked("The private key belongs to another certificate."),
        marked("Hand it in again with the key that was made for it."),
    ),
    "key.cannot_open": Told(
        Outcome.FAILED,
        marked("The private key cannot be opened: its sealing key is missing."),
        marked("Put the old sealing key back into the settings, or hand it in again."),
    ),
    "issuer.right": Told(
        Outcome.PASSED, marked("Its chain ends at {issuer}, which is expected here.")
    ),
    "issuer.test": Told(
        Outcome.FAILED,
        marked("It was issued by a TEST issuer: {issuer}. This is not a test installation."),
        marked("Hand in the one that was issued for this installation."),
    ),
    "issuer.acceptance": Told(
        Outcome.FAILED,
        marked(
            "It was issued for acceptance, by {issuer}. This is not an acceptance installation."
        ),
        marked("Hand in the one that was issued for this installation."),
    ),
    "issuer.production": Told(
        Outcome.FAILED,
        marked("It was issued for production, by {issuer}. This is not production."),
        marked("Hand in the one that was issued for this installation."),
    ),
    "issuer.stranger": Told(
        Outcome.FAILED,
        marked("Its chain ends at {issuer}, which is not expected here."),
        marked("Hand it in with every certificate between it and its issuer, or ask for another."),
    ),
    "issuer.chain_broken": Told(
        Outcome.FAILED,
        marked("The chain breaks: {subject} was not issued by the certificate that follows."),
        marked("Put the certificates in order: its own first, then who issued it, and so on."),
    ),
    "issuer.not_set": Told(
        Outcome.NOT_KNOWN,
        marked("No issuer is set for this installation."),
        marked("Whoever runs the installation sets the issuers of this purpose."),
    ),
    "use.right": Told(Outcome.PASSED, marked("It may be used for what we use it for.")),
    "use.not_client": Told(
        Outcome.FAILED, marked("It may not be shown by a client (clientAuth)."), _ASK_AGAIN
    ),
    "use.not_server": Told(
        Outcome.FAILED, marked("It may not be shown by a server (serverAuth)."), _ASK_AGAIN
    ),
    "valid.now": Told(Outcome.PASSED, marked("It is valid until {until}.")),
    "valid.not_yet": Told(
        Outcome.FAILED,
        marked("It is valid only from {since}."),
        marked("Wait until then and look again."),
    ),
    "valid.over": Told(Outcome.FAILED, marked("It has not been valid since {until}."), _ASK_NOW),
    "days.enough": Told(Outcome.PASSED, marked("Days left: {days}.")),
    "days.60": Told(Outcome.WARNING, marked("Days left: {days}, fewer than 60."), _ASK_NOW),
    "days.30": Told(Outcome.WARNING, marked("Days left: {days}, fewer than 30."), _ASK_NOW),
    "days.14": Told(Outcome.WARNING, marked("Days left: {days}, fewer than 14."), _ASK_NOW),
    "days.7": Told(Outcome.WARNING, marked("Days left: {days}, fewer than 7."), _ASK_NOW),
    "subject.right": Told(Outcome.PASSED, marked("It carries our number, {number}.")),
    "subject.other": Told(
        Outcome.FAILED,
        marked("It carries {found}; our number is {number}."),
        marked("Hand in the one that was issued to this organisation."),
    ),
    "subject.not_set": Told(
        Outcome.NOT_KNOWN,
        marked("The number that it must carry is not set."),
        marked("Whoever runs the installation sets the number of this purpose."),
    ),
    "strength.enough": Told(Outcome.PASSED, marked("Its key is strong enough: {kind}.")),
    "strength.weak": Told(Outcome.FAILED, marked("Its key is too weak: {kind}."), _ASK_AGAIN),
    "strength.old_signature": Told(
        Outcome.FAILED, marked("It was signed in a way that is broken: {kind}."), _ASK_AGAIN
    ),
    "peer.took": Told(Outcome.PASSED, marked("The other side took it, after {ms} ms.")),
    "peer.refused": Told(
        Outcome.FAILED,
        marked("The other side refused it: {alert}."),
        marked("Ask the other side whether they know this certificate and its issuer."),
    ),
    "peer.answered": Told(
        Outcome.FAILED,
        marked("The other side answered {status}: it does not let us in with it."),
        marked("Ask the other side whether they know this certificate and its issuer."),
    ),
    "peer.stranger": Told(
        Outcome.FAILED,
        marked("We do not know the other side: {reason}."),
        marked("Ask them who issues their certificates; the settings name another authority."),
    ),
    "peer.away": Told(Outcome.NOT_KNOWN, marked("The other side cannot be reached."), _LOOK_LATER),
    "peer.late": Told(
        Outcome.NOT_KNOWN,
        marked("The other side did not answer within {seconds} s."),
        _LOOK_LATER,
    ),
    "peer.hung_up": Told(
        Outcome.NOT_KNOWN,
        marked("The other side ended the connection without a word."),
        marked("Ask the other side whether they know this certificate and its issuer."),
    ),
    "peer.not_set": Told(
        Outcome.NOT_KNOWN,
        marked("The address of the other side is not set, so nobody was shown it."),
        marked("Whoever runs the installation sets the address of this purpose."),
    ),
    "peer.no_authority": Told(
        Outcome.NOT_KNOWN,
        marked("The setting that says who issues the other side's certificate cannot be read."),
        marked("Whoever runs the installation sets it: a PEM text, whole."),
    ),
    "call.right": Told(Outcome.PASSED, marked("A call that changes nothing was answered.")),
    "call.refused": Told(
        Outcome.FAILED,
        marked("A call that changes nothing was refused."),
        marked("Ask the other side what this certificate may do."),
    ),
    "call.not_known": Told(
        Outcome.NOT_KNOWN,
        marked("A call that changes nothing got no answer."),
        _LOOK_LATER,
    ),
}
