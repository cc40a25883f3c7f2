"""From a template to an answer."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.cache import patch_cache_control, patch_vary_headers

FORMS_TO_HEADER = "X-Standvast-Forms-To"
"""From a page to the outer layer, which makes it part of the policy and sends it to nobody."""


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a page or fragment that nobody caches and that differs for htmx."""
    text = loader.render_to_string(template, dict(context or {}), request=request)
    answer = HttpResponse(text, status=status)
    patch_cache_control(answer, no_store=True, private=True)
    patch_vary_headers(answer, ["HX-Request", "Cookie", "Accept-Language"])
    return answer


fragment = page
"""The same; says at the call that the template is a `_fragment.html`."""


def let_forms_go(answer: HttpResponse, sites: Iterable[str]) -> HttpResponse:
    """Let the forms of this one page lead to other sites, as `https://lab.example`."""
    answer.headers[FORMS_TO_HEADER] = " ".join(sites)
    return answer


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page, not a boosted whole one."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-Boosted") != "true"


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the person to `url` after a POST: a 303, or for htmx the header that does the same."""
    if wants_fragment(request):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = url
        return answer
    return HttpResponse(status=303, headers={"Location": url})
