"""Where an app sends a person to be let in. Translate HTTP to one operation and back."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotAllowed, Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, check_may
from standvast.registry.grants.digests import new_secret
from standvast.registry.grants.forms import DecisionForm, PickForm
from standvast.registry.grants.operations.deciding import Decision, is_used, let_in, refuse
from standvast.registry.grants.operations.launching import open_launch
from standvast.registry.grants.places import fhir_server, issuer
from standvast.registry.grants.queries.apps import AppView, app_asking
from standvast.registry.grants.queries.given import is_agreed
from standvast.registry.grants.rules.addresses import with_answer
from standvast.registry.grants.rules.asking import (
    Asked,
    SentBack,
    asked_in,
    is_too_long_ago,
    state_in,
    who_asks,
)
from standvast.registry.grants.rules.scopes import granted, needs_patient
from standvast.registry.grants.said import asked_for
from standvast.registry.patients.api import check_patient, look_at, look_up
from standvast.registry.people.api import Person
from standvast.web.api import page, sentence, status_of


class HelpsByPhone(NotAllowed):
    """Whoever helps a practice by phone lets no app in there."""

    code = "grants.helps_by_phone"


class NotUsedHere(NotAllowed):
    """The organisation does not use the app."""

    code = "grants.not_used_here"


@dataclass(frozen=True, slots=True)
class Question:
    """An app's question with who answers it. `scopes` are what a yes would grant."""

    app: AppView
    asked: Asked
    actor: Actor
    scopes: tuple[str, ...]
    patient_id: uuid.UUID | None = None

    @property
    def lacks_patient(self) -> bool:
        """Whether the person has yet to say which patient it is about."""
        return self.patient_id is None and needs_patient(self.scopes)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def authorise(request: HttpRequest) -> HttpResponse:
    """GET, POST /oauth/authorize/ - an app asks, a person answers, and goes back to it."""
    query = dict(request.GET.lists())
    name, address = who_asks(query)
    app = app_asking(name, address)
    try:
        return _asked_person(request, app, asked_in(query, server=fhir_server()))
    except SentBack as error:
        return _back(request, app, address, state_in(query), error)


def _asked_person(request: HttpRequest, app: AppView, asked: Asked) -> HttpResponse:
    if not isinstance(request.user, Person):
        return _sign_in(request, asked)
    now = database_now()
    signed_in_at = _signed_in_at(request, now)
    if is_too_long_ago(asked, signed_in_at=signed_in_at, now=now):
        return _prove_again(request, asked)
    try:
        question = _question(actor_of(request), app, asked, now)
        if request.method == "POST":
            return _answered(request, question, signed_in_at)
        return _shown(request, question, signed_in_at)
    except SentBack:
        raise
    except Refused as refused:
        return _refused(request, app, asked, refused)


def _question(actor: Actor, app: AppView, asked: Asked, now: datetime) -> Question:
    if actor.helping_from is not None:
        raise HelpsByPhone(marked("While you help by phone you cannot let an app in."))
    if not is_used(app.id, actor.organisation_id):
        raise NotUsedHere(
            marked(
                "The organisation you work for now does not use {app}. If it should, ask the desk."
            ),
            app=app.title,
        )
    scopes = granted(asked.scopes, app.scopes)
    if not asked.launch:
        scopes = tuple(scope for scope in scopes if scope != "launch")
    elif "launch" not in scopes:
        raise SentBack("invalid_scope", "A launch needs the scope launch.")
    if not scopes:
        raise SentBack("invalid_scope", "Nothing of this was registered for the app.")
    if needs_patient(scopes):
        check_may(actor, "patients.see")
    patient_id = None
    if asked.launch:
        patient_id = open_launch(actor=actor, app_id=app.id, handle=asked.launch, now=now)
    return Question(app, asked, actor, scopes, patient_id)


def _shown(request: HttpRequest, question: Question, signed_in_at: datetime) -> HttpResponse:
    """Answer a GET: at once if the same was said yes to before, else by a page that asks."""
    is_silent = "none" in question.asked.prompts
    if question.lacks_patient:
        if is_silent:
            raise SentBack("interaction_required", "The person has to say which patient.")
        return _pick(request, question, PickForm())
    if _needs_no_answer(question):
        return _let_in(request, question, signed_in_at)
    if is_silent:
        raise SentBack("consent_required", "The person has to say yes first.")
    return _ask(request, question)


