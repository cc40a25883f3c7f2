"""The systems that the demo clicks through to, each proposed, walked and made live."""

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from standvast.care.launches.operations.proposing import make_live, propose, walk_version
from standvast.care.launches.queries.targets import (
    TargetNotFound,
    live_targets,
    retired_slugs,
    versions_of,
)
from standvast.care.launches.rules.targets import Contract, Draft, Kind, State
from standvast.database.api import database_now
from standvast.kit.actor import Actor

log = logging.getLogger(__name__)
DRAFTS: Mapping[str, Draft] = {
    "orders": Draft(
        title="Laboratorium Noord",
        kind=Kind.SIGNED,
        address="",
        purpose="Laboratoriumonderzoek aanvragen",
        owner="Servicedesk Laboratorium Noord",
        telephone="000-1110001",
        instead={
            "nl": "Vul het papieren formulier in; het laboratorium neemt dat vandaag aan.",
            "fr": "Remplissez le formulaire papier ; le laboratoire l’accepte aujourd’hui.",
            "en": "Fill in the paper form; the laboratory takes it today.",
        },
        task="order",
        claims={
            "user-id.value": "user",
            "org-id.system": "organisation-system",
            "org-id.value": "organisation",
            "context.patient-id": "patient",
            "context.family": "patient-family",
            "context.birth-date": "patient-birth-date",
            "context.bsn": "patient-bsn",
            "context.task": "task",
        },
        contract=Contract(
            marker="New order", echoes=("context.family", "context.birth-date", "org-id.value")
        ),
    ),
    "diagnostics": Draft(
        title="Regionale diagnostiek",
        kind=Kind.SIGNED,
        address="",
        purpose="Onderzoek in de regio kiezen en plannen",
        owner="Regionale diagnostiek, helpdesk",
        telephone="000-1110002",
        instead={
            "nl": "Bel de helpdesk: zij plannen het onderzoek voor u in.",
            "fr": "Appelez le service d’aide : il planifie l’examen pour vous.",
            "en": "Call their help desk: they plan the examination for you.",
        },
        token_field="jwt",  # noqa: S106 - the name of a field
        claims={
            "practice": "organisation",
            "patient.family": "patient-family",
            "patient.born": "patient-birth-date",
        },
        contract=Contract(
            marker="Choose an examination", echoes=("patient.family", "patient.born", "practice")
        ),
    ),
    "pharmacy-portal": Draft(
        title="Apotheekportaal",
        kind=Kind.FORM,
        address="",
        purpose="Het medicatieoverzicht van de apotheek zien",
        owner="Apotheekportaal, servicedesk",
        telephone="000-1110003",
        instead={
            "nl": "Bel de apotheek en vraag om het overzicht.",
            "fr": "Appelez la pharmacie et demandez l’aperçu.",
            "en": "Call the pharmacy and ask for the overview.",
        },
        claims={
            "organisation": "organisation",
            "patient_name": "patient-family",
            "patient_birth_date": "patient-birth-date",
        },
        contract=Contract(
            marker="Medication overview", echoes=("patient_name", "patient_birth_date")
        ),
    ),
    "growth-chart": Draft(
        title="Groeicurve",
        kind=Kind.SMART,
        address="",
        app="growth-chart",
        purpose="De groei van een kind in beeld",
        owner="Groeicurve, servicedesk",
        telephone="000-1110004",
        instead={
            "nl": "Teken de curve op het papieren formulier.",
            "fr": "Tracez la courbe sur le formulaire papier.",
            "en": "Draw the curve on the paper form.",
        },
        task="growth",
        contract=Contract(
            marker="Growth over the years", echoes=("patient-family", "patient-birth-date")
        ),
    ),
    "duty-roster": Draft(
        title="Dienstrooster",
        kind=Kind.OPENID,
        address="",
        app="duty-roster",
        purpose="Zien wie er dienst heeft",
        owner="Dienstrooster, servicedesk",
        telephone="000-1110005",
        instead={
            "nl": "Bel de huisartsenpost: daar ligt het rooster ook.",
            "fr": "Appelez le poste de garde : l’horaire s’y trouve aussi.",
            "en": "Call the out-of-hours post: the roster lies there as well.",
        },
        contract=Contract(marker="Who is on duty", echoes=("user-name",)),
    ),
}


def is_settled(slug: str, address: str) -> bool:
    """Whether people are let through to one of them under this address, or somebody ended that."""
    if slug in retired_slugs():
        return True
    return any(one.slug == slug and one.draft.address == address for one in live_targets())


def open_slugs() -> frozenset[str]:
    """Return which of them are in use now."""
    return frozenset(one.slug for one in live_targets()) & frozenset(DRAFTS)


def _proposed_before(slug: str, draft: Draft) -> uuid.UUID | None:
    """Return the version that waits for its walk already: a step that is repeated adds none."""
    try:
        newest = versions_of(slug)[0]
    except TargetNotFound:
        return None
    is_same = newest.state is State.PROPOSED and newest.draft == draft
    return newest.id if is_same else None


def open_target(
    *,
    slug: str,
    address: str,
    audience: str,
    actor: Actor,
    hand_in: Callable[[str], None],
    now: datetime,
) -> None:
    """Let people through to one of them, under this address; nothing to do if they are already.

    What somebody changed about one in use stays as they left it.

    `hand_in` gives the other side the key that it is to know us by.
    """
    now_live = next((one.draft for one in live_targets() if one.slug == slug), None)
    if now_live is not None and now_live.address == address:
        return
    draft = replace(now_live or DRAFTS[slug], address=address, audience=audience)
    version_id = _proposed_before(slug, draft)
    if version_id is None:
        version_id = propose(actor=actor, slug=slug, draft=draft, now=now)
    if public_key := versions_of(slug)[0].public_key:
        hand_in(public_key)
    fault = walk_version(actor=actor, version_id=version_id, now=database_now())
    if fault is not None:
        log.error("launches.seed_not_live target=%s code=%s", slug, fault.code)
        return
    make_live(actor=actor, version_id=version_id, now=database_now())
