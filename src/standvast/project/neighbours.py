"""Makes the simulated world's neighbours known to a new demo installation."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from standvast.kit.actor import house_actor
from standvast.registry.organisations.api import house_id


def authority_folder(var: Path) -> Path:
    """Return where the simulated world keeps its keys."""
    return var / "outside" / "authority"


def neighbours(now: datetime) -> None:
    """Know the record system by its key, and hold a certificate that the insurers take."""
    if "launches" in settings.SERVICES:
        _records(now)


def _records(now: datetime) -> None:
    from standvast.care.launches.api import know_system
    from standvast.outside.api import ISSUER, public_pem, signing_key

    know_system(
        actor=house_actor(house_id()),
        slug="record",
        title="Voorbeeld-HIS",
        issuer=ISSUER,
        public_key=public_pem(signing_key(authority_folder(Path(settings.VAR)))),
        telephone="000-0000000",
        now=now,
    )
