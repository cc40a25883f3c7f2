"""Who a login name and a password are: one look-up, one hash, for known and unknown alike."""

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from standvast.registry.people.models import Person
from standvast.registry.people.queries import person_by_login_name


class LoginNameBackend(AuthenticationBackend):  # type: ignore[misc]
    """Finds people by user name or e-mail address in one go.

    allauth's own tries e-mail, user name and e-mail again: up to three hashes for a known name
    against one for an unknown one, which tells the two apart by the time it takes.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: str) -> Person | None:
        name = credentials.get("email") or credentials.get("username") or ""
        person = person_by_login_name(name)
        found: Person | None = self._check_password(person, credentials.get("password", ""))
        return found
