"""What must be so before this starts: assertions are on, the demo's people stay in the demo."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from standvast.registry.people import account_settings
from standvast.registry.people.models import Person
from standvast.registry.people.rules import RESET_MINUTES


@register(Tags.security)
def assertions_are_on(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """Refuse `python -O`: assertions are part of the design."""
    if __debug__:
        return []
    return [
        Error(
            "Assertions are off.",
            hint="Start without -O, -OO and PYTHONOPTIMIZE.",
            id="people.E001",
        )
    ]


@register(Tags.security)
def a_demo_is_not_a_production_site(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """Refuse one-click sign-in on a site that tells browsers to insist on HTTPS."""
    if not (settings.DEMO and settings.HSTS):
        return []
    return [
        Error(
            "STANDVAST_DEMO lets everybody sign in with one click; STANDVAST_HSTS says this is a "
            "real site.",
            hint="Turn off one of the two.",
            id="people.E002",
        )
    ]


@register(Tags.security)
def twins_are_for_drills(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """Refuse the original, faulty design of a report outside drills."""
    if settings.DRILL or not settings.TWIN:
        return []
    return [
        Error(
            "STANDVAST_TWIN runs the original, faulty design and is for drills only.",
            hint="Unset STANDVAST_TWIN, or set STANDVAST_DRILL=1 in a drill's installation.",
            id="people.E006",
        )
    ]


@register(Tags.security)
def reset_links_live_as_long_as_we_say(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """Refuse a reset link whose life differs from what the mail says."""
    if settings.PASSWORD_RESET_TIMEOUT == RESET_MINUTES * 60:
        return []
    return [
        Error(
            f"The mail says that the link lives {RESET_MINUTES} minutes.",
            hint="Set PASSWORD_RESET_TIMEOUT to the same.",
            id="people.E003",
        )
    ]


@register(Tags.security)
def sign_in_is_set_as_we_wrote_it(
    app_configs: Any,
    **_: Any,
) -> Sequence[CheckMessage]:
    """Refuse allauth's own settings: its reset knows no user names, its throttles lock offices."""
    names = [name for name in dir(account_settings) if name.isupper() and name[0] != "_"]
    wrong = [
        name for name in names if getattr(settings, name, None) != getattr(account_settings, name)
    ]
    if not wrong:
        return []
    return [
        Error(
            f"Not as registry/people/account_settings.py has them: {', '.join(sorted(wrong))}.",
            hint="In project/settings.py: from standvast.registry.people.account_settings import *",
            id="people.E005",
        )
    ]


@register(Tags.database)
def personas_stay_in_the_demo(
    app_configs: Any, databases: Sequence[str] | None = None, **_: Any
) -> Sequence[CheckMessage]:
    """Refuse a database with the demo's people, whose password everybody knows, outside a demo."""
    if settings.DEMO or not databases:
        return []
    try:
        has_personas = Person.objects.filter(is_persona=True, is_active=True).exists()
    except DatabaseError:
        return []  # not migrated yet
    if not has_personas:
        return []
    return [
        Error(
            "This database holds the demo's people; their password is public.",
            hint="Use another database, or set STANDVAST_DEMO=1 on this machine only.",
            id="people.E004",
        )
    ]
