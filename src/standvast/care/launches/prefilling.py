"""A version of a target as the form begins with it."""

import uuid

from standvast.care.launches.views import VersionView
from standvast.registry.organisations.api import organisation_views


def initial_of(version: VersionView) -> dict[str, object]:
    """Return a version as the form shows it."""
    draft = version.draft
    known = organisation_views([uuid.UUID(one) for one in draft.organisation_ids])
    return {
        "title": draft.title,
        "purpose": draft.purpose,
        "kind": draft.kind.value,
        "address": draft.address,
        "app": draft.app,
        "opens": draft.opens,
        "audience": "" if draft.audience == draft.address else draft.audience,
        "token_field": draft.token_field,
        "task": draft.task,
        "claims": "\n".join(f"{name} = {source}" for name, source in draft.claims.items()),
        "status": draft.contract.status,
        "marker": draft.contract.marker,
        "echoes": " ".join(draft.contract.echoes),
        "leads_to": " ".join(draft.leads_to),
        "owner": draft.owner,
        "telephone": draft.telephone,
        **{f"instead_{language}": text for language, text in draft.instead.items()},
        "organisations": " ".join(view.code for view in known.values()),
    }
