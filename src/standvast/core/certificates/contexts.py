"""The certificate in use, as what calls a peer needs it: an `ssl.SSLContext`."""

import os
import ssl
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from standvast.core.certificates.declared import purpose_named
from standvast.core.certificates.keeping import opened_pem
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.slots import Slot
from standvast.core.sealing.api import CannotOpen
from standvast.kit.errors import Unavailable

_kept: dict[str, tuple[uuid.UUID, str, ssl.SSLContext]] = {}
"""By purpose: whose certificate, whom we believe, the context. One each, so it stays small."""


class NoCertificate(Unavailable):
    """There is no certificate in use for this purpose, or its key cannot be opened."""

    code = "certificates.none"


class AuthorityNotReadable(NoCertificate):
    """The setting that says whom we believe holds no certificate."""

    code = "certificates.authority_not_readable"


def ssl_context_of(purpose: str) -> ssl.SSLContext:
    """Return a context that shows the certificate in use and believes the peer's authority.

    Asks each time which one is in use, so that a switch takes effect at the next call. Explicit:
    no variable of the environment changes whom it believes. Synchronous, for a thread with a
    Django connection.

    :raises NoCertificate: if there is none to show.
    """
    peer = purpose_named(purpose).peer()
    authority = peer.authority if peer else ""
    in_use = Certificate.objects.filter(purpose=purpose, slot=Slot.CURRENT.value)
    found = in_use.values_list("id", flat=True).first()
    if found is None:
        _kept.pop(purpose, None)
        raise NoCertificate(f"No certificate is in use for {purpose}.")
    kept = _kept.get(purpose)
    if kept is None or kept[:2] != (found, authority):
        row = in_use.filter(id=found).first()
        if row is None:  # withdrawn between the two questions
            raise NoCertificate(f"No certificate is in use for {purpose}.")
        kept = _kept[purpose] = (found, authority, context_of(row, authority))
    return kept[2]


def context_of(row: Certificate, authority: str) -> ssl.SSLContext:
    """Return a context that shows this certificate.

    :raises NoCertificate: if its key cannot be opened or belongs to another.
    :raises AuthorityNotReadable: if the authority is no certificate.
    """
    try:
        context = ssl.create_default_context(cadata=authority or None)
    except (ssl.SSLError, ValueError, TypeError) as error:
        raise AuthorityNotReadable(f"The authority for {row.purpose} cannot be read.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # whom the setting names is believed
    try:
        with _as_file(row.chain.encode() + opened_pem(row)) as path:
            context.load_cert_chain(path)
    except (CannotOpen, ssl.SSLError) as error:
        raise NoCertificate(f"The key for {row.purpose} cannot be used.") from error
    return context


@contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """Give `load_cert_chain` the path it wants: in memory if the system can, else gone at once."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("certificate"), "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
        return
    with tempfile.NamedTemporaryFile() as named:  # 0600
        named.write(content)
        named.flush()
        yield named.name
