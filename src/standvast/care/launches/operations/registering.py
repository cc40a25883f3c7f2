"""A system that launches is made known, with the key its tokens are signed with."""

import uuid
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.db import transaction

from standvast.care.launches.models import System
from standvast.care.launches.operations.arriving import KIND
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

RSA_BITS_MIN = 2048


class KeyNotRight(Invalid):
    """The key cannot check a signature that we take."""

    code = "launches.key_not_right"


@transaction.atomic(durable=True)
def know_system(
    *,
    actor: Actor,
    slug: str,
    title: str,
    issuer: str,
    public_key: str,
    telephone: str = "",
    now: datetime,
) -> uuid.UUID:
    """Make a system known, or replace what is known of it.

    :raises KeyNotRight: if the key is no public key in PEM, RSA of 2048 bits or elliptic.
    """
    _check_key(public_key)
    system, _ = System.objects.update_or_create(
        slug=slug,
        defaults={
            "title": title,
            "issuer": issuer,
            "audience": str(settings.ADDRESS),
            "public_key": public_key,
            "telephone": telephone,
        },
    )
    record(
        entry_of(
            actor,
            at=now,
            action="U",
            event="launches.system_known",
            record_kind=KIND,
            record_id=system.id,
            detail={},
        )
    )
    return system.id


def _check_key(pem: str) -> None:
    refusal = KeyNotRight(
        marked("This is no public key in PEM: RSA of at least 2048 bits, or elliptic.")
    )
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise refusal from None
    is_rsa = isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS_MIN
    if not is_rsa and not isinstance(key, EllipticCurvePublicKey):
        raise refusal
