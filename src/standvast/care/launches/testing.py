"""Launches for the tests of others: a system with a key, and tokens as wrong as wanted."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from standvast.care.launches.models import Version
from standvast.care.launches.operations.proposing import make_live, propose
from standvast.care.launches.operations.registering import know_system
from standvast.care.launches.queries.targets import COMPONENT, versions_of
from standvast.care.launches.rules.contract import REASONS
from standvast.care.launches.rules.targets import Draft
from standvast.care.launches.seeds import DRAFTS
from standvast.care.launches.views import VersionView
from standvast.care.launches.walks import probe_name
from standvast.core.health.testing import stand
from standvast.kit.actor import Actor


@dataclass(frozen=True)
class Sender:
    """A system that launches."""

    issuer: str
    key: EllipticCurvePrivateKey
    slug: str = "record"

    @property
    def public_key(self) -> str:
        """The key by which its signature is known, PEM."""
        public = self.key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def token(self, *, agb: str, now: datetime, **other: Any) -> str:
        """Return a token of this moment about Anna van der Zonderling; `other` replaces claims."""
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": settings.ADDRESS,
            "jti": str(uuid.uuid4()),
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=60)).timestamp()),
            "user-id": {"system": "record-user", "value": "17"},
            "org-id": {"system": "agb", "value": agb},
            "context": {
                "patient-id": "P-1",
                "family": "Zonderling",
                "prefix": "van der",
                "given": "Anna",
                "birth-date": "1962-03-15",
                "sex": "F",
            },
            **other,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm="ES256")


def a_sender(actor: Actor, *, now: datetime, slug: str = "record") -> Sender:
    """Make a system known and return it."""
    sender = Sender(f"https://{slug}.example", generate_private_key(SECP256R1()), slug)
    know_system(
        actor=actor,
        slug=slug,
        title="Voorbeeld-HIS",
        issuer=sender.issuer,
        public_key=sender.public_key,
        telephone="000-1234567",
        now=now,
    )
    return sender


def a_draft(slug: str = "orders", **other: Any) -> Draft:
    """Return a version of a target as the demo has it, on this machine."""
    there = {"address": "http://127.0.0.1:9/open", "audience": "them"}
    return replace(DRAFTS[slug], **{**there, **other})


def a_target(actor: Actor, *, now: datetime, slug: str = "orders", **other: Any) -> VersionView:
    """Make a target live without a walk, and return its version."""
    version_id = propose(actor=actor, slug=slug, draft=a_draft(slug, **other), now=now)
    Version.objects.filter(id=version_id).update(walked_at=now)
    make_live(actor=actor, version_id=version_id, now=now)
    return versions_of(slug)[0]


def walked(slug: str, *, now: datetime, code: str = "", **values: str | int) -> None:
    """Let the walk of a target stand: well, or broken with a code."""
    stand(
        probe_name(slug),
        target=COMPONENT,
        is_red=bool(code),
        code=code,
        template=REASONS[code] if code else "",
        values=values,
        now=now,
    )
