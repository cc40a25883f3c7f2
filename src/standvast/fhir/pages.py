"""Answers below /fhir/: who asks, one operation of the module whose resource it is, an answer."""

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from standvast.database.api import database_now
from standvast.fhir.bundles import PAGE, asked_on, full_address, search_set
from standvast.fhir.declared import RESOURCES, Asked, Caller, Interaction, Json, Resource
from standvast.fhir.entering import caller_of
from standvast.fhir.outcomes import refusal, resource_answer
from standvast.fhir.searching import RequestNotRight, asked_of, check_accepts, check_format
from standvast.fhir.statement import capability_statement
from standvast.fhir.validating import BODY_BYTES_MAX, too_large, validated
from standvast.kit.errors import NotFound, Refused
from standvast.kit.wiring import wired
from standvast.kit.words import marked

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


class NothingHere(NotFound):
    """No resource stands at this address."""

    code = "fhir.nothing_here"


class NotSupported(Refused):
    """This kind of resource does not do that."""

    code = "fhir.not_supported"


class MediaUnknown(RequestNotRight):
    """What was handed in is not FHIR JSON."""

    code = "fhir.media_unknown"


def answering(*methods: str) -> Callable[[View], View]:
    """Answer these methods, and every refusal as an OperationOutcome.

    Django's own look for the token of our pages is left out: `caller_of` has it, for sessions.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @sensitive_post_parameters()
        @wraps(view)
        def answered(request: HttpRequest, **named: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    answer = refusal(_not_supported(), status=405)
                    answer["Allow"] = ", ".join(methods)
                    return answer
                check_accepts(request.headers.get("Accept", ""))
                return view(request, **named)
            except Refused as error:
                log.info("refused %s", error.code)
                return refusal(error)
            except (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError):
                return refusal(too_large(), status=413)

        return answered

    return decorate


@answering("GET", "HEAD")
def metadata(request: HttpRequest) -> HttpResponse:
    """GET /fhir/metadata - what is spoken here; for everybody."""
    check_format(request.GET.get("_format", "json"))
    return resource_answer(capability_statement())


@answering("GET", "POST")
def of_kind(request: HttpRequest, *, kind: str) -> HttpResponse:
    """GET /fhir/<Kind>?... - search. POST /fhir/<Kind> - hand one in."""
    resource = _resource(kind)
    if request.method == "POST":
        return _created(request, resource)
    caller = _caller(request, resource, Interaction.SEARCH, resource.search)
    page = request.GET.get(PAGE, "")
    asked = asked_on(kind, page, caller) if page else asked_of(resource, _pairs(request.GET))
    return _found(resource, asked, caller)


@answering("POST")
def by_form(request: HttpRequest, *, kind: str) -> HttpResponse:
    """POST /fhir/<Kind>/_search - search, with nothing of it in an address."""
    resource = _resource(kind)
    caller = _caller(request, resource, Interaction.SEARCH, resource.search)
    asked = asked_of(resource, _pairs(request.GET), _pairs(request.POST))
    return _found(resource, asked, caller)


@answering("GET")
def one(request: HttpRequest, *, kind: str, resource_id: uuid.UUID) -> HttpResponse:
    """GET /fhir/<Kind>/<id> - one resource."""
    resource = _resource(kind)
    check_format(request.GET.get("_format", "json"))
    caller = _caller(request, resource, Interaction.READ, resource.read)
    assert resource.read is not None
    return _answer(resource.read(caller=caller, resource_id=resource_id, now=database_now()))


@answering("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
def elsewhere(request: HttpRequest, *, rest: str) -> HttpResponse:
    """Anything else below /fhir/: there is nothing, said as FHIR says it."""
    del request, rest
    raise NothingHere(
        marked("There is no such resource here. See /fhir/metadata for what there is.")
    )


def _resource(kind: str) -> Resource:
    return next(resource for resource in wired(RESOURCES) if resource.kind == kind)


def _caller(
    request: HttpRequest, resource: Resource, interaction: Interaction, does: object
) -> Caller:
    caller = caller_of(request, resource, interaction)
    if does is None:
        raise _not_supported()
    return caller


def _found(resource: Resource, asked: Asked, caller: Caller) -> HttpResponse:
    assert resource.search is not None
    found = resource.search(caller=caller, asked=asked, now=database_now())
    return resource_answer(search_set(resource.kind, found, asked, caller))


def _created(request: HttpRequest, resource: Resource) -> HttpResponse:
    caller = _caller(request, resource, Interaction.CREATE, resource.create)
    assert resource.create is not None
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        return refusal(too_large(), status=413)
    media = (request.content_type or "").lower()
    if media not in ("application/fhir+json", "application/json"):
        answer = refusal(
            MediaUnknown(marked("Hand in JSON, as application/fhir+json.")), status=415
        )
        answer["Accept"] = "application/fhir+json"
        return answer
    given = validated(resource.kind, request.body)
    made = resource.create(caller=caller, resource=given, now=database_now())
    answer = _answer(made, status=201)
    answer["Location"] = full_address(str(made["resourceType"]), str(made["id"]))
    return answer


def _answer(resource: Json, *, status: int = 200) -> HttpResponse:
    answer = resource_answer(resource, status=status)
    if version := resource.get("meta", {}).get("versionId"):
        answer["ETag"] = f'W/"{version}"'
    return answer


def _not_supported() -> NotSupported:
    return NotSupported(marked("That is not done with this kind of resource here."))


def _pairs(values: Any) -> list[tuple[str, str]]:
    return [
        (str(name), str(value))
        for name, several in values.lists()
        for value in several
        if name != "csrfmiddlewaretoken"
    ]
