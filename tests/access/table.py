"""Who may do what, for routes whose module does not say it itself (`access_expectations`)."""

from collections.abc import Mapping

from standvast.registry.access.models import Membership
from standvast.registry.access.testing import AtWork, Expect, Who

POST = ("POST",)
BOTH = ("GET", "POST")
AGAIN = ("refused",)
"""The people of the matrix have no password and no key to show again."""
SENT_ON = ("sent to sign in",)

SEASON = {"slug": "no-such-season"}

TABLE: dict[str, Expect] = {
    # --- web ---------------------------------------------------------------------------------
    "": Expect(Who.SIGNED_IN),
    "web/language/": Expect(Who.EVERYBODY, POST),
    "web/screen/": Expect(Who.EVERYBODY, POST),
    "web/gallery/": Expect(Who.EVERYBODY),
    "web/gallery/refuse/": Expect(Who.EVERYBODY, POST),
    # --- lobby -------------------------------------------------------------------------------
    "lobby/<slug:slug>/proof": Expect(
        Who.EVERYBODY, ids=lambda _: SEASON, is_shared=True, absent=True
    ),
    # --- people ------------------------------------------------------------------------------
    "accounts/": Expect(Who.SIGNED_IN),
    "accounts/login/": Expect(Who.STRANGERS, BOTH),
    "accounts/logout/": Expect(Who.EVERYBODY, BOTH, also=SENT_ON),
    "accounts/inactive/": Expect(Who.EVERYBODY),
    "accounts/reauthenticate/": Expect(Who.SIGNED_IN, BOTH, also=AGAIN),
    "accounts/password/change/": Expect(Who.SIGNED_IN, BOTH),
    "accounts/password/set/": Expect(Who.SIGNED_IN, BOTH),
    "accounts/password/reset/": Expect(Who.EVERYBODY, BOTH),
    "accounts/password/reset/done/": Expect(Who.EVERYBODY),
    "accounts/password/reset/key/<uidb36>-<key>/": Expect(
        Who.EVERYBODY, ids=lambda _: {"uidb36": "0" * 32, "key": "x-y"}, is_shared=True
    ),
    "accounts/password/reset/key/done/": Expect(Who.EVERYBODY),
    "accounts/sessions/": Expect(Who.SIGNED_IN),
    "accounts/sessions/end/": Expect(Who.SIGNED_IN, POST),
    "accounts/sessions/<int:session_id>/end/": Expect(
        Who.SIGNED_IN, POST, ids=lambda own: {"session_id": session_of(own)}
    ),
    "accounts/2fa/": Expect(Who.SIGNED_IN),
    "accounts/2fa/authenticate/": Expect(Who.STRANGERS, BOTH, also=SENT_ON),
    "accounts/2fa/reauthenticate/": Expect(Who.SIGNED_IN, BOTH, also=AGAIN),
    "accounts/2fa/totp/activate/": Expect(Who.SIGNED_IN, BOTH),
    "accounts/2fa/totp/deactivate/": Expect(Who.SIGNED_IN, BOTH, absent=True),
    "accounts/2fa/recovery-codes/": Expect(Who.SIGNED_IN, absent=True),
    "accounts/2fa/recovery-codes/generate/": Expect(Who.SIGNED_IN, BOTH),
    "accounts/2fa/recovery-codes/download/": Expect(Who.SIGNED_IN, absent=True),
    "accounts/2fa/webauthn/": Expect(Who.SIGNED_IN),
    "accounts/2fa/webauthn/login/": Expect(Who.STRANGERS, BOTH, also=SENT_ON),
    "accounts/2fa/webauthn/add/": Expect(Who.SIGNED_IN, BOTH),
    "accounts/2fa/webauthn/reauthenticate/": Expect(Who.SIGNED_IN, BOTH, also=AGAIN),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": Expect(
        Who.SIGNED_IN, BOTH, ids=lambda own: {"pk": key_of(own)}
    ),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": Expect(
        Who.SIGNED_IN, BOTH, ids=lambda own: {"pk": key_of(own)}
    ),
    # --- access ------------------------------------------------------------------------------
    "access/switch/": Expect(
        Who.SIGNED_IN, POST, data=lambda own: {"organisation": str(own.organisation.id)}
    ),
    "access/staff/": Expect(Who.SIGNED_IN),
    "access/staff/invite/": Expect("access.staff", POST),
    "access/staff/invitations/<uuid:invitation_id>/withdraw/": Expect(
        "access.staff", POST, ids=lambda own: {"invitation_id": invitation_of(own)}
    ),
    "access/staff/<uuid:membership_id>/end/": Expect(
        "access.staff", POST, ids=lambda own: {"membership_id": membership_of(own)}
    ),
    "access/join/<str:token>/": Expect(
        Who.TOKEN, BOTH, ids=lambda _: {"token": "x" * 43}, is_shared=True
    ),
    "access/persona/": Expect(Who.EVERYBODY, POST, absent=True),
    "access/help/": Expect("access.help", BOTH),
    "access/help/start/": Expect(
        "access.help", POST, data=lambda own: {"organisation": str(practice_of(own))}
    ),
    "access/help/stop/": Expect(Who.SIGNED_IN, BOTH),
    "access/rules/": Expect(Who.SIGNED_IN),
    "access/rules/grant/": Expect("access.staff", POST, also=("not there",)),
    "access/rules/requests/<uuid:request_id>/": Expect(
        "access.staff",
        POST,
        ids=lambda own: {"request_id": request_of(own)},
        data=lambda _: {"answer": "no"},
    ),
    "access/rules/glass/<uuid:glass_id>/review/": Expect(
        "access.staff",
        POST,
        ids=lambda own: {"glass_id": glass_of(own)},
        data=lambda _: {"answer": "yes"},
    ),
    "access/ask/": Expect(Who.SIGNED_IN, POST, data=lambda _: {"right": "access.staff"}),
    "access/glass/<str:right>/": Expect(
        Who.SIGNED_IN, BOTH, ids=lambda _: {"right": "patients.see"}, is_shared=True, also=AGAIN
    ),
}


