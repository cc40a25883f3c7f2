"""Makes the simulated world's neighbours known to a new demo installation."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
from django.conf import settings

from standvast.database.api import database_now
from standvast.kit.actor import house_actor
from standvast.project.installation import RECORDS_PRACTICE, authority_folder
from standvast.registry.organisations.api import CodeSystem, house_id, organisation_with_code

CERTIFICATE_LIFE = timedelta(days=365)


def neighbours(now: datetime) -> None:
    """Know the record system by its key, and hold a certificate that the insurers take."""
    if "launches" in settings.SERVICES:
        _records(now)
        targets(now)
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


def moved(now: datetime) -> None:
    """Follow the simulated systems at a later start: their port is another one then.

    Only those in use: who took one out of use does not find it back.
    """
    if "launches" in settings.SERVICES:
        from standvast.care.launches.seeds import open_slugs

        targets(now, slugs=open_slugs())


def targets(now: datetime, *, slugs: frozenset[str] | None = None) -> None:
    """Let people through to the simulated systems, all or these, each after its walk."""
    from standvast.care.launches.seeds import open_target
    from standvast.outside.api import TARGETS, trust

    folder = authority_folder(Path(settings.VAR))
    for asks in TARGETS:
        if slugs is not None and asks.slug not in slugs:
            continue
        open_target(
            slug=asks.slug,
            address=f"{settings.OUTSIDE}/targets/{asks.slug}/open",
            audience=asks.audience,
            actor=house_actor(house_id()),
            hand_in=partial(trust, folder, asks.slug),
            now=now,
        )


def apps(now: datetime) -> int:
    """Let people through to the simulated apps, once our own pages are served; return how many.

    A sweep: an app asks at our own door, which no step before the start has open. Who took one out
    of use does not find it back.
    """
    if not _is_served():
        return 0
    from standvast.care.launches.seeds import is_settled, open_target
    from standvast.outside.api import APPS

    opened = 0
    for asks in APPS:
        at = f"{settings.OUTSIDE}/apps/{asks.slug}"
        if is_settled(asks.slug, f"{at}/start"):
            continue
        _app(asks.slug, asks.title_nl.capitalize(), asks.scope, at, now)
        open_target(
            slug=asks.slug,
            address=f"{at}/start",
            audience="",
            actor=house_actor(house_id()),
            hand_in=lambda _: None,
            now=database_now(),
        )
        opened += 1
    return opened


def _is_served() -> bool:
    try:
        return httpx.get(f"{settings.ADDRESS}/readyz", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _app(slug: str, title: str, scope: str, at: str, now: datetime) -> None:
    from standvast.outside.api import key_set
    from standvast.registry.grants.api import AppData, Proof
    from standvast.registry.grants.seeds import a_demo_app

    practice = organisation_with_code(CodeSystem.AGB, RECORDS_PRACTICE)
    a_demo_app(
        actor=house_actor(house_id()),
        client_id=slug,
        data=AppData(
            title=title,
            supplier=f"{title} (nagebootst)",
            telephone="000-0000000",
            proof=Proof.KEY,
            redirects=(f"{at}/callback",),
            scopes=scope,
            launch_url=f"{at}/start" if "launch" in scope.split() else "",
            keys=key_set(authority_folder(Path(settings.VAR)), slug),
        ),
        organisation_ids=(practice.id,) if practice else (),
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
