"""What a certificate says about itself."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

CHAIN_BYTES_MAX = 32_768
KEY_BYTES_MAX = 16_384
CHAIN_MAX = 6
UZI_TYPE = x509.ObjectIdentifier("2.5.5.5")
UZI_PARTS = 7
IA5_STRING = 0x16


class NotReadable(Invalid):
    """What was handed in is no certificate or no key."""

    code = "certificates.not_readable"


@dataclass(frozen=True)
class Chain:
    """A certificate, and those between it and its authority."""

    own: x509.Certificate
    above: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> str:
        return "".join(
            one.public_bytes(Encoding.PEM).decode("ascii") for one in (self.own, *self.above)
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal."""
        return self.own.fingerprint(SHA256()).hex()


def read_chain(pem: str) -> Chain:
    """Return the certificates of a PEM text, the own one first.

    :raises NotReadable: if there is none, or what is there cannot be read.
    """
    if len(pem) > CHAIN_BYTES_MAX:
        raise NotReadable(marked("This is too long to be a certificate with its chain."))
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
        for one in found:  # the extensions are read late: here is where they must prove readable
            _ = one.extensions
    except ValueError:
        raise NotReadable(
            marked("This is no certificate. A PEM text begins with -----BEGIN CERTIFICATE-----.")
        ) from None
    if len(found) > CHAIN_MAX:
        raise NotReadable(marked("A chain of more than {count} is not read."), count=CHAIN_MAX)
    return Chain(found[0], tuple(found[1:]))


def read_key(pem: str, passphrase: str) -> PrivateKeyTypes:
    """Return the private key of a PEM text.

    :raises NotReadable: if there is none, or the passphrase does not open it.
    """
    if len(pem) > KEY_BYTES_MAX:
        raise NotReadable(marked("This is too long to be a private key."))
    try:
        return load_pem_private_key(pem.encode(), passphrase.encode() or None)
    except TypeError:
        if passphrase:
            raise NotReadable(
                marked("This private key has no passphrase. Leave that field empty.")
            ) from None
        raise NotReadable(
            marked("This private key has a passphrase. Hand that in with it.")
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise NotReadable(
            marked("This is no private key, or the passphrase does not open it.")
        ) from None


def plain_key(key: PrivateKeyTypes) -> bytes:
    """Return a key as it is sealed."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def fits(key: PrivateKeyTypes, certificate: x509.Certificate) -> bool:
    """Whether a private key belongs to a certificate."""
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def read_authorities(pem: str) -> tuple[x509.Certificate, ...]:
    """Return the authorities of a setting; none when it is empty or cannot be read."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode())) if pem else ()
    except ValueError:
        return ()


def short_name(name: x509.Name) -> str:
    """Return by which name people know it: its common name, or all of it."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else full_name(name)


def full_name(name: x509.Name) -> str:
    """Return all of a name, as a person reads it."""
    return name.rfc4514_string({NameOID.SERIAL_NUMBER: "serialNumber"})


def numbers_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the numbers that a subject carries: its serial number, or the parts of a UZI name.

    A UZI name is CA-version-UZI number-kind of card-subscriber number-role-AGB.
    """
    serials = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    found = [str(serial.value) for serial in serials]
    for text in _other_names(certificate):
        parts = text.split("-")
        if len(parts) == UZI_PARTS:
            found += [parts[2], parts[4], parts[6]]
    return tuple(dict.fromkeys(found))


def _other_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    others = [
        name.value for name in names.get_values_for_type(x509.OtherName) if name.type_id == UZI_TYPE
    ]
    return tuple(text for value in others if (text := _ia5(value)))


def _ia5(der: bytes) -> str:
    """Return the text of a DER IA5String of up to 127 bytes; empty if it is something else."""
    if len(der) < 2 or der[0] != IA5_STRING or der[1] != len(der) - 2:
        return ""
    return der[2:].decode("ascii", errors="replace")
