"""The order desk on the edge: hold, place, confirm, release, and the calendar. No rules."""

import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from standvast.care.campaigns import answers, rules, twin
from standvast.care.campaigns.arrivals import FirstArrivals
from standvast.care.campaigns.bodies import KeyBody, PlaceBody, body_of, fields_of
from standvast.care.campaigns.calendar import SeasonBook
from standvast.care.campaigns.commit import commit
from standvast.care.campaigns.items import Confirm, GiveBack, Item, Kept, Release, Take, Verdict
from standvast.care.campaigns.passes import check_pass
from standvast.care.campaigns.rules import FUNCTION
from standvast.core.groupcommit.api import GroupCommit
from standvast.core.lobby.api import PAGE_TIMES
from standvast.database.api import Wakes
from standvast.desk.status.api import check_open_at_edge
from standvast.kit.actor import Actor
from standvast.kit.errors import NotAllowed, Refused, Unavailable
from standvast.kit.words import marked
from standvast.registry.access.api import check_may, edge_actor
from standvast.web.api import say
from standvast.web.live import RECEIVED, Hot, event_stream, guard, problem

PENDING_MAX = 5_000
BATCH_MAX = 250
LANGUAGE_DEFAULT = "nl"
Route_ = Callable[["CampaignsLive", Request, Actor], Awaitable[Response]]


class SignInNeeded(NotAllowed):
    """Nobody is signed in, or the session has ended."""

    code = "campaigns.sign_in_needed"


def answered(route: Route_) -> Callable[["CampaignsLive", Request], Awaitable[Response]]:
    """Find out who asks, run the route, and say a refusal in their language."""

    @wraps(route)
    async def answer(live: "CampaignsLive", request: Request) -> Response:
        language = LANGUAGE_DEFAULT
        slug = str(request.path_params.get("slug", ""))
        try:
            actor = await edge_actor(request)
            if actor is None:
                raise SignInNeeded(marked("Sign in first. What you filled in stays here."))
            language = actor.language
            given = await route(live, request, actor)
            if request.method == "POST":
                ended_s = time.monotonic()
                PAGE_TIMES.note(ended_s - received(request), at_s=ended_s)
            return given
        except Unavailable as error:
            refused: Refused = answers.not_stored(error)
        except Refused as error:
            refused = error
        if isinstance(refused, SignInNeeded):
            return problem(refused, say=say(refused, language), status=401)
        return answers.refused_answer(request, refused, language=language, slug=slug)

    return answer


class CampaignsLive:
    """What campaigns bring to the edge; one per serve process."""

    def __init__(self) -> None:
        self.group: GroupCommit[Item, Verdict] = GroupCommit(
            commit, name="campaigns", pending_max=PENDING_MAX, batch_max=BATCH_MAX
        )
        self.twin = twin.is_on()
        self.book = twin.faulty_book() if self.twin else SeasonBook()
        self.arrivals = FirstArrivals()

    def routes(self) -> Sequence[BaseRoute]:
        """Return the hot and live routes under /campaigns/."""
        season, post = "/campaigns/{slug}", ["POST"]
        order = season + "/orders/{order_id:uuid}"
        return [
            Route(season + "/place", Hot(self.place), methods=post),
            Route(season + "/hold", Hot(self.hold), methods=post),
            Route(order + "/confirm", Hot(self.confirm), methods=post),
            Route(order + "/release", self.release, methods=post),
            Route(season + "/calendar.json", self.calendar, methods=["GET"]),
            Route(season + "/calendar/stream", self.stream, methods=["GET"]),
        ]

    def tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        """Return the group's loop and the calendar's."""
        return [self.group.run(), self.book.run()]

    def hears(self, wakes: Wakes) -> None:
        """Listen to nothing: the calendar pulls."""

    async def calendar(self, request: Request) -> Response:
        """Return the calendar from memory."""
        return await _calendar(self, request)

    async def stream(self, request: Request) -> Response:
        """Return the calendar's changes as they come."""
        return await _stream(self, request)

    async def hold(self, request: Request) -> Response:
        """Hold a place for a while."""
        return await _hold(self, request)

    async def place(self, request: Request) -> Response:
        """Take and confirm in one move."""
        return await _place(self, request)

    async def confirm(self, request: Request) -> Response:
        """Turn a hold into an order."""
        return await _confirm(self, request)

    async def release(self, request: Request) -> Response:
        """Give a held place back."""
        return await _release(self, request)


