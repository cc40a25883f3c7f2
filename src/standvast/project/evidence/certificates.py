"""What every certificate is worth here and now, for the gate `certificate` of a release."""

import socket
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from standvast.core.certificates.api import Check, Outcome, Proof, prove_all
from standvast.desk.releases.api import Evidence, Gatherer, Result

AWAY = frozenset({"peer.away", "peer.late", "peer.hung_up", "peer.not_set", "peer.no_authority"})
FINGERPRINT_TOLD = 16
RESULTS = {Outcome.FAILED: Result.FAILED, Outcome.NOT_KNOWN: Result.INCONCLUSIVE}
ORDER = {Result.FAILED: 0, Result.INCONCLUSIVE: 1, Result.OK: 2}


def certificates_shown(digest: str, now: datetime) -> Evidence | None:
    """Return what every certificate in use, and every next one, is worth here and now.

    Each is shown to its peer from this machine, within one deadline. The figures are those of the
    worst of them, so that one certificate that is right does not speak for another. None: nothing
    here is shown to anybody, and this installation does not speak of those elsewhere.
    """
    proofs = prove_all(now)
    if not proofs:
        return None
    worst = min(proofs, key=_badness)
    result = _result(worst)
    return Evidence(
        gate="certificate",
        digest=digest,
        result=result,
        at=now,
        environment=settings.ENVIRONMENT,
        figures=_figures(proofs, worst) | {"machine": socket.gethostname()},
        sentence="" if result is Result.OK else _sentence(worst),
    )


def _badness(proof: Proof) -> tuple[int, int]:
    return ORDER[_result(proof)], proof.days_left


def _result(proof: Proof) -> Result:
    """What one certificate comes to; what warns is left to the figures. Shown to nobody is open."""
    if not proof.fingerprint:
        return Result.FAILED
    found = {RESULTS.get(check.outcome, Result.OK) for check in proof.checks}
    if not any(check.is_live for check in proof.checks):
        found.add(Result.INCONCLUSIVE)
    return min(found, key=lambda result: ORDER[result])


def _figures(proofs: Sequence[Proof], worst: Proof) -> dict[str, object]:
    counted: dict[str, object] = {"certificates": len(proofs)}
    if not worst.fingerprint:
        return counted | {"missing": worst.purpose.name}
    return {
        **counted,
        "purpose": worst.purpose.name,
        "slot": worst.slot.value,
        "fingerprint": worst.fingerprint,
        "days_left": max(0, worst.days_left),
        **_found(worst.checks),
        "shown": [_line(proof) for proof in proofs],
    }


def _found(checks: Sequence[Check]) -> dict[str, object]:
    """Return what the checks say, in the figures of the gate; what nobody could tell is left out.

    An issuer of another environment is told by its own figure, and is no broken chain.
    """
    by_kind = {check.code.partition(".")[0]: check for check in checks}
    codes = {check.code for check in checks}
    issuer = by_kind["issuer"]
    found: dict[str, object] = {
        "key_fits": "key.fits" in codes,
        "client_auth": "use.not_client" not in codes,
        "test_issuer": issuer.code == "issuer.test",
        "issuer": str(issuer.values.get("issuer", "?")),
        "not_yet": "valid.not_yet" in codes,
        "weak": by_kind["strength"].outcome is Outcome.FAILED,
        "peer_reached": not AWAY & codes,
        "handshake": "peer.took" in codes,
    }
    if issuer.outcome is not Outcome.NOT_KNOWN:
        found["chain_ok"] = issuer.code in ("issuer.right", "issuer.test")
    if by_kind["subject"].outcome is not Outcome.NOT_KNOWN:
        found["subject_ok"] = by_kind["subject"].outcome is Outcome.PASSED
    return found


def _line(proof: Proof) -> str:
    name = proof.fingerprint[:FINGERPRINT_TOLD] or "-"
    return f"{proof.purpose.name} {proof.slot.value} {name} {_result(proof).value}"


def _sentence(proof: Proof) -> str:
    """Return what is wrong with it, in the house's own language: it is kept, and read by many."""
    against = next(
        (check for outcome in RESULTS for check in proof.checks if check.outcome is outcome), None
    )
    if against is None:
        return ""  # the figure says which one lacks
    said = against.template.format(**against.values)
    return f"{proof.purpose.name}, {proof.slot.value}: {said}"


CERTIFICATES = Gatherer("certificate", certificates_shown, settings.ENVIRONMENT)
