"""Whoever walks: a system of our own that clicks for a person and a patient that nobody sees."""

import uuid
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from django.conf import settings

from standvast.care.launches.keys import public_pem
from standvast.care.launches.synthetic import PATIENT, SLUG, USER, make_ready
from standvast.core.health.api import ProbeContext, Visitor, from_django
from standvast.registry.organisations.api import NOBODYS_AGB

LIFE = timedelta(seconds=30)


class Walker:
    """One for every walk of a process: of two keys the later would void the earlier."""

    def __init__(self) -> None:
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())
        self._issuer = f"standvast probe {uuid.uuid4()}"

    async def make_ready(self, context: ProbeContext) -> None:
        """Let its clicks in."""
        pem = public_pem(self._key)
        await from_django(lambda now: make_ready(issuer=self._issuer, public_key=pem, now=now))(
            context
        )

    async def clicks(self, visitor: Visitor) -> str:
        """Arrive by a click and return where it leads: the page of the patient.

        :raises StepFailed: if it leads nowhere.
        """
        shown = await visitor.post("/launch/", {"token": self._token()})
        shown.check_led_on()
        return shown.leads_to

    def _token(self) -> str:
        now = datetime.now(UTC)
        return jwt.encode(
            {
                "iss": self._issuer,
                "aud": str(settings.ADDRESS),
                "jti": str(uuid.uuid4()),
                "iat": int(now.timestamp()),
                "exp": int((now + LIFE).timestamp()),
                "user-id": {"system": SLUG, "value": USER},
                "org-id": {"system": "agb", "value": NOBODYS_AGB},
                "context": dict(PATIENT),
            },
            self._key,
            algorithm="ES256",
        )


WALKER = Walker()
