"""The certificate authorities of the simulated world: one for production, one for tests.

A certificate is made for whoever asks, as long or as wrong as wanted: expired, from the wrong
issuer, for the wrong use. Keys lie in the folder, readable by its owner alone.
"""

import fcntl
import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ROOT_LIFE = timedelta(days=20 * 365)
SKEW = timedelta(minutes=5)
"""A root begins this long before it is made: a clock beside ours may be behind."""


class Issuer(StrEnum):
    """Who issues. A service in production trusts the first alone."""

    PRODUCTION = "production"
    TEST = "test"


NAMES = {
    Issuer.PRODUCTION: "Standvast Simulated Production CA",
    Issuer.TEST: "Standvast Simulated TEST CA",
}


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, both PEM. With the key of another it is one that does not fit."""

    certificate: bytes
    key: bytes

    @property
    def serial(self) -> str:
        """Return its serial number as TLS tells it: hexadecimal, capitals, even length."""
        found = f"{x509.load_pem_x509_certificate(self.certificate).serial_number:X}"
        return found.zfill(len(found) + len(found) % 2)

    def load_into(self, context: ssl.SSLContext) -> None:
        """Make it the certificate of this context, which reads from files only.

        :raises ssl.SSLError: if the key does not fit.
        """
        with tempfile.NamedTemporaryFile() as together:
            together.write(self.key + self.certificate)
            together.flush()
            context.load_cert_chain(together.name)


class Authority:
    """Both issuers, kept in one folder; made there at first use, by one process alone."""

    def __init__(self, folder: Path, *, now: datetime) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _private(folder / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for issuer in Issuer:
                if not self._key_path(issuer).exists():
                    self._make_root(issuer, now=now)

    def root_path(self, issuer: Issuer = Issuer.PRODUCTION) -> Path:
        """Return where an issuer's root certificate lies: what its clients and servers trust."""
        return self.root_path_in(self._folder, issuer)

    @staticmethod
    def root_path_in(folder: Path, issuer: Issuer = Issuer.PRODUCTION) -> Path:
        """Return where it lies, or will lie, in the folder of an authority."""
        return folder / f"{issuer}.pem"

    def server(
        self,
        *,
        valid_from: datetime,
        valid_until: datetime,
        names: tuple[str, ...] = ("localhost", "127.0.0.1"),
        issuer: Issuer = Issuer.PRODUCTION,
    ) -> Issued:
        """Issue a certificate for a server, by name and address."""
        return self._issue(
            [(NameOID.ORGANIZATION_NAME, "Simulated insurers"), (NameOID.COMMON_NAME, names[0])],
            names=names,
            use=ExtendedKeyUsageOID.SERVER_AUTH,
            valid_from=valid_from,
            valid_until=valid_until,
            issuer=issuer,
        )

    def client(
        self,
        *,
        organisation: str,
        agb: str,
        valid_from: datetime,
        valid_until: datetime,
        issuer: Issuer = Issuer.PRODUCTION,
        is_for_clients: bool = True,
    ) -> Issued:
        """Issue a certificate for an organisation's system; its AGB number is the `serialNumber`.

        With `is_for_clients` off its use is that of a server, which a service refuses.
        """
        use = ExtendedKeyUsageOID.CLIENT_AUTH
        return self._issue(
            [
                (NameOID.ORGANIZATION_NAME, organisation),
                (NameOID.SERIAL_NUMBER, agb),
                (NameOID.COMMON_NAME, f"System of {organisation}"[:64]),
            ],
            names=(f"system-{agb}.standvast.example",),
            use=use if is_for_clients else ExtendedKeyUsageOID.SERVER_AUTH,
            valid_from=valid_from,
            valid_until=valid_until,
            issuer=issuer,
        )

    # -- steps -------------------------------------------------------------------------------

    def _key_path(self, issuer: Issuer) -> Path:
        return self._folder / f"{issuer}.key"

    def _make_root(self, issuer: Issuer, *, now: datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(
            [(NameOID.ORGANIZATION_NAME, "Standvast"), (NameOID.COMMON_NAME, NAMES[issuer])]
        )
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        root = (
            _builder(name, key, valid_from=now - SKEW, valid_until=now + ROOT_LIFE)
            .issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(is_root=True), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        # The key last: with it there, both are.
        _write(self.root_path(issuer), root.public_bytes(serialization.Encoding.PEM))
        _write(self._key_path(issuer), _pem(key))

    def _issue(
        self,
        subject: list[tuple[ObjectIdentifier, str]],
        *,
        names: tuple[str, ...],
        use: ObjectIdentifier,
        valid_from: datetime,
        valid_until: datetime,
        issuer: Issuer,
    ) -> Issued:
        root = x509.load_pem_x509_certificate(self.root_path(issuer).read_bytes())
        root_key = serialization.load_pem_private_key(self._key_path(issuer).read_bytes(), None)
        assert isinstance(root_key, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(_name(subject), key, valid_from=valid_from, valid_until=valid_until)
            .issuer_name(root.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(is_root=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
            )
            .sign(root_key, hashes.SHA256())
        )
        return Issued(certificate.public_bytes(serialization.Encoding.PEM), _pem(key))


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    valid_from: datetime,
    valid_until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _name(parts: list[tuple[ObjectIdentifier, str]]) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "NL")
    return x509.Name([country, *(x509.NameAttribute(kind, text) for kind, text in parts)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _private(path: Path) -> BinaryIO:
    """Open a file that its owner alone can read, from its first moment."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "wb")


def _write(path: Path, content: bytes) -> None:
    """Put a file there whole: who reads meanwhile finds none or all of it."""
    beside = path.with_suffix(path.suffix + ".new")
    with _private(beside) as file:
        file.truncate()
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
