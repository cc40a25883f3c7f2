"""DKIM signatures (RFC 6376, RFC 8463): relaxed, RSA or Ed25519 by the kind of key. Pure."""

import base64
import hashlib
import re
from email.parser import BytesHeaderParser
from email.policy import compat32

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SIGNED_HEADERS = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-language",
    "auto-submitted",
)


class DkimKeyWrong(ValueError):
    """The key is not a private RSA or Ed25519 key in PEM."""


def sign(content: bytes, *, pem: bytes, domain: str, selector: str) -> bytes:
    """Return the DKIM-Signature header, to be put in front of the message.

    :raises DkimKeyWrong: if the key cannot sign.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise DkimKeyWrong("not a private key in PEM") from error
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise DkimKeyWrong("neither RSA nor Ed25519")
    algorithm = "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256"
    body_hash = base64.b64encode(hashlib.sha256(relaxed_body(content)).digest()).decode()
    headers = _headers(content)
    names = [name for name in SIGNED_HEADERS if name in headers]
    value = (
        f"v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
        f" h={':'.join(names)};\r\n bh={body_hash};\r\n b="
    )
    lines = [relaxed_header(name, headers[name]) for name in names]
    lines.append(relaxed_header("dkim-signature", value).removesuffix("\r\n"))
    signed = "".join(lines).encode("utf-8", "surrogateescape")
    if isinstance(key, RSAPrivateKey):
        mark = key.sign(signed, PKCS1v15(), SHA256())
    else:
        mark = key.sign(hashlib.sha256(signed).digest())
    encoded = base64.b64encode(mark).decode()
    folded = "\r\n ".join(encoded[i : i + 72] for i in range(0, len(encoded), 72))
    return f"DKIM-Signature: {value}{folded}\r\n".encode()


def relaxed_header(name: str, value: str) -> str:
    """Return one header as RFC 6376 3.4.2 has it."""
    unfolded = re.sub(r"[ \t]+", " ", re.sub(r"\r?\n", "", value))
    return f"{name.lower()}:{unfolded.strip()}\r\n"


def relaxed_body(content: bytes) -> bytes:
    """Return the body of a message as RFC 6376 3.4.4 has it."""
    _, _, body = content.partition(b"\r\n\r\n")
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _headers(content: bytes) -> dict[str, str]:
    """Return headers as they stand on the wire, folds included; the last of a name counts."""
    found = BytesHeaderParser(policy=compat32).parsebytes(content)
    return {name.lower(): str(value) for name, value in found.raw_items()}
