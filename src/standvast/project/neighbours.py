"""Makes the simulated world's neighbours known to a new demo installation."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from standvast.database.api import database_now
from standvast.kit.actor import house_actor
from standvast.project.installation import authority_folder
from standvast.registry.organisations.api import house_id

CERTIFICATE_LIFE = timedelta(days=365)


def neighbours(now: datetime) -> None:
    """Know the record system by its key, and hold a certificate that the insurers take."""
    if "launches" in settings.SERVICES:
        _records(now)
    if "insurance" in settings.SERVICES:
        _insurers(now)


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


def _insurers(now: datetime) -> None:
    """Hand in a certificate and switch to it as an operator would: after its handshake."""
    from standvast.core.certificates.api import hand_in, look, switch
    from standvast.outside.api import Authority

    actor = house_actor(house_id())
    issued = Authority(authority_folder(Path(settings.VAR)), now=now).client(
        organisation="Standvast",
        agb=settings.COVERAGE_NUMBER,
        valid_from=now - timedelta(hours=1),
        valid_until=now + CERTIFICATE_LIFE,
    )
    certificate_id = hand_in(
        actor=actor,
        purpose="coverage",
        chain_pem=issued.certificate.decode(),
        key_pem=issued.key.decode(),
        now=now,
    )
    look(actor=actor, purpose="coverage", certificate_id=certificate_id, now=database_now())
    switch(actor=actor, purpose="coverage", certificate_id=certificate_id, now=database_now())
