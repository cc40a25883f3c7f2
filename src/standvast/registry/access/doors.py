"""Signing somebody in who has just proved who they are, through the same door as everybody."""

import uuid

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from standvast.registry.people.api import person_by_id


def enter(request: HttpRequest, person_id: uuid.UUID, *, then: str = "") -> HttpResponse:
    """Sign the person in, by way of their second step if they have one, and send them `then`."""
    answer = perform_login(request, Login(user=person_by_id(person_id), redirect_url=then or None))
    assert isinstance(answer, HttpResponse)
    return answer


def leave(request: HttpRequest) -> None:
    """Sign out whoever is signed in."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
