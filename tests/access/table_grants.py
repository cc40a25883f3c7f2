"""Apps of others: pages for people, and pages where an app proves itself in the request."""

from collections.abc import Mapping
from datetime import UTC, datetime

from standvast.registry.access.testing import AtWork, Expect, Who
from standvast.registry.grants.testing import an_app

BOTH, POST = ("GET", "POST"), ("POST",)
SEE, ACT = "desk.apps.see", "desk.apps.act"
NOT_SAID = ("refused",)


def app_of(own: AtWork) -> Mapping[str, object]:
    """Return an app; the desk registers them for everybody."""
    return {"app_id": an_app(own.actor, now=datetime.now(UTC)).app_id}


TABLE: dict[str, Expect] = {
    ".well-known/openid-configuration": Expect(Who.EVERYBODY),
    "fhir/.well-known/smart-configuration": Expect(Who.EVERYBODY),
    "oauth/keys/": Expect(Who.EVERYBODY),
    "oauth/authorize/": Expect(Who.EVERYBODY, BOTH),
    "oauth/token/": Expect(Who.APPS, POST),
    "oauth/userinfo/": Expect(Who.APPS, BOTH),
    "oauth/introspect/": Expect(Who.APPS, POST),
    "oauth/revoke/": Expect(Who.APPS, POST),
    "grants/": Expect(Who.SIGNED_IN),
    "grants/launch/": Expect("patients.see", POST),
    "grants/end/": Expect(Who.SIGNED_IN, POST),
    "desk/apps/": Expect(SEE),
    "desk/apps/new/": Expect(ACT, BOTH),
    "desk/apps/<uuid:app_id>/": Expect(SEE, ids=app_of, is_shared=True),
    "desk/apps/<uuid:app_id>/change/": Expect(ACT, BOTH, ids=app_of, is_shared=True),
    "desk/apps/<uuid:app_id>/secret/": Expect(
        ACT, POST, ids=app_of, is_shared=True, also=("not there",)
    ),
    "desk/apps/<uuid:app_id>/close/": Expect(ACT, POST, ids=app_of, is_shared=True),
    "desk/apps/<uuid:app_id>/open/": Expect(ACT, POST, ids=app_of, is_shared=True),
    "desk/apps/<uuid:app_id>/organisations/": Expect(ACT, BOTH, ids=app_of, is_shared=True),
    "desk/apps/<uuid:app_id>/organisations/begin/": Expect(ACT, POST, ids=app_of, is_shared=True),
    "desk/apps/<uuid:app_id>/organisations/end/": Expect(ACT, POST, ids=app_of, is_shared=True),
}
