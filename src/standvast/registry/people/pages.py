"""Pages about one's own account that allauth does not have, and its sign-in page with ours."""

from typing import Any, ClassVar

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.database.api import database_now
from standvast.kit.wiring import wired
from standvast.registry.people.account_journal import note
from standvast.registry.people.adapters import address_of
from standvast.registry.people.api import Person
from standvast.registry.people.contributions import PERSONAS, RESET_HINDRANCE
from standvast.registry.people.doubts import doubts_about
from standvast.registry.people.operations import end_other_sessions, end_session
from standvast.registry.people.queries import sessions_of
from standvast.web.api import page, redirect_to

RETRY_S = 60


class LoginView(account.LoginView):  # type: ignore[misc]
    """GET, POST /accounts/login/ - in a demo with one button per persona."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = [one for ask in wired(PERSONAS) for one in ask()] if settings.DEMO else []
        context["personas"] = shown
        return context


login = LoginView.as_view()


class PasswordResetView(account.PasswordResetView):  # type: ignore[misc]
    """GET, POST /accounts/password/reset/ - says whom to call when it may not work."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = database_now()
        self.hindrance = next(
            (found for ask in wired(RESET_HINDRANCE) if (found := ask(now))), None
        )
        if self.hindrance is not None and self.hindrance.is_closed:
            context = {"hindrance": self.hindrance, "telephone": settings.TELEPHONE}
            return page(request, "people/reset_closed.html", context, status=503)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "hindrance": self.hindrance, "telephone": settings.TELEPHONE}


password_reset = PasswordResetView.as_view()


class InTheJournal:
    """Puts a change of somebody's second step in the journal, in the transaction that makes it."""

    event: ClassVar[str]

    def form_valid(self, form: Any) -> HttpResponse:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        with transaction.atomic(durable=True):
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            note(
                self.event,
                person=me(request),
                now=database_now(),
                action="U",
                address=address_of(request),
            )
        return answer


class ActivateTOTPView(InTheJournal, totp.ActivateTOTPView):  # type: ignore[misc]
    """GET, POST /accounts/2fa/totp/activate/"""

    event = "people.totp_activated"


class DeactivateTOTPView(InTheJournal, totp.DeactivateTOTPView):  # type: ignore[misc]
    """GET, POST /accounts/2fa/totp/deactivate/"""

    event = "people.totp_deactivated"


class AddPasskeyView(InTheJournal, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """GET, POST /accounts/2fa/webauthn/add/"""

    event = "people.passkey_added"


class RemovePasskeyView(InTheJournal, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """GET, POST /accounts/2fa/webauthn/keys/<id>/remove/"""

    event = "people.passkey_removed"


class NewRecoveryCodesView(InTheJournal, recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """GET, POST /accounts/2fa/recovery-codes/generate/"""

    event = "people.recovery_codes_made"


def me(request: HttpRequest) -> Person:
    """Return who is signed in, behind `login_required`."""
    assert isinstance(request.user, Person)
    return request.user


@require_GET
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """GET /accounts/sessions/ - where I am signed in."""
    found = sessions_of(me(request), this_key=request.session.session_key)
    return page(request, "people/sessions.html", {"sessions": found})


@require_POST
@login_required
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """POST /accounts/sessions/<id>/end/ - sign out there."""
    end_session(
        person_id=me(request).id,
        session_id=session_id,
        address=address_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("people_sessions"))


@require_POST
@login_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """POST /accounts/sessions/end/ - sign out everywhere but here."""
    end_other_sessions(
        person_id=me(request).id,
        kept_key=request.session.session_key,
        address=address_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("people_sessions"))


@require_GET
@login_required
def account_home(request: HttpRequest) -> HttpResponse:
    """GET /accounts/ - everything about my own account."""
    person = me(request)
    doubt = doubts_about([person.id]).get(person.id)
    return page(request, "people/account.html", {"person": person, "doubt": doubt})


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429: which limit, and when to try again. Named as handler429."""
    answer = page(request, "429.html", {"retry_s": RETRY_S}, status=429)
    answer.headers["Retry-After"] = str(RETRY_S)
    return answer
