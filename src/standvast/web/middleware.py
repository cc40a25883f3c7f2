"""What every Django page passes through: the person's language, and refusals said well."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from standvast.kit.errors import Refused, Unavailable
from standvast.kit.words import marked
from standvast.web.errors import refusal, unavailable
from standvast.web.frame import who_is

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
NOTHING_TO_READ = marked(
    "There is nothing to read here: this is where a button sends what it does."
)
LANGUAGES = {code for code, _ in settings.LANGUAGES}


class PersonLanguage:
    """Speaks the person's language, else the organisation's, else what LocaleMiddleware chose."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen(request)
        if chosen:
            translation.activate(chosen)
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        answer = self._get_response(request)
        answer.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return answer

    @staticmethod
    def _chosen(request: HttpRequest) -> str:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return ""
        person = getattr(request, "user", None)
        own = getattr(person, "language", "") if person and person.is_authenticated else ""
        if own in LANGUAGES:
            return str(own)
        who = who_is(request)
        theirs = who.organisation_language if who else ""
        return theirs if theirs in LANGUAGES else ""


class NothingToRead(Refused):
    """The address of an act was asked for as if it were a page."""

    code = "web.nothing_to_read"


class Refusals:
    """Turns a refusal that a page raised into its page or fragment with the right status."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or answer.content:
            return answer
        said = refusal(request, NothingToRead(NOTHING_TO_READ))
        said.status_code, said["Allow"] = answer.status_code, answer.get("Allow", "")
        return said

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match error:
            case Refused():
                log.info("refused %s", error.code)
                return refusal(request, error)
            case Unavailable():
                log.warning("unavailable %s", error.code)
                return unavailable(request, error)
        return None
