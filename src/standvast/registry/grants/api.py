"""What other modules may import from grants."""

from standvast.registry.grants.cards import STARTED_ELSEWHERE, card_for
from standvast.registry.grants.declared import PARTS, SWEEPS_OF_GRANTS
from standvast.registry.grants.digests import new_client_id, new_secret
from standvast.registry.grants.holding import Bearer, bearer_of
from standvast.registry.grants.operations.lapsing import forget_leaver
from standvast.registry.grants.operations.launching import launch_of, sign_in_of
from standvast.registry.grants.operations.registering import (
    AppData,
    AppNotFound,
    begin_use,
    change_app,
    end_use,
    register_app,
    renew_secret,
    set_open,
)
from standvast.registry.grants.operations.walking import let_walk
from standvast.registry.grants.places import place
from standvast.registry.grants.probes import PROBES_OF_GRANTS
from standvast.registry.grants.queries.apps import (
    AppRow,
    AppView,
    UseRow,
    app_named,
    app_rows,
    app_view,
    apps_used_by,
    keys_text,
    organisations_with_apps,
    uses_of,
)
from standvast.registry.grants.reading import granted_by
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.grants.rules.scopes import covers
from standvast.registry.grants.said import asked_for

__all__ = [
    "PARTS",
    "PROBES_OF_GRANTS",
    "STARTED_ELSEWHERE",
    "SWEEPS_OF_GRANTS",
    "AppData",
    "AppNotFound",
    "AppRow",
    "AppView",
    "Bearer",
    "Proof",
    "UseRow",
    "app_named",
    "app_rows",
    "app_view",
    "apps_used_by",
    "asked_for",
    "bearer_of",
    "begin_use",
    "card_for",
    "change_app",
    "covers",
    "end_use",
    "forget_leaver",
    "granted_by",
    "keys_text",
    "launch_of",
    "let_walk",
    "new_client_id",
    "new_secret",
    "organisations_with_apps",
    "place",
    "register_app",
    "renew_secret",
    "set_open",
    "sign_in_of",
    "uses_of",
]
