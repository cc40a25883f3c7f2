"""Looks at launches: a synthetic person clicks, arrives and leaves; and how people's clicks go.

The walk goes through the same door as everybody: a token of a system of our own, for a practice and
a patient that nobody sees.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from standvast.care.launches.queries import Refusals, most_refused
from standvast.care.launches.synthetic import PATIENT, SLUG, USER, make_ready
from standvast.core.health.api import (
    WHOLE,
    Observation,
    Probe,
    ProbeContext,
    Step,
    StepFailed,
    Visitor,
    from_django,
    green,
    red,
    walk_probe,
)
from standvast.kit.words import marked
from standvast.registry.organisations.api import NOBODYS_AGB

WALK_EVERY_S = 20.0
"""Two looks tell within a minute; each is a sign-in that the journal keeps."""
REFUSED_MAX = 2
"""More than this in a row is no slip of one person."""
LOOK_BACK = timedelta(minutes=15)


class _Walker:
    """A system of our own that clicks. Its key lives as long as the process."""

    def __init__(self) -> None:
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())
        self._issuer = f"standvast probe {uuid.uuid4()}"
        self._visitor = Visitor(lambda: str(settings.ADDRESS))

    def steps(self) -> tuple[Step, ...]:
        """Return the walk."""
        return (
            Step("ready", self._ready),
            Step("click", self._click),
            Step("patient", self._patient),
            Step("leave", self._leave),
        )

    async def _ready(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del bag
        public = self._key.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        await from_django(lambda now: make_ready(issuer=self._issuer, public_key=pem, now=now))(
            context
        )
        await self._visitor.arrives()

    async def _click(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        shown = await self._visitor.post("/launch/", {"token": self._token()})
        shown.check_led_on()
        bag["there"] = shown.leads_to

    async def _patient(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        shown = await self._visitor.get(bag["there"])
        shown.check_ok()
        if PATIENT["family"] not in shown.text:
            raise StepFailed("not_the_patient")

    async def _leave(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context, bag
        token = self._visitor.cookie(settings.CSRF_COOKIE_NAME)
        shown = await self._visitor.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
        shown.check_led_on()

    def _token(self) -> str:
        now = datetime.now(UTC)
        return jwt.encode(
            {
                "iss": self._issuer,
                "aud": str(settings.ADDRESS),
                "jti": str(uuid.uuid4()),
                "iat": int(now.timestamp()),
                "exp": int((now + timedelta(seconds=30)).timestamp()),
                "user-id": {"system": SLUG, "value": USER},
                "org-id": {"system": "agb", "value": NOBODYS_AGB},
                "context": dict(PATIENT),
            },
            self._key,
            algorithm="ES256",
        )


async def _refusals(context: ProbeContext) -> Observation:
    worst: Refusals | None = await from_django(_most_refused)(context)
    if worst is None or worst.count <= REFUSED_MAX:
        return green()
    return red(
        "launches.refused",
        marked("{system}: the last {count} clicks were refused ({reason})."),
        value=float(worst.count),
        system=worst.system,
        count=worst.count,
        reason=worst.reason,
    )


def _most_refused(now: datetime) -> Refusals | None:
    return most_refused(since=now - LOOK_BACK)


PROBES_OF_LAUNCHES = (
    walk_probe(
        "launches.walk",
        "launches",
        steps=_Walker().steps(),
        slow_after_s=2.0,
        interval_s=WALK_EVERY_S,
    ),
    Probe("launches.refused", "launches", _refusals, WHOLE, "figure", 10.0, 5.0, 1, 3),
)
