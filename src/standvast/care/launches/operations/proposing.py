"""A target is proposed, walked, made live, taken back, retired: one version after another."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from standvast.care.launches.keys import new_key, opened_key, public_pem, sealed
from standvast.care.launches.models import Target, Version
from standvast.care.launches.operations.going import KIND
from standvast.care.launches.queries.targets import TARGETS_MAX, TargetNotFound
from standvast.care.launches.rules.addresses import TargetNotRight
from standvast.care.launches.rules.contract import Fault
from standvast.care.launches.rules.targets import (
    BY_APP,
    WALKED_WITHIN,
    Draft,
    Kind,
    NotProven,
    State,
    check_draft,
)
from standvast.care.launches.starting import check_registered
from standvast.care.launches.trying import fault_of
from standvast.care.launches.views import draft_of
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked


class NotProposed(Refused):
    """The version is not the proposed one any more."""

    code = "launches.not_proposed"


class NothingBefore(Refused):
    """No version was live before this one."""

    code = "launches.nothing_before"


@transaction.atomic(durable=True)
def propose(
    *, actor: Actor, slug: str, draft: Draft, with_new_key: bool = False, now: datetime
) -> uuid.UUID:
    """Keep a next version of a target, new or known; people see nothing of it yet.

    It takes over the key of the newest version unless it gets one of its own. An earlier proposal
    is withdrawn.

    :raises TargetNotRight: if nobody could be sent there so, or there are 40 targets already.
    :raises AppNotFound: if it is an app that the desk does not know.
    """
    check_draft(draft, is_world_here=bool(settings.OUTSIDE), networks=settings.LAUNCH_NETWORKS)
    if draft.kind in BY_APP:
        check_registered(draft)
    target, is_new = Target.objects.get_or_create(slug=slug)
    target = Target.objects.select_for_update(no_key=True).get(id=target.id)
    if is_new and Target.objects.filter(retired_at=None).count() > TARGETS_MAX:
        raise TargetNotRight(marked("At most 40 systems: retire one first."))
    newest = target.versions.order_by("-number").first()
    _versions(target, State.PROPOSED).update(state=State.WITHDRAWN.value)
    row = Version(
        target=target,
        number=newest.number + 1 if newest else 1,
        state=State.PROPOSED.value,
        made_at=now,
        made_by=actor.person_id,
        **_fields_of(draft),
    )
    _give_key(row, newest, with_new_key=with_new_key)
    row.save(force_insert=True)
    _tell(actor, row, "C", "proposed", now)
    return row.id


def walk_version(*, actor: Actor, version_id: uuid.UUID, now: datetime) -> Fault | None:
    """Hand a made-up person over to a proposed version, and keep how it went.

    The other side is met outside any transaction; the person waits for it a deadline at most,
    since its answer is what they ask for.

    :raises NotProposed: if this version is not proposed any more.
    """
    row = _proposed(version_id)
    draft = draft_of(row)
    key = opened_key(row.sealed_key, row.key_id, row.id) if row.sealed_key else None
    fault = fault_of(draft, key=key, now=now)
    with transaction.atomic(durable=True):
        Version.objects.filter(id=row.id, state=State.PROPOSED.value).update(
            walked_at=now,
            walk_code=fault.code if fault else "",
            walk_values=dict(fault.values) if fault else {},
        )
        _tell(actor, row, "E", "walked", now)
    return fault


@transaction.atomic(durable=True)
def make_live(*, actor: Actor, version_id: uuid.UUID, now: datetime) -> None:
    """Let people through to the proposed version from now on; the one before stays at hand.

    :raises NotProposed: if this version is not proposed any more.
    :raises NotProven: if its walk failed, or is older than 15 minutes.
    """
    row = _proposed(version_id, lock=True)
    walked_at = row.walked_at
    if row.walk_code or walked_at is None or now - walked_at > WALKED_WITHIN:
        raise NotProven(marked("Walk it first: a version goes live on a walk that just passed."))
    _replace_live(row.target)
    row.state, row.live_at = State.LIVE.value, now
    row.save(update_fields=["state", "live_at"])
    Target.objects.filter(id=row.target_id).update(retired_at=None)
    _tell(actor, row, "U", "made_live", now)


@transaction.atomic(durable=True)
def take_back(*, actor: Actor, slug: str, now: datetime) -> None:
    """Let people through to the version that was live before, at once.

    :raises TargetNotFound: if there is no such target.
    :raises NothingBefore: if none was.
    """
    target = _target(slug)
    before = _versions(target, State.REPLACED).order_by("-live_at").first()
    if before is None:
        raise NothingBefore(marked("No version was live before this one."))
    _replace_live(target)
    before.state, before.live_at = State.LIVE.value, now
    before.save(update_fields=["state", "live_at"])
    _tell(actor, before, "U", "taken_back_to", now)


@transaction.atomic(durable=True)
def retire(*, actor: Actor, slug: str, now: datetime) -> None:
    """Offer a target no more. A later version brings it back.

    :raises TargetNotFound: if there is no such target.
    """
    target = _target(slug)
    target.retired_at = now
    target.save(update_fields=["retired_at"])
    record(
        entry_of(
            actor,
            at=now,
            action="D",
            event="launches.target_retired",
            record_kind=KIND,
            record_id=target.id,
            detail={},
        )
    )


# -- steps ---------------------------------------------------------------------------------------


def _target(slug: str) -> Target:
    target = Target.objects.select_for_update(no_key=True).filter(slug=slug).first()
    if target is None:
        raise TargetNotFound(marked("There is no such system to click through to."))
    return target


def _proposed(version_id: uuid.UUID, *, lock: bool = False) -> Version:
    rows = Version.objects.select_related("target")
    if lock:
        rows = rows.select_for_update(of=("target", "self"), no_key=True)
    row = rows.filter(id=version_id, state=State.PROPOSED.value).first()
    if row is None:
        raise NotProposed(marked("This version is not where the page showed it."))
    return row


def _versions(target: Target, state: State) -> QuerySet[Version]:
    return Version.objects.filter(target=target, state=state.value)


def _replace_live(target: Target) -> None:
    _versions(target, State.LIVE).update(state=State.REPLACED.value)


def _fields_of(draft: Draft) -> Mapping[str, object]:
    fields = asdict(draft)
    fields |= {
        "kind": draft.kind.value,
        "audience": draft.audience or draft.address,
        "claims": dict(draft.claims),
        "contract": {**fields["contract"], "echoes": list(draft.contract.echoes)},
        "leads_to": list(draft.leads_to),
        "organisation_ids": [uuid.UUID(one) for one in draft.organisation_ids],
    }
    return fields


def _give_key(row: Version, newest: Version | None, *, with_new_key: bool) -> None:
    if row.kind != Kind.SIGNED.value:
        return
    if newest is not None and newest.sealed_key and not with_new_key:
        key = opened_key(newest.sealed_key, newest.key_id, newest.id)
    else:
        key = new_key()
    row.sealed_key, row.key_id = sealed(key, row.id)
    row.public_key = public_pem(key)


def _tell(actor: Actor, row: Version, action: str, event: str, now: datetime) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"launches.target_{event}",
            record_kind=KIND,
            record_id=row.target_id,
            detail={"version": row.number},
        )
    )
