"""What other modules may import from people."""

from standvast.registry.people.contributions import (
    PERSONAS,
    RESET_HINDRANCE,
    WORKPLACE,
    Hindrance,
    PersonaView,
    language_chosen,
)
from standvast.registry.people.declared import (
    SWEEPS_OF_PEOPLE,
    edges_of_people,
    parts_of_people,
)
from standvast.registry.people.destinations.addresses import ADDRESSES_LANE
from standvast.registry.people.doubts import DoubtView, doubts_about
from standvast.registry.people.mails import account_mail
from standvast.registry.people.models import Person
from standvast.registry.people.operations import (
    LoginNameTaken,
    SessionNotFound,
    end_every_session,
    keep_language,
    register_person,
)
from standvast.registry.people.probes import probes_of_people
from standvast.registry.people.queries import (
    person_by_id,
    person_by_login_name,
    person_exists,
    person_names,
)
from standvast.registry.people.rules import UsernameNotRight, as_login_name, check_username

__all__ = [
    "ADDRESSES_LANE",
    "PERSONAS",
    "RESET_HINDRANCE",
    "SWEEPS_OF_PEOPLE",
    "WORKPLACE",
    "DoubtView",
    "Hindrance",
    "LoginNameTaken",
    "Person",
    "PersonaView",
    "SessionNotFound",
    "UsernameNotRight",
    "account_mail",
    "as_login_name",
    "check_username",
    "doubts_about",
    "edges_of_people",
    "end_every_session",
    "keep_language",
    "language_chosen",
    "parts_of_people",
    "person_by_id",
    "person_by_login_name",
    "person_exists",
    "person_names",
    "probes_of_people",
    "register_person",
]