def session_of(own: AtWork) -> int:
    """Return a session of this person."""
    from allauth.usersessions.models import UserSession

    from standvast.registry.access.testing import prepare_session

    key = prepare_session(own.person.id, own.organisation.id)
    return UserSession.objects.create(
        user=own.person, session_key=key, ip="127.0.0.1", user_agent=""
    ).pk


def key_of(own: AtWork) -> int:
    """Return a passkey of this person; its content is never looked at here."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.create(
        user=own.person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "sleutel", "credential": {}},
    ).pk


def invitation_of(own: AtWork) -> object:
    """Return an open invitation of this organisation."""
    from datetime import UTC, datetime, timedelta

    from standvast.registry.access.models import Invitation

    now = datetime.now(tz=UTC)
    return Invitation.objects.create(
        organisation=own.organisation,
        email="iemand@x.example",
        role=own.role.value,
        language="nl",
        token_digest=f"{own.person.id.hex}{own.organisation.id.hex}"[:64],
        invited_by=own.person,
        invited_at=now,
        expires_at=now + timedelta(days=1),
    ).id


def membership_of(own: AtWork) -> object:
    """Return a colleague's membership in this organisation."""
    from standvast.registry.access.testing import a_colleague

    colleague = a_colleague(own.role, own.organisation)
    return Membership.objects.get(person=colleague.person).id


def request_of(own: AtWork) -> object:
    """Return what a colleague in this organisation asks for."""
    from datetime import UTC, datetime

    from standvast.registry.access.models import AccessRequest
    from standvast.registry.access.testing import a_colleague

    colleague = a_colleague(own.role, own.organisation)
    return AccessRequest.objects.create(
        person=colleague.person,
        organisation=own.organisation,
        right="access.staff",
        asked_at=datetime.now(tz=UTC),
    ).id


def glass_of(own: AtWork) -> object:
    """Return a glass that a colleague in this organisation broke."""
    from datetime import UTC, datetime, timedelta

    from standvast.registry.access.models import PersonalRule
    from standvast.registry.access.testing import a_colleague

    colleague, now = a_colleague(own.role, own.organisation), datetime.now(tz=UTC)
    return PersonalRule.objects.create(
        person=colleague.person,
        organisation=own.organisation,
        holding="glass",
        name="patients.see",
        why="spoed",
        from_at=now,
        until_at=now + timedelta(hours=1),
    ).id


def practice_of(_own: AtWork) -> object:
    """Return a practice that can be helped."""
    from standvast.registry.organisations.testing import an_organisation

    return an_organisation().id


PASS = ("refused", "sent to sign in")
"""Who holds a pass of the lobby; without one there is nothing to see."""
ORDER = {**SEASON, "order_id": "0190a5f0-0000-7000-8000-000000000000"}

LIVE_TABLE: Mapping[str, Expect] = {
    "healthz": Expect(Who.EVERYBODY),
    "readyz": Expect(Who.EVERYBODY),
    "health": Expect(Who.EVERYBODY),
    "metrics": Expect(Who.EVERYBODY),
    "heartbeat/{secret:str}": Expect(Who.TOKEN, BOTH, ids=lambda _: {"secret": "x"}),
    "lobby/{slug}/status": Expect(Who.TOKEN, ids=lambda _: SEASON, also=PASS),
    "lobby/{slug}/stream": Expect(Who.TOKEN, ids=lambda _: SEASON, also=PASS),
    "lobby/{slug}/join": Expect("campaigns.order", POST, ids=lambda _: SEASON, also=("not there",)),
    "lobby/{slug}/leave": Expect(
        "campaigns.order", POST, ids=lambda _: SEASON, also=("not there",)
    ),
    "lobby/{slug}/proof.json": Expect(Who.EVERYBODY, ids=lambda _: SEASON, also=("not there",)),
    "campaigns/{slug}/calendar.json": Expect(
        "campaigns.see", ids=lambda _: SEASON, also=("not there",)
    ),
    "campaigns/{slug}/calendar/stream": Expect(
        "campaigns.see", ids=lambda _: SEASON, also=("not there",)
    ),
    "campaigns/{slug}/hold": Expect("campaigns.order", POST, ids=lambda _: SEASON),
    "campaigns/{slug}/place": Expect("campaigns.order", POST, ids=lambda _: SEASON),
    "campaigns/{slug}/orders/{order_id:uuid}/confirm": Expect(
        "campaigns.order", POST, ids=lambda _: ORDER
    ),
    "campaigns/{slug}/orders/{order_id:uuid}/release": Expect(
        "campaigns.order", POST, ids=lambda _: ORDER
    ),
    "status": Expect(Who.EVERYBODY),
    "status/": Expect(Who.EVERYBODY),
    "status/{name:str}": Expect(Who.EVERYBODY, ids=lambda _: {"name": "x"}, also=("not there",)),
    "status/notices/stream": Expect(Who.EVERYBODY, also=("let in", "not there")),
    "api/v2/{path:path}": Expect(Who.EVERYBODY, ids=lambda _: {"path": "x"}, also=("not there",)),
}
"""The edge's routes. Whose order it is, is tried in care/campaigns: there the group runs."""
