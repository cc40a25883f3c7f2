"""What pages ask: who acts here, and may they."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.functional import keep_lazy_text
from django.utils.translation import gettext_lazy

from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import NotAllowed
from standvast.kit.wiring import Slot, wired
from standvast.kit.words import marked
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rules import ROLE_TITLES, Right, may_actor
from standvast.registry.access.sessions import HELPING, actor_from
from standvast.registry.people.api import Person

RIGHTS: Slot[Right] = Slot("rights")
"""Every right there is; each module brings its own."""

PageT = TypeVar("PageT", bound=Callable[..., HttpResponse])


class RightMissing(NotAllowed):
    """The person's role does not give this right."""

    code = "access.right_missing"


class NoOrganisation(NotAllowed):
    """The person works nowhere now, or nobody is signed in."""

    code = "access.no_organisation"


def right_named(name: str) -> Right:
    """Return the right of this name. An unknown name is our own mistake."""
    for right in wired(RIGHTS):
        if right.name == name:
            return right
    raise AssertionError(f"no module brings the right {name!r}")


def may(actor: Actor | None, right: str) -> bool:
    """Whether this actor may; for pages that show or hide an act."""
    return actor is not None and may_actor(actor, right_named(right))


def check_may(actor: Actor, right: str) -> None:
    """Pass if this actor may.

    :raises RightMissing: with which right it is and whom to ask.
    """
    found = right_named(right)
    if may_actor(actor, found):
        return
    raise RightMissing(
        marked("Your role does not give this: {title}. Ask a colleague with this role: {roles}."),
        title=gettext_lazy(found.title),
        roles=_titles(found),
    )


@keep_lazy_text
def _joined(*words: object) -> str:
    return ", ".join(str(word) for word in words)


def _titles(right: Right) -> str:
    """Return the titles of the roles that give a right, in the language they are said in later."""
    return _joined(*(gettext_lazy(ROLE_TITLES[role]) for role in sorted(right.roles)))


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request; read once per request.

    :raises NoOrganisation: if nobody is signed in, or the person works nowhere now.
    """
    found = maybe_actor_of(request)
    if found is None:
        raise NoOrganisation(
            marked("You do not work for an organisation here now. Ask a colleague to invite you.")
        )
    return found


def maybe_actor_of(request: HttpRequest) -> Actor | None:
    """Return who acts in this request, or None; for parts that every page has."""
    kept = request.__dict__
    if "_standvast_actor" not in kept:
        kept["_standvast_actor"] = _read_actor(request)
    return cast("Actor | None", kept["_standvast_actor"])


def forget_actor(request: HttpRequest) -> None:
    """Read again at the next question: the session has just changed."""
    request.__dict__.pop("_standvast_actor", None)


def _read_actor(request: HttpRequest) -> Actor | None:
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return None
    return actor_from(
        request.session,
        person_id=person.id,
        language=person.language,
        memberships=memberships_of(person.id),
        address=address_of(request),
        now=database_now() if HELPING in request.session else None,
    )


def address_of(request: HttpRequest) -> str:
    """Return the network address the request came from, as the edge saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def signed_in(page: PageT) -> PageT:
    """Let only people who are signed in see a page; others go to sign in first."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, Person):
            return to_sign_in(request)
        return page(request, *args, **kwargs)

    return cast("PageT", guarded)


def needs(right: str) -> Callable[[PageT], PageT]:
    """Let only actors with this right see a page; others get a refusal that names the right.

    Who is not signed in goes to the sign-in page and comes back after it.
    """

    def decorate(page: PageT) -> PageT:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, Person):
                return to_sign_in(request)
            check_may(actor_of(request), right)
            return page(request, *args, **kwargs)

        guarded.__dict__["standvast_right"] = right
        return cast("PageT", guarded)

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, back here afterwards; htmx is told to change the whole page."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    answer = redirect_to_login(back)
    if request.headers.get("HX-Request") == "true":
        told = HttpResponse(status=401)
        told.headers["HX-Redirect"] = answer.url
        return told
    return answer
