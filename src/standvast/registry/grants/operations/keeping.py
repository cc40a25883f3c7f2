"""The keys we sign with are made ahead, published before they sign, and forgotten after."""

from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.db import connection, transaction

from standvast.core.journal.api import entry_of, record
from standvast.core.sealing.api import first_key, seal
from standvast.kit.actor import house_actor
from standvast.registry.grants.models import SigningKey
from standvast.registry.organisations.api import house_id

USE = "grants"
KEY_BITS = 2048
SIGNS_FOR = timedelta(days=30)
PUBLISHED_AHEAD = timedelta(days=1)
"""Apps keep our keys for some hours: the next one is theirs before it signs."""
PUBLISHED_AFTER = timedelta(days=1)
LOCK = "grants.signing_key"


def place_of(kid: str) -> bytes:
    """Return what a sealed key is bound to."""
    return f"grants\0{kid}".encode()


@transaction.atomic
def keep_keys(now: datetime) -> int:
    """Make the first key or the next one when it is time, forget old ones; return how many changed.

    One process at a time: the others wait, and find it done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
    changed = SigningKey.objects.filter(forget_at__lt=now).delete()[0]
    newest = SigningKey.objects.order_by("-signs_from").first()
    if newest is None:
        _make(now, signs_from=now)
        return changed + 1
    if now >= newest.signs_from + SIGNS_FOR - PUBLISHED_AHEAD:
        signs_from = now + PUBLISHED_AHEAD
        _make(now, signs_from=signs_from)
        SigningKey.objects.filter(forget_at=None, signs_from__lt=signs_from).update(
            forget_at=signs_from + PUBLISHED_AFTER
        )
        return changed + 1
    return changed


def _make(now: datetime, *, signs_from: datetime) -> None:
    private = generate_private_key(public_exponent=65_537, key_size=KEY_BITS)
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = Hash(SHA256())
    digest.update(der)
    kid = digest.finalize().hex()[:32]
    public = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    sealing = first_key(USE)
    SigningKey.objects.create(
        kid=kid,
        sealed=seal(sealing, plain, place=place_of(kid)),
        sealing_key=sealing.id,
        public={"kty": "RSA", "n": public["n"], "e": public["e"]}
        | {"kid": kid, "use": "sig", "alg": "RS256"},
        made_at=now,
        signs_from=signs_from,
    )
    record(
        entry_of(
            house_actor(house_id()),
            at=now,
            action="C",
            event="grants.key_made",
            record_kind="grants.key",
            record_id=kid,
        )
    )