@answered
async def _calendar(live: CampaignsLive, request: Request, actor: Actor) -> Response:
    check_may(actor, "campaigns.see")
    body = live.book.calendar(request.path_params["slug"])
    headers = {"Cache-Control": "no-store"}
    return Response(body, media_type="application/json", headers=headers)


@answered
async def _stream(live: CampaignsLive, request: Request, actor: Actor) -> Response:
    check_may(actor, "campaigns.see")
    slug = request.path_params["slug"]
    live.book.season(slug)
    return event_stream(live.book.changes(slug))


@answered
async def _hold(live: CampaignsLive, request: Request, actor: Actor) -> Response:
    kept = await _take(live, request, actor, is_final=False)
    return answers.kept_answer(request, kept, slug=request.path_params["slug"], is_new=True)


@answered
async def _place(live: CampaignsLive, request: Request, actor: Actor) -> Response:
    kept = await _take(live, request, actor, is_final=True)
    return answers.kept_answer(request, kept, slug=request.path_params["slug"], is_new=True)


@answered
async def _confirm(live: CampaignsLive, request: Request, actor: Actor) -> Response:
    body = body_of(await _sent(request, actor), KeyBody)
    order_id: UUID = request.path_params["order_id"]
    received_s = live.arrivals.first(actor.organisation_id, order_id, received_s=received(request))
    if live.twin:
        received_s = await twin.mail_first(order_id, actor)
    verdict = await live.group.submit(Confirm(order_id, actor, body.key, received_s))
    live.arrivals.answered(actor.organisation_id, order_id)
    return answers.kept_answer(request, kept_of(verdict), slug=request.path_params["slug"])


@answered
async def _release(live: CampaignsLive, request: Request, actor: Actor) -> Response:
    body = body_of(await _sent(request, actor), KeyBody)
    order_id: UUID = request.path_params["order_id"]
    verdict = await live.group.submit(Release(order_id, actor, body.key, received(request)))
    return answers.kept_answer(request, kept_of(verdict), slug=request.path_params["slug"])


async def _take(live: CampaignsLive, request: Request, actor: Actor, *, is_final: bool) -> Kept:
    body = body_of(await _sent(request, actor), PlaceBody)
    season = live.book.season(request.path_params["slug"])
    check_open_at_edge(FUNCTION, actor.organisation_id)
    check_pass(season.lobby, request, actor)
    take = Take(
        season.id,
        body.on,
        body.doses,
        actor,
        body.key,
        received(request),
        is_final,
        season.lobby,
    )
    kept = kept_of(await live.group.submit(take))
    if is_final or live.twin or kept.order.state != rules.OrderState.HELD:
        return kept
    ours_ms = int((time.monotonic() - kept.decided_s) * 1_000)
    if ours_ms < rules.GIVEN_BACK_MS_MIN:
        return kept
    late = GiveBack(kept.order.id, actor, ours_ms, take.received_s)
    return kept_of(await live.group.submit(late))


async def _sent(request: Request, actor: Actor) -> bytes | dict[str, str]:
    """Return the body of an unsafe request that is ours and allowed; a form brings its token."""
    check_may(actor, "campaigns.order")
    sent = await fields_of(request)
    if isinstance(sent, dict):
        token = sent.get("csrfmiddlewaretoken", "").encode("ascii", "replace")
        others = [pair for pair in request.scope["headers"] if pair[0] != b"x-csrftoken"]
        headers = [*others, (b"x-csrftoken", token)]
        guard(Request({**request.scope, "headers": headers}))
    else:
        guard(request)
    return sent


def received(request: Request) -> float:
    """Return when the request reached this process, in monotonic seconds."""
    return float(request.scope.get(RECEIVED, time.monotonic()))


def kept_of(verdict: Verdict) -> Kept:
    """Return the order of a verdict.

    :raises Refused: the verdict, if it says no.
    """
    if isinstance(verdict, Refused):
        raise verdict
    return verdict
