"""What other modules may import from people."""

from standvast.registry.people.models import Person
from standvast.registry.people.rules import UsernameNotRight, as_login_name, check_username
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal, register, undeclared

__all__ = [
    "Kind",
    "Person",
    "Scrub",
    "UsernameNotRight",
    "as_login_name",
    "check_username",
    "impersonal",
    "personal",
    "register",
    "undeclared",
]
