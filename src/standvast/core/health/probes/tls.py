"""TLS: a live handshake; and certificates we hold ourselves, before a peer refuses them."""

import asyncio
import contextlib
import ssl
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from standvast.core.health.declared import WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import Watchglass, green, red
from standvast.kit.words import marked

KIND = "certificate"
DAYS_LEFT_MIN = 30
SECONDS_A_DAY = 86_400
REFUSED = marked("The handshake with {target} failed: {reason}.")
EXPIRES = marked("The certificate of {target} has {days} days left; {wanted} are wanted.")
MISSING = marked("The certificate for {target} is not in its place.")
KEY_DIFFERS = marked("The certificate for {target} does not belong to its key.")
TEST_ISSUER = marked("The certificate for {target} was issued by a test authority ({issuer}).")
TEST_WORDS = ("test", "staging", "fake", "acceptance", "acceptatie")


def tls_probe(
    name: str,
    target: str,
    *,
    host: str,
    port: int = 443,
    days_left_min: int = DAYS_LEFT_MIN,
    context: ssl.SSLContext | None = None,
    variant: str = WHOLE,
    interval_s: float = 300.0,
    deadline_s: float = 5.0,
) -> Probe:
    """Shake hands as our own client would: chain, name and days left."""

    async def run(asked: ProbeContext) -> Observation:
        glass = Watchglass()
        trust = context or ssl.create_default_context()
        try:
            _, writer = await asyncio.open_connection(host, port, ssl=trust, server_hostname=host)
        except (OSError, ssl.SSLError) as error:
            reason = getattr(error, "verify_message", "") or type(error).__name__
            return red(
                "health.tls_refused",
                REFUSED,
                duration_ms=glass.ms,
                target=target,
                reason=reason,
            )
        try:
            found = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()
        certificate = x509.load_der_x509_certificate(found)
        return _judged(certificate, target, asked.now, days_left_min, glass.ms)

    return Probe(name, target, run, variant, KIND, interval_s, deadline_s, without_database=True)


def certificate_probe(
    name: str,
    target: str,
    *,
    path: Path,
    key_path: Path | None = None,
    days_left_min: int = DAYS_LEFT_MIN,
    test_issuer_allowed: bool = False,
    variant: str = WHOLE,
    interval_s: float = 300.0,
) -> Probe:
    """Read a certificate that we use: there, fits its key, not a test issuer's, days left."""

    async def run(asked: ProbeContext) -> Observation:
        return await asyncio.to_thread(look, asked.now)

    def look(now: datetime) -> Observation:
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
            key = load_pem_private_key(key_path.read_bytes(), None) if key_path else None
        except (OSError, ValueError):
            return red("health.certificate_missing", MISSING, target=target)
        if key is not None and _public(key.public_key()) != _public(certificate.public_key()):
            return red("health.certificate_key_differs", KEY_DIFFERS, target=target)
        issuer = certificate.issuer.rfc4514_string()
        if not test_issuer_allowed and any(word in issuer.lower() for word in TEST_WORDS):
            return red(
                "health.certificate_test_issuer", TEST_ISSUER, target=target, issuer=issuer[:80]
            )
        return _judged(certificate, target, now, days_left_min, 0)

    return Probe(name, target, run, variant, KIND, interval_s, without_database=True)


def _public(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined, no-any-return]
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )


def _judged(
    certificate: x509.Certificate, target: str, now: datetime, days_min: int, ms: int
) -> Observation:
    left_s = (certificate.not_valid_after_utc - now).total_seconds()
    days = int(left_s // SECONDS_A_DAY)
    if days < days_min or now < certificate.not_valid_before_utc:
        return red(
            "health.certificate_expires",
            EXPIRES,
            duration_ms=ms,
            value=left_s,
            target=target,
            days=days,
            wanted=days_min,
        )
    return green(ms, value=left_s)
