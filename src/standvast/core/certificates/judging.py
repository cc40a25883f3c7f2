"""One certificate against what its purpose wants, here and now."""

from datetime import datetime

from standvast.core.certificates.contexts import AuthorityNotReadable, NoCertificate, context_of
from standvast.core.certificates.declared import Purpose, environment
from standvast.core.certificates.handshake import shake_hands
from standvast.core.certificates.keeping import opened_key
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.preflight import Wanted, preflight
from standvast.core.certificates.rules.reading import read_authorities, read_chain
from standvast.core.certificates.rules.told import Check, from_stored


def wanted_by(purpose: Purpose) -> Wanted:
    """Return what a certificate for this purpose must be, in this installation."""
    issuers = {where: read_authorities(pem) for where, pem in purpose.issuers().items()}
    return Wanted(environment(), issuers, purpose.number(), purpose.uses)


def checks_here(row: Certificate, purpose: Purpose, now: datetime) -> tuple[Check, ...]:
    """Return every check that needs nobody else, made now."""
    return preflight(read_chain(row.chain), opened_key(row), wanted_by(purpose), now)


def checks_there(row: Certificate, purpose: Purpose) -> tuple[Check, ...]:
    """Show the certificate to the peer and return what came of it. Takes a deadline at most."""
    peer = purpose.peer()
    if peer is None:
        return (Check("peer.not_set"),)
    try:
        context = context_of(row, peer.authority)
    except AuthorityNotReadable:
        return (Check("peer.no_authority"),)
    except NoCertificate:
        return ()  # the check of its key says why
    return shake_hands(context, peer, harmless=purpose.harmless)


def known_checks(row: Certificate, purpose: Purpose, now: datetime) -> tuple[Check, ...]:
    """Return the checks made here now, and those that the last look brought from the peer."""
    there = (c for c in from_stored(row.checks) if c.is_live or c.code.startswith("call."))
    return *checks_here(row, purpose, now), *there
