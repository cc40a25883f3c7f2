"""Who asks: known by a bearer token or by a session, and by what they may, before anything else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from standvast.fhir.declared import (
    BEARER,
    CHECK_MAY,
    SESSION,
    Caller,
    Granted,
    Interaction,
    Resource,
)
from standvast.fhir.scopes import Width, width_of
from standvast.kit.actor import Actor
from standvast.kit.errors import NotAllowed
from standvast.kit.wiring import wired
from standvast.kit.words import marked


class NotSignedIn(NotAllowed):
    """Nobody is known to ask this."""

    code = "fhir.not_signed_in"


class ScopeMissing(NotAllowed):
    """The token was not given for this."""

    code = "fhir.scope_missing"


class NotFromOurPages(NotAllowed):
    """A session asks for more than reading, without the token of our own pages."""

    code = "fhir.not_from_our_pages"


class _OwnPages(CsrfViewMiddleware):
    """Django's own rule, which tells its reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        del request
        return reason


def _no_page(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse()


_own_pages = _OwnPages(_no_page)


def caller_of(request: HttpRequest, resource: Resource, interaction: Interaction) -> Caller:
    """Return who asks, if they may.

    A request with a bearer token is judged by that alone: a session beside it counts for nothing.

    :raises NotSignedIn: if nobody is known, or the token gives nothing (any more).
    :raises ScopeMissing, NotFromOurPages, NotAllowed: if they may not.
    """
    granted = _granted(request)
    if granted is None:
        caller = Caller(_from_session(request))
    else:
        caller = _within(granted, resource, interaction)
    for check in wired(CHECK_MAY):
        check(caller.actor, resource.right_for(interaction))
        return caller
    raise NotAllowed(marked("No rules about access are set up here."))


def _granted(request: HttpRequest) -> Granted | None:
    """Return what the token of a request gives; None if it carries none.

    :raises NotSignedIn: if it gives nothing.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        return None
    if kind.lower() == "bearer" and token.strip():
        for ask in wired(BEARER):
            if (found := ask(request, token.strip())) is not None:
                return found
    raise NotSignedIn(marked("This token gives no access, or not any more. Sign in again."))


def _from_session(request: HttpRequest) -> Actor:
    actor = next((found for ask in wired(SESSION) if (found := ask(request))), None)
    if actor is None:
        raise NotSignedIn(marked("Sign in first, or hand in a bearer token."))
    if _own_pages.process_view(request, _no_page, (), {}) is not None:
        raise NotFromOurPages(marked("This page is out of date. Reload it and do it again."))
    return actor


def _within(granted: Granted, resource: Resource, interaction: Interaction) -> Caller:
    width = width_of(granted.scopes, resource.kind, interaction.value)
    if width is Width.EVERYBODY:
        return Caller(granted.actor)
    if width is Width.THE_PATIENT and granted.patient_id is not None:
        return Caller(granted.actor, only_patient_id=granted.patient_id)
    if interaction is Interaction.READ and resource.own_scope in granted.scopes:
        return Caller(granted.actor, is_for_self=True)
    raise ScopeMissing(
        marked("This token was not given for this: {kind}, {interaction}."),
        kind=resource.kind,
        interaction=interaction.name.lower(),
    )
