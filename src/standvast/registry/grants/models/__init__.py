"""Tables of grants: the apps, what people gave them, and the keys we sign with."""

from standvast.registry.grants.models.apps import App, AppUse, Assertion
from standvast.registry.grants.models.grants import Consent, Grant, Launch, Tally, Token
from standvast.registry.grants.models.keys import SigningKey

__all__ = [
    "App",
    "AppUse",
    "Assertion",
    "Consent",
    "Grant",
    "Launch",
    "SigningKey",
    "Tally",
    "Token",
]
