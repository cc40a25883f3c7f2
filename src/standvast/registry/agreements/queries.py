"""Reads: what an organisation signs and signed. Never the document."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.agreements.models import Download, Signature, Version
from standvast.registry.agreements.rules import AGREEMENTS_MAX, VERSIONS_MAX, Part, Texts
from standvast.registry.organisations.api import organisation_view
from standvast.registry.people.api import person_names

ROWS_MAX = AGREEMENTS_MAX * 4


class VersionNotFound(NotFound):
    """No such version, or none for this kind of organisation."""

    code = "agreements.version_not_found"


@dataclass(frozen=True)
class SignatureView:
    """Who signed for the organisation, when, and what they chose."""

    name: str
    signed_at: datetime
    parts: tuple[str, ...]


@dataclass(frozen=True)
class VersionView:
    """One version, as an organisation sees it."""

    id: uuid.UUID
    agreement: str
    number: int
    titles: Texts
    parts: tuple[Part, ...]
    digest: str
    published_at: datetime
    is_newest: bool
    signature: SignatureView | None = None


def versions_for(organisation_id: uuid.UUID) -> tuple[VersionView, ...]:
    """Return the newest version of each agreement of this kind, and every one that was signed.

    What waits for a signature comes first.
    """
    kind = organisation_view(organisation_id).kind.value
    signed = {row.version_id: row for row in _signatures(organisation_id)}
    known = {row.id: row for row in _newest(kind)[:ROWS_MAX]}
    older = [id_ for id_ in signed if id_ not in known]
    known |= {row.id: row for row in _light().filter(id__in=older)}
    names = person_names({row.person_id for row in signed.values()})
    views = [_view(row, signed.get(row.id), names) for row in known.values()]
    return tuple(sorted(views, key=lambda v: (v.signature is not None, v.agreement, -v.number)))


def version_for(organisation_id: uuid.UUID, version_id: uuid.UUID) -> VersionView:
    """Return one version that is for this kind of organisation, or that it signed.

    :raises VersionNotFound: if there is none.
    """
    found = next((v for v in versions_for(organisation_id) if v.id == version_id), None)
    if found is not None:
        return found
    kind = organisation_view(organisation_id).kind.value
    row = _light().filter(id=version_id, agreement__kinds__contains=[kind]).first()
    if row is None:
        raise VersionNotFound(marked("There is no such agreement for your organisation."))
    return _view(row, None, {})


def had_by(actor: Actor, version_id: uuid.UUID) -> bool:
    """Whether the actor had this document, for the organisation they work for."""
    if actor.person_id is None:
        return False
    return Download.objects.filter(
        version_id=version_id, organisation_id=actor.organisation_id, person_id=actor.person_id
    ).exists()


@dataclass(frozen=True)
class ToSign:
    """What waits for a signature, for the bell."""

    id: uuid.UUID
    titles: Texts


def to_sign(organisation_id: uuid.UUID) -> tuple[ToSign, ...]:
    """Return what waits for a signature of this organisation. Asked on every page."""
    kind = organisation_view(organisation_id).kind.value
    signed = Signature.objects.filter(version=OuterRef("pk"), organisation_id=organisation_id)
    rows = _newest(kind).filter(~Exists(signed)).order_by("published_at")
    return tuple(ToSign(row.id, row.titles) for row in rows[:AGREEMENTS_MAX])


@dataclass(frozen=True)
class PublishedRow:
    """One version as the office sees it."""

    id: uuid.UUID
    agreement: str
    number: int
    titles: Texts
    published_at: datetime
    is_newest: bool
    signed_count: int


def published() -> tuple[PublishedRow, ...]:
    """Return every version, newest first, with how many organisations signed it."""
    counts = (
        Signature.objects.filter(version=OuterRef("pk"))
        .order_by()
        .values("version")
        .annotate(count=Count("id"))
        .values("count")
    )
    rows = _light().annotate(signed_count=Subquery(counts)).order_by("-published_at")
    return tuple(
        PublishedRow(
            row.id,
            row.agreement.slug,
            row.number,
            row.titles,
            row.published_at,
            row.number == row.agreement.latest_number,
            row.signed_count or 0,
        )
        for row in rows[: AGREEMENTS_MAX * VERSIONS_MAX]
    )


def _light() -> QuerySet[Version]:
    return Version.objects.select_related("agreement").defer("document")


def _newest(kind: str) -> QuerySet[Version]:
    newest = F("agreement__latest_number")
    return _light().filter(agreement__kinds__contains=[kind], number=newest)


def _signatures(organisation_id: uuid.UUID) -> list[Signature]:
    return list(Signature.objects.filter(organisation_id=organisation_id)[:ROWS_MAX])


def _view(row: Version, signed: Signature | None, names: Mapping[uuid.UUID, str]) -> VersionView:
    return VersionView(
        id=row.id,
        agreement=row.agreement.slug,
        number=row.number,
        titles=row.titles,
        parts=tuple(Part(part["slug"], part["texts"]) for part in row.parts),
        digest=row.digest,
        published_at=row.published_at,
        is_newest=row.number == row.agreement.latest_number,
        signature=SignatureView(
            names.get(signed.person_id, ""), signed.signed_at, tuple(signed.parts)
        )
        if signed is not None
        else None,
    )
