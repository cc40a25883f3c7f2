"""What other modules may import from people."""

from standvast.registry.people.contributions import (
    PERSONAS,
    WORKPLACE,
    PersonaView,
    language_chosen,
)
from standvast.registry.people.mails import account_mail
from standvast.registry.people.models import Person
from standvast.registry.people.operations import (
    LoginNameTaken,
    SessionNotFound,
    keep_language,
    register_person,
)
from standvast.registry.people.queries import (
    person_by_id,
    person_by_login_name,
    person_exists,
    person_names,
)
from standvast.registry.people.rules import UsernameNotRight, as_login_name, check_username

__all__ = [
    "PERSONAS",
    "WORKPLACE",
    "LoginNameTaken",
    "Person",
    "PersonaView",
    "SessionNotFound",
    "UsernameNotRight",
    "account_mail",
    "as_login_name",
    "check_username",
    "keep_language",
    "language_chosen",
    "person_by_id",
    "person_by_login_name",
    "person_exists",
    "person_names",
    "register_person",
]
