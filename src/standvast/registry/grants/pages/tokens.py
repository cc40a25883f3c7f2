"""Where apps get tokens, look at them and give them back. Nobody is told which part was wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.debug import sensitive_post_parameters

from standvast.database.api import database_now
from standvast.kit.errors import Busy
from standvast.registry.access.api import address_of
from standvast.registry.grants.answers import for_apps, later, refused, told
from standvast.registry.grants.claims import identity, identity_of
from standvast.registry.grants.digests import new_secret
from standvast.registry.grants.holding import Bearer, bearer_of
from standvast.registry.grants.operations.counting import check_tries, count_wrong
from standvast.registry.grants.operations.ending import give_back
from standvast.registry.grants.operations.exchanging import (
    Issued,
    NotIssued,
    Secrets,
    exchange,
    refresh,
)
from standvast.registry.grants.operations.proving import Proven, prove, shown_by
from standvast.registry.grants.places import issuer, place
from standvast.registry.grants.rules.proving import NotProven
from standvast.registry.grants.rules.scopes import needs_patient
from standvast.registry.grants.rules.times import ACCESS_LIFE

FIELD_CHARACTERS_MAX = 10_000
Answer = Callable[[HttpRequest], HttpResponse]
ByApp = Callable[[HttpRequest, Proven, dict[str, str]], HttpResponse]


class Unreadable(Exception):
    """A field is said twice, or is too long."""


def for_the_app_itself(*, keeps_secrets: bool = False) -> Callable[[ByApp], Answer]:
    """Let an app in that proves who it is, with what it sent."""

    def guarded(answer: ByApp) -> Answer:
        @wraps(answer)
        def asked(request: HttpRequest) -> HttpResponse:
            try:
                fields = _fields(request)
                app = _proven(request, fields, keeps_secrets=keeps_secrets)
            except Unreadable:
                return refused("invalid_request")
            except NotProven:
                return refused("invalid_client", status=401)
            except Busy as busy:
                return later(busy)
            return answer(request, app, fields)

        return asked

    return guarded


@for_apps("POST")
@sensitive_post_parameters()
@for_the_app_itself()
def token(_request: HttpRequest, app: Proven, fields: dict[str, str]) -> HttpResponse:
    """POST /oauth/token/ - a code, or a refresh token, becomes the next tokens."""
    now = database_now()
    secrets = Secrets(access=new_secret(), refresh=new_secret())
    match fields.get("grant_type"):
        case "authorization_code":
            made = exchange(
                app_id=app.app_id,
                code=fields.get("code", ""),
                redirect_uri=fields.get("redirect_uri", ""),
                verifier=fields.get("code_verifier", ""),
                secrets=secrets,
                now=now,
            )
        case "refresh_token":
            made = refresh(
                app_id=app.app_id,
                token=fields.get("refresh_token", ""),
                asked=fields.get("scope", ""),
                secrets=secrets,
                now=now,
            )
        case None:
            return refused("invalid_request")
        case _:
            return refused("unsupported_grant_type")
    if isinstance(made, NotIssued):
        return refused(made.error)
    return told(_tokens(made, app, now=now))


def _tokens(made: Issued, app: Proven, *, now: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "access_token": made.access,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "scope": " ".join(made.scopes),
    }
    if made.refresh:
        content["refresh_token"] = made.refresh
    if "openid" in made.scopes:
        content["id_token"] = identity(made, client_id=app.client_id, now=now)
    if made.patient_id is not None and needs_patient(made.scopes):
        content |= {"patient": str(made.patient_id), "need_patient_banner": True}
        content["tenant"] = str(made.organisation_id)
        content |= {"intent": made.intent} if made.intent else {}
    return content


@for_apps("GET", "POST")
def userinfo(request: HttpRequest) -> HttpResponse:
    """GET, POST /oauth/userinfo/ - who stands behind a token, as far as they said yes."""
    found = borne(request)
    if found is None or "openid" not in found.scopes:
        answer = refused("invalid_token", status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="standvast", error="invalid_token"'
        return answer
    assert found.actor.person_id is not None
    return told(identity_of(found.actor.person_id, found.scopes))


@for_apps("POST")
@sensitive_post_parameters()
@for_the_app_itself(keeps_secrets=True)
def introspect(request: HttpRequest, app: Proven, fields: dict[str, str]) -> HttpResponse:
    """POST /oauth/introspect/ - what one of an app's own tokens is worth now."""
    found = bearer_of(fields.get("token", ""), address=address_of(request), now=database_now())
    if found is None or found.app_id != app.app_id:
        return told({"active": False})
    return told(_seen(found))


def _seen(found: Bearer) -> dict[str, Any]:
    content: dict[str, Any] = {
        "active": True,
        "scope": " ".join(found.scopes),
        "client_id": found.client_id,
        "token_type": "Bearer",
        "iss": issuer(),
        "iat": int(found.issued_at.timestamp()),
        "exp": int(found.expires_at.timestamp()),
    }
    assert found.actor.person_id is not None
    if "openid" in found.scopes:
        content |= identity_of(found.actor.person_id, found.scopes)
    if found.patient_id is not None and needs_patient(found.scopes):
        content["patient"] = str(found.patient_id)
    return content


@for_apps("POST")
@sensitive_post_parameters()
@for_the_app_itself()
def revoke(_request: HttpRequest, app: Proven, fields: dict[str, str]) -> HttpResponse:
    """POST /oauth/revoke/ - an app gives a token back, and with it the whole grant."""
    give_back(app_id=app.app_id, token=fields.get("token", ""), now=database_now())
    return told({})


def borne(request: HttpRequest) -> Bearer | None:
    """Return who stands behind the token in a request's header; none in an address is looked at."""
    way, _, shown = request.headers.get("Authorization", "").partition(" ")
    if way.lower() != "bearer":
        return None
    return bearer_of(shown.strip(), address=address_of(request), now=database_now())


def _fields(request: HttpRequest) -> dict[str, str]:
    """Return what was handed in, each once.

    :raises Unreadable: otherwise; or if anything secret stands in the address.
    """
    if request.GET:
        raise Unreadable
    found = {}
    try:
        given = request.POST.lists()
    except (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError):
        raise Unreadable from None
    for name, values in given:
        if len(values) != 1 or len(values[0]) > FIELD_CHARACTERS_MAX:
            raise Unreadable
        found[name] = values[0]
    return found


def _proven(request: HttpRequest, fields: dict[str, str], *, keeps_secrets: bool) -> Proven:
    """Return which app asks; with `keeps_secrets` only one that can.

    :raises NotProven: if it does not show so; that is counted.
    :raises Busy: if it was wrong too often.
    """
    now, address = database_now(), address_of(request)
    name = fields.get("client_id", "")
    try:
        shown = shown_by(request.headers.get("Authorization", ""), fields)
        name = shown.client_id or name
        check_tries(name, address, now=now)
        audiences = (issuer(), place("token"))
        return prove(shown=shown, audiences=audiences, keeps_secrets=keeps_secrets, now=now)
    except NotProven:
        count_wrong(name, address, now=now)
        raise
