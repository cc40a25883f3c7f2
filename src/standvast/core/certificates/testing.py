"""For the tests of others: authorities, certificates right and wrong, a peer to show them to."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from standvast.core.certificates.contexts import _as_file
from standvast.core.certificates.declared import Peer, Purpose
from standvast.core.certificates.rules.preflight import Environment

NUMBER = "00001234"
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
UZI_TYPE = ObjectIdentifier("2.5.5.5")
Key = CertificateIssuerPrivateKeyTypes


@dataclass(frozen=True)
class Made:
    """A certificate with its chain, and its key."""

    certificate: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def chain_pem(self) -> str:
        return "".join(_pem(one) for one in (self.certificate, *self.chain))

    @property
    def key_pem(self) -> str:
        return self.key_pem_with("")

    def key_pem_with(self, passphrase: str) -> str:
        """Return the key as PEM, behind a passphrase if there is one."""
        how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


class Authority:
    """Issues certificates for tests; an authority below another has it in its chain."""

    def __init__(self, name: str, *, above: "Authority | None" = None, now: datetime | None = None):
        self.now = now or datetime.now(UTC)
        self.above = above
        self.name = _name(name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(self.name, self.key, self.now - timedelta(days=900), 3_650)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        builder = builder.add_extension(_key_usage(is_authority=True), True)
        self.certificate = _signed(builder, above or self)

    @property
    def pem(self) -> str:
        return _pem(self.certificate)

    def issue(
        self,
        name: str = "praktijk.example",
        *,
        number: str = NUMBER,
        uzi: str = "",
        days: float = 400,
        since_days: float = 1,
        uses: tuple[ObjectIdentifier, ...] = (CLIENT,),
        key: Key | None = None,
    ) -> Made:
        """Return a certificate valid for `days` from now on, since `since_days` ago."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        begins = self.now - timedelta(days=since_days)
        builder = _builder(_name(name, number), key, begins, days + since_days)
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if uzi:
            names.append(x509.OtherName(UZI_TYPE, b"\x16" + bytes([len(uzi)]) + uzi.encode()))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        chain = (self.certificate,) if self.above else ()
        return Made(_signed(builder, self), key, chain)


def _name(common: str, number: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, number))
    return x509.Name(parts)


def _builder(name: x509.Name, key: Key, begins: datetime, days: float) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _signed(builder: x509.CertificateBuilder, by: Authority) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())
    return builder.issuer_name(by.name).add_extension(identifier, False).sign(by.key, SHA256())


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode("ascii")


def wrong_ones(authority: Authority, elsewhere: Authority) -> Mapping[str, Made]:
    """Return a certificate for each thing that can be wrong with one, by the code that says so."""
    right, other = authority.issue(), authority.issue()
    return {
        "key.differs": Made(right.certificate, other.key),
        "issuer.stranger": elsewhere.issue(),
        "issuer.chain_broken": Made(right.certificate, right.key, (elsewhere.certificate,)),
        "use.not_client": authority.issue(uses=(SERVER,)),
        "valid.over": authority.issue(days=-1, since_days=30),
        "valid.not_yet": authority.issue(since_days=-5),
        "subject.other": authority.issue(number="00009999"),
        "strength.weak": authority.issue(key=rsa.generate_private_key(65537, 1024)),
    }


class _Polite(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the base's own name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's own name
        del format, args


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address  # a client that leaves is what some tests are about


@contextmanager
def a_peer(authority: Authority, *, trusts: str | None = None, status: int = 200) -> Iterator[Peer]:
    """Run a web server that asks for certificates of `trusts`; it shows one of `authority`."""
    shown = authority.issue("localhost", uses=(SERVER,))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with _as_file((shown.chain_pem + shown.key_pem).encode()) as path:
        context.load_cert_chain(path)
    context.load_verify_locations(cadata=trusts or authority.pem)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    server = _Quiet(("127.0.0.1", 0), _Polite)
    server.status = status  # type: ignore[attr-defined]
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=True
    )
    serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    serving.start()
    try:
        yield Peer("localhost", server.server_port, authority.pem)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def a_purpose(
    authority: Authority,
    *,
    name: str = "coverage",
    peer: Peer | None = None,
    elsewhere: Mapping[Environment, Authority] | None = None,
    number: str = NUMBER,
    **more: Any,
) -> Purpose:
    """Return a purpose for which this authority issues in an installation for tests."""
    issuers = {Environment.TEST: authority, **(elsewhere or {})}
    return Purpose(
        name=name,
        title="Verzekering navragen",
        owner="De beheerder",
        stops="Er kan niet worden nagevraagd.",
        peer=lambda: peer,
        issuers=lambda: {where: one.pem for where, one in issuers.items()},
        number=lambda: number,
        **more,
    )
