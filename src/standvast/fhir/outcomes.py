"""Every refusal as an OperationOutcome, in the person's language, and without a word of theirs."""

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext

from standvast.fhir.declared import Json
from standvast.fhir.entering import NotSignedIn
from standvast.fhir.searching import FormatUnknown, RequestNotRight
from standvast.fhir.validating import ResourceNotRight
from standvast.kit.errors import Busy, Gone, Invalid, NotAllowed, NotFound, Refused

MEDIA = "application/fhir+json; fhirVersion=4.0; charset=utf-8"
CODES = "urn:standvast:refusals"
"""The system of our own codes, which stay the same in every language."""
_KINDS: tuple[tuple[type[Refused], int, str], ...] = (
    (NotSignedIn, 401, "login"),
    (FormatUnknown, 406, "not-supported"),
    (RequestNotRight, 400, "invalid"),
    (NotFound, 404, "not-found"),
    (NotAllowed, 403, "forbidden"),
    (Invalid, 422, "invalid"),
    (Gone, 410, "deleted"),
    (Busy, 503, "throttled"),
    (Refused, 409, "business-rule"),
)
"""Status and issue type of a refusal: of the first class that fits."""


def resource_answer(resource: Json, *, status: int = 200) -> HttpResponse:
    """Return a resource as an answer that nobody keeps."""
    answer = HttpResponse(msgspec.json.encode(resource), status=status, content_type=MEDIA)
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "Cookie, Authorization, Accept-Language"
    return answer


def refusal(error: Refused, *, status: int | None = None) -> HttpResponse:
    """Return a refusal as its OperationOutcome, with its status."""
    usual, kind = next((status, kind) for each, status, kind in _KINDS if isinstance(error, each))
    answer = resource_answer(outcome(kind, error), status=status or usual)
    if isinstance(error, Busy):
        answer["Retry-After"] = str(error.retry_after_s)
    if answer.status_code == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def outcome(kind: str, error: Refused) -> Json:
    """Return an OperationOutcome that says a refusal; `kind` is FHIR's type of issue."""
    said = gettext(error.template).format(**error.values)
    issue: Json = {
        "severity": "error",
        "code": kind,
        "details": {"coding": [{"system": CODES, "code": error.code}], "text": said},
        "diagnostics": said,
    }
    if isinstance(error, ResourceNotRight) and error.places:
        issue["expression"] = list(error.places)
    return {"resourceType": "OperationOutcome", "issue": [issue]}
