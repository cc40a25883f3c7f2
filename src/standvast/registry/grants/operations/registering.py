"""Apps are registered, changed and closed, and organisations begin or end to use them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from standvast.core.journal.api import entry_of, record, record_many
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.models import App, AppUse
from standvast.registry.grants.operations.lapsing import end_of_app, end_of_use
from standvast.registry.grants.rules.addresses import ADDRESSES_MAX, check_address
from standvast.registry.grants.rules.proving import Proof, keys_in
from standvast.registry.grants.rules.scopes import is_offered, words_of
from standvast.registry.organisations.api import organisation_view

KIND = "grants.app"
APPS_MAX = 500


class AppNotFound(NotFound):
    """No such app."""

    code = "grants.app_not_found"


class AppNotRight(Invalid):
    """What was said of the app cannot be."""

    code = "grants.app_not_right"


class TooManyApps(Refused):
    """No more apps can be registered."""

    code = "grants.too_many_apps"


class UsedAlready(Refused):
    """The organisation uses this app already."""

    code = "grants.used_already"


@dataclass(frozen=True, slots=True)
class AppData:
    """What a supplier tells about an app. `keys` is a JWK Set as text."""

    title: str
    supplier: str
    telephone: str
    proof: Proof
    redirects: Sequence[str]
    scopes: str
    launch_url: str = ""
    keys: str = ""


@transaction.atomic(durable=True)
def register_app(
    *, actor: Actor, data: AppData, client_id: str, secret: str, now: datetime
) -> uuid.UUID:
    """Let an app ask people from now on, where an organisation uses it.

    `secret` is kept as a digest, and only for an app that proves itself with one.

    :raises AppNotRight, AddressNotRight, KeysNotRight: saying what cannot be.
    :raises TooManyApps: past 500.
    """
    if App.objects.count() >= APPS_MAX:
        raise TooManyApps(
            marked("There are {most} apps already, and no more can be registered."), most=APPS_MAX
        )
    known = _known(data)
    has_secret = data.proof is Proof.SECRET
    app = App.objects.create(
        client_id=client_id, secret_digest=digest_of(secret) if has_secret else "", **known
    )
    _tell(actor, app.id, "C", "grants.app_registered", now)
    return app.id


@transaction.atomic(durable=True)
def change_app(*, actor: Actor, app_id: uuid.UUID, data: AppData, now: datetime) -> None:
    """Replace what is known of an app. How it proves itself stays: that is another app.

    :raises AppNotFound: if there is none.
    :raises AppNotRight, AddressNotRight, KeysNotRight: saying what cannot be.
    """
    app = _locked(app_id)
    if data.proof.value != app.proof:
        raise AppNotRight(marked("How an app proves itself cannot change: register another."))
    for name, value in _known(data).items():
        setattr(app, name, value)
    app.save()
    _tell(actor, app.id, "U", "grants.app_changed", now)


@transaction.atomic(durable=True)
def renew_secret(*, actor: Actor, app_id: uuid.UUID, secret: str, now: datetime) -> None:
    """Give an app another secret; the one before opens nothing from then on.

    :raises AppNotFound: if there is none with a secret.
    """
    app = _locked(app_id)
    if app.proof != Proof.SECRET.value:
        raise AppNotFound(marked("This app has no secret."))
    app.secret_digest = digest_of(secret)
    app.save(update_fields=["secret_digest"])
    _tell(actor, app.id, "U", "grants.secret_renewed", now)


@transaction.atomic(durable=True)
def set_open(*, actor: Actor, app_id: uuid.UUID, is_open: bool, now: datetime) -> None:
    """Close an app, or open it again. What a closed app held opens nothing, now and later.

    :raises AppNotFound: if there is none.
    """
    app = _locked(app_id)
    app.is_active = is_open
    app.save(update_fields=["is_active"])
    if not is_open:
        end_of_app(app.id, now=now)
    _tell(actor, app.id, "U", "grants.app_opened" if is_open else "grants.app_closed", now)


@transaction.atomic(durable=True)
def begin_use(
    *, actor: Actor, app_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime
) -> None:
    """Let an organisation's people use an app; both journals tell it.

    :raises AppNotFound: if there is none.
    :raises OrganisationNotFound: if there is none.
    :raises UsedAlready: if it does so.
    """
    app = _locked(app_id)
    organisation = organisation_view(organisation_id)
    _, is_new = AppUse.objects.get_or_create(
        app=app, organisation_id=organisation_id, defaults={"since_at": now}
    )
    if not is_new:
        raise UsedAlready(marked("{name} uses this app already."), name=organisation.name)
    _tell(actor, app.id, "C", "grants.use_begun", now, at=organisation_id)


@transaction.atomic(durable=True)
def end_use(*, actor: Actor, app_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> None:
    """End that an organisation uses an app; what it holds there opens nothing from then on.

    :raises AppNotFound: if the organisation does not use it.
    """
    app = _locked(app_id)
    ended, _ = AppUse.objects.filter(app=app, organisation_id=organisation_id).delete()
    if not ended:
        raise AppNotFound(marked("That organisation does not use this app."))
    end_of_use(app_id, organisation_id, now=now)
    _tell(actor, app.id, "D", "grants.use_ended", now, at=organisation_id)


def _locked(app_id: uuid.UUID) -> App:
    app = App.objects.select_for_update(no_key=True).filter(id=app_id).first()
    if app is None:
        raise AppNotFound(marked("There is no such app."))
    return app


def _known(data: AppData) -> dict[str, Any]:
    redirects = list(dict.fromkeys(data.redirects))
    if not 1 <= len(redirects) <= ADDRESSES_MAX:
        raise AppNotRight(marked("Give between one address and ten."))
    scopes = words_of(data.scopes)
    unknown = [scope for scope in scopes if not is_offered(scope)]
    if unknown or not scopes:
        raise AppNotRight(
            marked("This cannot be asked for here: {scopes}."), scopes=" ".join(unknown) or "-"
        )
    return {
        "title": data.title.strip(),
        "supplier": data.supplier.strip(),
        "telephone": data.telephone.strip(),
        "proof": data.proof.value,
        "redirects": [check_address(address) for address in redirects],
        "launch_url": check_address(data.launch_url) if data.launch_url else "",
        "scopes": " ".join(scopes),
        "public_keys": keys_in(data.keys) if data.proof is Proof.KEY else [],
    }


def _tell(
    actor: Actor,
    app_id: uuid.UUID,
    action: str,
    event: str,
    now: datetime,
    *,
    at: uuid.UUID | None = None,
) -> None:
    """Tell it in the actor's journal, and in that of the organisation it is about."""
    entry = entry_of(
        actor,
        at=now,
        action=action,
        event=event,
        record_kind=KIND,
        record_id=app_id,
        detail={"organisation": str(at)} if at else {},
    )
    if at is None or at == actor.organisation_id:
        record(entry)
        return
    there = Actor(None, at, "house")
    record_many(
        [
            entry,
            entry_of(there, at=now, action=action, event=event, record_kind=KIND, record_id=app_id),
        ]
    )
