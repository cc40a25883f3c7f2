"""Reads: frozen views of apps, and who uses them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Count, Max

from standvast.kit.words import marked
from standvast.registry.grants.models import App, AppUse, Grant
from standvast.registry.grants.operations.registering import AppNotFound
from standvast.registry.grants.rules.addresses import is_registered
from standvast.registry.grants.rules.asking import CannotBeAsked
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.grants.rules.scopes import words_of

ROWS_MAX = 500
PROBES_APP = "standvast-probe"
"""As which our own probe walks; people do not see it."""
PROBES_PRACTICE = uuid.UUID("00000000-0000-7000-8000-00000000c11c")
"""The practice as which all probes walk; nobody sees it."""


@dataclass(frozen=True, slots=True)
class AppView:
    """An app as pages know it; nothing secret."""

    id: uuid.UUID
    client_id: str
    title: str
    supplier: str
    telephone: str
    proof: Proof
    redirects: tuple[str, ...]
    launch_url: str
    scopes: tuple[str, ...]
    key_names: tuple[str, ...]
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AppRow:
    """An app in the desk's list."""

    app: AppView
    uses_count: int
    given_count: int
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class UseRow:
    """An organisation that uses an app."""

    organisation_id: uuid.UUID
    name: str
    since_at: datetime


def view_of(app: App) -> AppView:
    """Return an app as pages know it."""
    return AppView(
        id=app.id,
        client_id=app.client_id,
        title=app.title,
        supplier=app.supplier,
        telephone=app.telephone,
        proof=Proof(app.proof),
        redirects=tuple(app.redirects),
        launch_url=app.launch_url,
        scopes=words_of(app.scopes),
        key_names=tuple(str(key["kid"]) for key in app.public_keys),
        is_active=app.is_active,
        created_at=app.created_at,
    )


def app_asking(client_id: str, redirect_uri: str) -> AppView:
    """Return the app that asks, if the answer may go where it says.

    :raises CannotBeAsked: if nobody registered it so. No reason to send anybody anywhere.
    """
    app = App.objects.filter(client_id=client_id, is_active=True).first()
    if app is None:
        raise CannotBeAsked(
            marked("The app that sent you here is not known, or was closed. Tell its supplier.")
        )
    if not is_registered(redirect_uri, app.redirects):
        raise CannotBeAsked(
            marked(
                "{app} wants its answer at an address that its supplier ({supplier}) did not"
                " register. You are not sent there. Tell them."
            ),
            app=app.title,
            supplier=app.supplier,
        )
    return view_of(app)


def app_view(app_id: uuid.UUID) -> AppView:
    """Return one app.

    :raises AppNotFound: if there is none.
    """
    app = App.objects.filter(id=app_id).first()
    if app is None:
        raise AppNotFound(marked("There is no such app."))
    return view_of(app)


def keys_text(app_id: uuid.UUID) -> str:
    """Return an app's public keys as they were handed in; empty if it has none."""
    keys = App.objects.filter(id=app_id).values_list("public_keys", flat=True).first()
    return msgspec.json.encode({"keys": keys}).decode() if keys else ""


def app_rows() -> tuple[AppRow, ...]:
    """Return every app by name, with how much it is used."""
    used = {
        row["app_id"]: row["count"]
        for row in AppUse.objects.exclude(organisation_id=PROBES_PRACTICE)
        .values("app_id")
        .annotate(count=Count("id"))
    }
    given = {
        row["app_id"]: (row["count"], row["last"])
        for row in Grant.objects.filter(ended_at=None)
        .exclude(organisation_id=PROBES_PRACTICE)
        .values("app_id")
        .annotate(count=Count("id"), last=Max("given_at"))
    }
    return tuple(
        AppRow(view_of(app), used.get(app.id, 0), *given.get(app.id, (0, None)))
        for app in App.objects.exclude(client_id=PROBES_APP).order_by("title", "id")[:ROWS_MAX]
    )


def organisations_with_apps() -> frozenset[uuid.UUID]:
    """Return which organisations use an app at all."""
    rows = AppUse.objects.exclude(organisation_id=PROBES_PRACTICE).filter(app__is_active=True)
    return frozenset(rows.values_list("organisation_id", flat=True))


def uses_of(app_id: uuid.UUID) -> tuple[UseRow, ...]:
    """Return which organisations use an app, by name; at most 500."""
    rows = AppUse.objects.filter(app_id=app_id).exclude(organisation_id=PROBES_PRACTICE)
    rows = rows.select_related("organisation")
    return tuple(
        UseRow(row.organisation_id, row.organisation.name, row.since_at)
        for row in rows.order_by("organisation__name", "id")[:ROWS_MAX]
    )


def apps_started_from(organisation_id: uuid.UUID) -> tuple[AppView, ...]:
    """Return the apps that an organisation starts from a patient's page, by name."""
    rows = App.objects.filter(is_active=True, uses__organisation_id=organisation_id)
    return tuple(view_of(app) for app in rows.exclude(launch_url="").order_by("title", "id"))


def apps_used_by(organisation_id: uuid.UUID) -> frozenset[str]:
    """Return by name the apps that an organisation's people can let in."""
    rows = App.objects.filter(is_active=True, uses__organisation_id=organisation_id)
    return frozenset(rows.values_list("client_id", flat=True))


def app_named(client_id: str) -> AppView:
    """Return the app of this name (client_id).

    :raises AppNotFound: if there is none, or it is closed.
    """
    app = App.objects.filter(client_id=client_id, is_active=True).first()
    if app is None:
        raise AppNotFound(marked("There is no such app."))
    return view_of(app)
