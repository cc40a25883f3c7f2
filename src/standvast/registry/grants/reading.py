"""What a token opens at /fhir/: for the FHIR floor, and for browsers that show apps of others."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from standvast.database.api import database_now
from standvast.fhir.api import Granted
from standvast.registry.access.api import address_of
from standvast.registry.grants.answers import let_read, preflight
from standvast.registry.grants.holding import bearer_of

PREFIX = "/fhir/"
METHODS = ("GET", "POST")


def granted_by(request: HttpRequest, token: str) -> Granted | None:
    """Return what a token gives at this moment; None if it gives nothing."""
    found = bearer_of(token, address=address_of(request), now=database_now())
    if found is None:
        return None
    return Granted(found.actor, frozenset(found.scopes), found.patient_id)


class AppsInBrowsers:
    """Lets pages of registered apps read answers below /fhir/, with the token they show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX) or "Origin" not in request.headers:
            return self._get_response(request)
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        answer = preflight(*METHODS) if asks else self._get_response(request)
        if "Access-Control-Allow-Origin" not in answer:
            let_read(request, answer)
        return answer
