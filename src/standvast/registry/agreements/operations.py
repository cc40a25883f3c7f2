"""What happens to agreements. One function, one transaction, one line in the journal."""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import holders_of_role
from standvast.registry.agreements.models import Agreement, Download, Signature, Version
from standvast.registry.agreements.queries import had_by, version_for
from standvast.registry.agreements.rules import (
    AGREEMENTS_MAX,
    VERSIONS_MAX,
    Part,
    SignedAlready,
    Texts,
    TooMany,
    check_chosen,
    check_document,
    check_signable,
    text_in,
)
from standvast.registry.agreements.signing import SIGNERS
from standvast.registry.organisations.api import Kind
from standvast.registry.tidings.api import tell


@transaction.atomic(durable=True)
def publish_version(
    *,
    actor: Actor,
    slug: str,
    kinds: Collection[Kind],
    titles: Texts,
    parts: Sequence[Part],
    document: bytes,
    now: datetime,
) -> uuid.UUID:
    """Publish the first or the next version of an agreement; who signs sees it at once.

    :raises DocumentNotRight: if it is no PDF, or too large.
    :raises TooMany: past fifty agreements, or fifty versions of one.
    """
    check_document(document)
    agreement, is_new = Agreement.objects.select_for_update().get_or_create(
        slug=slug, defaults={"kinds": [kind.value for kind in kinds]}
    )
    is_over = Agreement.objects.count() > AGREEMENTS_MAX if is_new else False
    if is_over or agreement.latest_number >= VERSIONS_MAX:
        raise TooMany(marked("There are as many agreements or versions as can be."))
    agreement.kinds = sorted({kind.value for kind in kinds})
    agreement.latest_number += 1
    agreement.save(update_fields=["kinds", "latest_number"])
    version = Version.objects.create(
        agreement=agreement,
        number=agreement.latest_number,
        titles=dict(titles),
        parts=[{"slug": part.slug, "texts": dict(part.texts)} for part in parts],
        document=document,
        digest=hashlib.sha256(document).hexdigest(),
        published_by_id=actor.person_id,
        published_at=now,
    )
    _record(actor, "agreements.published", "C", version.id, version.number, now=now)
    return version.id


@transaction.atomic(durable=True)
def have_document(*, actor: Actor, version_id: uuid.UUID, now: datetime) -> tuple[str, bytes]:
    """Return name and content of a version's document, and write down that the actor had it.

    :raises VersionNotFound: if there is none for the actor's organisation.
    """
    assert actor.person_id is not None
    view = version_for(actor.organisation_id, version_id)
    document = Version.objects.values_list("document", flat=True).get(id=version_id)
    _, is_first = Download.objects.get_or_create(
        version_id=version_id,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        defaults={"at": now},
    )
    if is_first:
        _record(actor, "agreements.downloaded", "R", version_id, view.number, now=now)
    return f"{view.agreement}-{view.number}.pdf", bytes(document)


@transaction.atomic(durable=True)
def sign(*, actor: Actor, version_id: uuid.UUID, chosen: Collection[str], now: datetime) -> None:
    """Sign a version for the actor's organisation, with the parts that were chosen.

    Two colleagues at once: the table holds one signature, the other is told who was first.

    :raises VersionNotFound: if there is none for the actor's organisation.
    :raises SignedAlready: if the organisation signed it.
    :raises NewerVersion: if another took its place.
    :raises NotDownloaded: if the actor has not had the document.
    :raises PartsNotRight: if no part was chosen, or one that is not offered.
    """
    assert actor.person_id is not None
    locked = Version.objects.defer("document").select_related("agreement")
    locked.select_for_update(of=("agreement",)).filter(id=version_id).first()
    view = version_for(actor.organisation_id, version_id)
    check_signable(
        is_newest=view.is_newest,
        is_signed=view.signature is not None,
        is_downloaded=had_by(actor, version_id),
    )
    check_chosen(chosen, offered=[part.slug for part in view.parts])
    try:
        with transaction.atomic():
            Signature.objects.create(
                version_id=version_id,
                organisation_id=actor.organisation_id,
                person_id=actor.person_id,
                parts=sorted(set(chosen)),
                digest=view.digest,
                signed_at=now,
            )
    except IntegrityError:
        raise SignedAlready(marked("Your organisation signed this already.")) from None
    tell(
        person_ids=holders_of_role(actor.organisation_id, SIGNERS, now=now) - {actor.person_id},
        organisation_id=actor.organisation_id,
        key=f"agreements.signed:{version_id}:{actor.organisation_id}",
        template=marked("{title} was signed for your organisation."),
        values={"title": text_in(view.titles, actor.language)},
        path=f"/agreements/{version_id}/",
        now=now,
    )
    _record(actor, "agreements.signed", "C", version_id, view.number, now=now)


def _record(
    actor: Actor, event: str, action: str, version_id: uuid.UUID, number: int, *, now: datetime
) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind="agreements.version",
            record_id=version_id,
            detail={"number": number},
        )
    )
