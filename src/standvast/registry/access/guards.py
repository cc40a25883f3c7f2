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
from standvast.kit.words import marked
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rights import decided, right_named
from standvast.registry.access.rules import GRANT_TITLES, ROLE_TITLES, ROLES_BY_KIND, Right, Role
from standvast.registry.access.ruling.question import HERE, Holding, Layer, Record
from standvast.registry.access.sessions import HELPING, actor_from
from standvast.registry.organisations.api import Kind
from standvast.registry.people.api import Person

PageT = TypeVar("PageT", bound=Callable[..., HttpResponse])


class RightMissing(NotAllowed):
    """The person's role does not give this right, or a rule takes it."""

    code = "access.right_missing"

    def __init__(self, template: str, *, right: str, **values: object) -> None:
        super().__init__(template, **values)
        self.right = right


class NoOrganisation(NotAllowed):
    """The person works nowhere now, or nobody is signed in."""

    code = "access.no_organisation"


def may(
    actor: Actor | None, right: str, *, layer: Layer = Layer.MENU, record: Record = HERE
) -> bool:
    """Whether this actor may; for pages that show or hide an act.

    Where the answer lets somebody in or shows a record, say so by the layer.
    """
    if actor is None:
        return False
    return decided(actor, right_named(right).name, layer=layer, record=record).is_allowed


def check_may(
    actor: Actor, right: str, *, layer: Layer = Layer.ROUTE, record: Record = HERE
) -> None:
    """Pass if this actor may.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    found = right_named(right)
    said = decided(actor, right, layer=layer, record=record)
    if said.is_allowed:
        return
    near = _roles_near(found, actor)
    raise RightMissing(
        _lacks(actor, found, near, is_ruled=bool(said.rules)),
        right=right,
        rule=said.rules[0] if said.rules else found.name,
        title=gettext_lazy(found.title),
        roles=_titles(near or found.roles),
        what=gettext_lazy(GRANT_TITLES[found.grant]) if found.grant else "",
    )


def check_record(actor: Actor, right: str, kind: str) -> None:
    """Pass if this actor may see or change one record of this kind, of their own organisation.

    What the house does by itself is not asked: nobody would be shown anything.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    assert kind in right_named(right).records, f"{right} does not say that it opens {kind}"
    if actor.person_id is not None:
        check_may(actor, right, layer=Layer.RECORD, record=Record(kind))


def may_record(actor: Actor, right: str, kind: str) -> bool:
    """Whether this actor may see or change one such record, for a part of a page."""
    assert kind in right_named(right).records, f"{right} does not say that it opens {kind}"
    return may(actor, right, layer=Layer.RECORD, record=Record(kind))


def _lacks(actor: Actor, right: Right, near: frozenset[Role], *, is_ruled: bool) -> str:
    """Return the sentence, marked, for what is missing."""
    if is_ruled:
        return marked("A rule does not give this: {title}. Rule: {rule}. Ask who runs the desk.")
    if right.grant is not None and Holding.WITHHELD.of(right.grant) in actor.held:
        return marked(
            "Your organisation withholds {what} from you, and so this: {title}. Rule: {rule}."
            " Ask who manages your staff."
        )
    if not near:
        return marked("No role at your organisation gives this: {title}. Rule: {rule}.")
    if right.is_granted_only:
        return marked(
            "This takes {what}: {title}. You were not given it. Rule: {rule}."
            " Ask who manages your staff."
        )
    return marked(
        "Your role does not give this: {title}. Rule: {rule}."
        " Ask a colleague with this role: {roles}."
    )


def _roles_near(right: Right, actor: Actor) -> frozenset[Role]:
    """Return which roles of the actor's own organisation have the right: whom they can ask."""
    if not actor.organisation_kind:
        return right.roles
    return right.roles & frozenset(ROLES_BY_KIND[Kind(actor.organisation_kind)])


@keep_lazy_text
def _joined(*words: object) -> str:
    return ", ".join(str(word) for word in words)


def _titles(roles: frozenset[Role]) -> str:
    """Return the titles of roles, in the language they are said in later."""
    return _joined(*(gettext_lazy(ROLE_TITLES[role]) for role in sorted(roles)))


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
