"""Which devices a person has signed in on before, told by a signed cookie.

Wrong passwords are counted per login name and device: a device that knows the person has a counter
of its own, all strangers to the name share one. So nobody can lock a person out from elsewhere, and
nobody's mistyping touches a colleague behind the same address.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from standvast.registry.people.models import Person
from standvast.registry.people.rules import as_login_name

COOKIE = "standvast_device"
SALT = "standvast.registry.people.devices"
YEAR_S = 365 * 24 * 3600
NAMES_MAX = 40


@dataclass(frozen=True)
class Device:
    """A browser, and marks of the login names that have signed in on it."""

    token: str
    marks: tuple[str, ...] = ()


def mark_of(login_name: str) -> str:
    """Return what stands for a login name in the cookie; tells nothing about it."""
    return salted_hmac(SALT, as_login_name(login_name)).hexdigest()[:16]


def device_of_request(request: HttpRequest) -> Device | None:
    """Return the device that a request comes from, if it is one we know."""
    try:
        held = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR_S)
    except signing.BadSignature:
        return None
    match held:
        case {"device": str(token), "marks": list(marks)}:
            return Device(token, tuple(str(mark) for mark in marks))
        case _:
            return None


def counter_of(request: HttpRequest, login_name: str) -> str:
    """Return the name of the counter of wrong passwords for this login name on this device."""
    device = device_of_request(request)
    mark = mark_of(login_name)
    knows = device is not None and mark in device.marks
    return f"{mark}:{device.token if device and knows else 'elsewhere'}"


def remember(request: HttpRequest, answer: HttpResponse, person: Person) -> None:
    """Let this device know the person, for a year."""
    device = device_of_request(request) or Device(secrets.token_hex(8))
    names = [name for name in (person.username, person.email) if name]
    mine = list(dict.fromkeys(mark_of(name) for name in names))
    others = [mark for mark in device.marks if mark not in mine]
    marks = (mine + others)[:NAMES_MAX]
    answer.set_cookie(
        COOKIE,
        signing.dumps({"device": device.token, "marks": marks}, salt=SALT),
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
