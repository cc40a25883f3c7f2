"""What is looked at before a certificate is shown to anybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID

from standvast.core.certificates.rules.reading import Chain, fits, numbers_of, short_name
from standvast.core.certificates.rules.told import Check

LEVELS = (7, 14, 30, 60)
"""Days left at which it is said again."""
SECONDS_A_DAY = 86_400
RSA_BITS_MIN = 2048
CURVE_BITS_MIN = 256
BROKEN_HASHES = frozenset({"md5", "sha1"})


class Environment(StrEnum):
    """What an installation is: each has issuers of its own."""

    PRODUCTION = "production"
    ACCEPTANCE = "acceptance"
    TEST = "test"


class Use(StrEnum):
    """How a certificate is shown."""

    CLIENT_AUTH = "clientAuth"
    SERVER_AUTH = "serverAuth"


_USES = {
    Use.CLIENT_AUTH: (ExtendedKeyUsageOID.CLIENT_AUTH, "use.not_client"),
    Use.SERVER_AUTH: (ExtendedKeyUsageOID.SERVER_AUTH, "use.not_server"),
}


@dataclass(frozen=True)
class Wanted:
    """What a certificate must be, here."""

    environment: Environment
    issuers: Mapping[Environment, Sequence[x509.Certificate]]
    number: str
    uses: frozenset[Use] = field(default=frozenset({Use.CLIENT_AUTH}))


def preflight(
    chain: Chain, key: PrivateKeyTypes | None, wanted: Wanted, now: datetime
) -> tuple[Check, ...]:
    """Return every check that needs nobody else. A key of None could not be opened."""
    return (
        _key_check(chain, key),
        _issuer_check(chain, wanted),
        *_use_checks(chain.own, wanted.uses),
        *_time_checks(chain, now),
        _subject_check(chain.own, wanted.number),
        _strength_check(chain.own),
    )


def days_left(valid_until: datetime, now: datetime) -> int:
    """Return how many whole days are left; below zero when it is over."""
    return int((valid_until - now).total_seconds() // SECONDS_A_DAY)


def level_of(days: int) -> int | None:
    """Return the smallest level that this many days are below; none when there are enough."""
    return next((level for level in LEVELS if days < level), None)


def valid_from(chain: Chain) -> datetime:
    """Return from when the whole chain is valid."""
    return max(one.not_valid_before_utc for one in (chain.own, *chain.above))


def valid_until(chain: Chain) -> datetime:
    """Return until when the whole chain is valid."""
    return min(one.not_valid_after_utc for one in (chain.own, *chain.above))


def _key_check(chain: Chain, key: PrivateKeyTypes | None) -> Check:
    if key is None:
        return Check("key.cannot_open")
    return Check("key.fits" if fits(key, chain.own) else "key.differs")


def _issuer_check(chain: Chain, wanted: Wanted) -> Check:
    if not wanted.issuers.get(wanted.environment):
        return Check("issuer.not_set")
    here = _authority_of(chain, wanted.issuers[wanted.environment])
    if here is not None:
        return Check("issuer.right", {"issuer": short_name(here.subject)})
    for environment, authorities in wanted.issuers.items():
        elsewhere = _authority_of(chain, authorities)
        if elsewhere is not None:
            return Check(f"issuer.{environment}", {"issuer": short_name(elsewhere.subject)})
    path = (chain.own, *chain.above)
    for one, above in pairwise(path):
        if not _issued(one, above):
            return Check("issuer.chain_broken", {"subject": short_name(one.subject)})
    return Check("issuer.stranger", {"issuer": short_name(path[-1].issuer)})


def _authority_of(chain: Chain, authorities: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """Return the authority at which the chain ends, walking up as long as it holds."""
    known = tuple(authorities)
    path = (chain.own, *chain.above)
    for one, above in zip(path, (*path[1:], None), strict=True):
        for authority in known:
            if _issued(one, authority):
                return authority
        if above is None or not _issued(one, above):
            return None
    return None


def _issued(one: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether `above` may issue, and issued `one`."""
    try:
        basic = above.extensions.get_extension_for_class(x509.BasicConstraints).value
        one.verify_directly_issued_by(above)
    except (x509.ExtensionNotFound, InvalidSignature, ValueError, TypeError):
        return False
    return basic.ca


def _use_checks(own: x509.Certificate, uses: frozenset[Use]) -> tuple[Check, ...]:
    try:
        allowed = set(own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        allowed = {oid for oid, _ in _USES.values()}  # says nothing, so it forbids nothing
    lacking = [code for use, (oid, code) in _USES.items() if use in uses and oid not in allowed]
    return tuple(Check(code) for code in lacking) or (Check("use.right"),)


def _time_checks(chain: Chain, now: datetime) -> tuple[Check, ...]:
    since, until = valid_from(chain), valid_until(chain)
    if now < since:
        return (Check("valid.not_yet", {"since": since.date()}),)
    if now >= until:
        return (Check("valid.over", {"until": until.date()}),)
    days = days_left(until, now)
    level = level_of(days)
    return (
        Check("valid.now", {"until": until.date()}),
        Check(f"days.{level}" if level else "days.enough", {"days": days}),
    )


def _subject_check(own: x509.Certificate, number: str) -> Check:
    if not number:
        return Check("subject.not_set")
    found = numbers_of(own)
    if number in found:
        return Check("subject.right", {"number": number})
    return Check("subject.other", {"number": number, "found": ", ".join(found) or "–"})


def _strength_check(own: x509.Certificate) -> Check:
    algorithm = own.signature_hash_algorithm
    if algorithm is not None and algorithm.name in BROKEN_HASHES:
        return Check("strength.old_signature", {"kind": algorithm.name.upper()})
    key = own.public_key()
    match key:
        case rsa.RSAPublicKey():
            kind, is_enough = f"RSA {key.key_size}", key.key_size >= RSA_BITS_MIN
        case ec.EllipticCurvePublicKey():
            kind, is_enough = key.curve.name, key.key_size >= CURVE_BITS_MIN
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            kind, is_enough = "EdDSA", True
        case _:
            kind, is_enough = type(key).__name__.strip("_"), False
    return Check("strength.enough" if is_enough else "strength.weak", {"kind": kind})