def _answered(request: HttpRequest, question: Question, signed_in_at: datetime) -> HttpResponse:
    """Answer a POST: a search, a choice of patient, or a yes or no."""
    form = DecisionForm(request.POST)
    decision = form.cleaned_data.get("decision") if form.is_valid() else ""
    if decision == "no":
        refuse(actor=question.actor, app_id=question.app.id, now=database_now())
        raise SentBack("access_denied", "The person said no.")
    if question.lacks_patient:
        chosen = form.cleaned_data.get("patient")
        if chosen is None:
            return _pick(request, question, PickForm(request.POST))
        check_patient(question.actor.organisation_id, chosen)
        question = replace(question, patient_id=chosen)
    if decision == "yes" or _needs_no_answer(question):
        return _let_in(request, question, signed_in_at)
    return _ask(request, question)


def _needs_no_answer(question: Question) -> bool:
    assert question.actor.person_id is not None
    return "consent" not in question.asked.prompts and is_agreed(
        app_id=question.app.id,
        person_id=question.actor.person_id,
        organisation_id=question.actor.organisation_id,
        scopes=question.scopes,
    )


def _let_in(request: HttpRequest, question: Question, signed_in_at: datetime) -> HttpResponse:
    asked, code = question.asked, new_secret()
    let_in(
        actor=question.actor,
        decision=Decision(
            app_id=question.app.id,
            scopes=question.scopes,
            patient_id=question.patient_id,
            launch=asked.launch,
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            nonce=asked.nonce,
            signed_in_at=signed_in_at,
        ),
        code=code,
        now=database_now(),
    )
    there = with_answer(asked.redirect_uri, code=code, state=asked.state, iss=issuer())
    return onward(request, question.app, there)


def _pick(request: HttpRequest, question: Question, form: PickForm) -> HttpResponse:
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = look_up(
                actor=question.actor, text=form.cleaned_data["text"], now=database_now()
            )
        except Invalid as refused:
            form.add_error("text", sentence(refused.template, refused.values))
    context = {"app": question.app, "form": form, "found": found}
    return page(request, "grants/pick.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, question: Question) -> HttpResponse:
    patient = None
    if question.patient_id is not None:
        patient = look_at(actor=question.actor, patient_id=question.patient_id, now=database_now())
    context = {"app": question.app, "lines": asked_for(question.scopes), "patient": patient}
    return page(request, "grants/ask.html", context)


def _refused(request: HttpRequest, app: AppView, asked: Asked, refused: Refused) -> HttpResponse:
    """Say no to the person; whether the app hears of it is theirs to decide."""
    if "none" in asked.prompts:
        raise SentBack("access_denied", "The person may not let the app in.") from refused
    back = with_answer(asked.redirect_uri, error="access_denied", state=asked.state, iss=issuer())
    said = sentence(refused.template, refused.values)
    context = {"app": app, "said": said, "back": back}
    return page(request, "grants/refused.html", context, status=status_of(refused))


def _back(
    request: HttpRequest, app: AppView, address: str, state: str, error: SentBack
) -> HttpResponse:
    there = with_answer(
        address,
        error=error.error,
        error_description=error.template,
        state=state,
        iss=issuer(),
    )
    return onward(request, app, there)


def onward(request: HttpRequest, app: AppView, there: str) -> HttpResponse:
    """Send a person to an app by a page of ours, which goes on by itself.

    A redirect would do, but browsers hold the whole way after a form to the form's own policy, and
    ours lets forms lead nowhere but here: ADR 0023.
    """
    return page(request, "grants/onward.html", {"app": app, "there": there})


def _sign_in(request: HttpRequest, asked: Asked) -> HttpResponse:
    if "none" in asked.prompts:
        raise SentBack("login_required", "Nobody is signed in.")
    return redirect_to_login(request.get_full_path())


def _prove_again(request: HttpRequest, asked: Asked) -> HttpResponse:
    if "none" in asked.prompts:
        raise SentBack("login_required", "The person signed in too long ago.")
    return redirect_to_login(request.get_full_path(), reverse("account_reauthenticate"))


def _signed_in_at(request: HttpRequest, now: datetime) -> datetime:
    """Return when the person last proved who they are in this session, as far as is known."""
    proofs = [float(one["at"]) for one in get_authentication_records(request)]
    if proofs:
        return datetime.fromtimestamp(max(proofs), tz=UTC)
    assert isinstance(request.user, Person)
    return request.user.last_login or now
