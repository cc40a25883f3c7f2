"""One app: what it asks for, and what it shows of whom it lets in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from standvast.outside.apps.behaviour import Answers, Behaviour
from standvast.outside.apps.client import Client, Got, NotLetIn
from standvast.outside.apps.keys import app_key


@dataclass(frozen=True)
class Asks:
    """What one app is, as its supplier tells the desk."""

    slug: str
    """Its client_id as well."""
    title: str
    title_nl: str
    heading: str
    """Stands on its page when all is well."""
    scope: str
    is_about_a_patient: bool


ALL = (
    Asks(
        "growth-chart",
        "Growth chart",
        "groeicurve",
        "Growth over the years",
        scope="openid fhirUser launch patient/Patient.rs",
        is_about_a_patient=True,
    ),
    Asks(
        "duty-roster",
        "Duty roster",
        "dienstrooster",
        "Who is on duty",
        scope="openid profile",
        is_about_a_patient=False,
    ),
)


class AppSystem:
    """One of them."""

    def __init__(self, asks: Asks, *, folder: Path, standvast: str) -> None:
        self.asks = asks
        self.behaviour = Behaviour()
        self.let_in_count = 0
        self.refused_count = 0
        self._client = Client(client_id=asks.slug, scope=asks.scope, issuer=standvast)
        self._key = app_key(folder, asks.slug)
        self._other_key = generate_private_key(SECP384R1())

    async def behave(self, behaviour: Behaviour) -> None:
        """Behave so from now on."""
        self.behaviour = behaviour

    async def begin(self, *, iss: str, launch: str, redirect_uri: str) -> tuple[str, str]:
        """Return where whoever starts it is sent to be asked, and the state that comes back.

        :raises NotLetIn: saying why not.
        """
        try:
            return await self._client.begin(iss=iss, launch=launch, redirect_uri=redirect_uri)
        except NotLetIn:
            self.refused_count += 1
            raise

    async def let_in(self, told: Mapping[str, str]) -> Mapping[str, str]:
        """Return what it shows of whoever comes back.

        :raises NotLetIn: saying why not.
        """
        key = self._other_key if self.behaviour.answers is Answers.STRANGER else self._key
        try:
            shown = _shown(self.asks, await self._client.finish(told, key))
        except NotLetIn:
            self.refused_count += 1
            raise
        self.let_in_count += 1
        return shown


def _shown(asks: Asks, got: Got) -> Mapping[str, str]:
    if not asks.is_about_a_patient:
        return {"Signed in": str(got.identity.get("name", ""))}
    if not got.patient:
        raise NotLetIn("No patient came along.")
    shown = {
        "Patient": _name(got.patient),
        "Born": str(got.patient.get("birthDate", "")),
        "Opened by": _name(got.practitioner),
        "For": str(got.answer.get("intent", "")),
    }
    return {name: value for name, value in shown.items() if value}


def _name(resource: Mapping[str, Any]) -> str:
    names = resource.get("name") or [{}]
    return str(names[0].get("text", ""))
