"""Addresses under /accounts/: only what we offer. There is no sign-up and no second address."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path

from standvast.registry.people import pages

STEP = "accounts/2fa/"

urlpatterns: list[URLPattern] = [
    path("accounts/", pages.account_home, name="people_account"),
    path("accounts/login/", pages.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/password/reset/", pages.password_reset, name="account_reset_password"),
    path(
        "accounts/password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9a-f]{32})-(?P<key>[0-9a-zA-Z-]{1,80})/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/sessions/", pages.sessions, name="people_sessions"),
    path("accounts/sessions/end/", pages.sessions_end, name="people_sessions_end"),
    path("accounts/sessions/<int:session_id>/end/", pages.session_end, name="people_session_end"),
    # These say so in the journal; the others are allauth's as they are.
    path(f"{STEP}totp/activate/", pages.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path(f"{STEP}totp/deactivate/", pages.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path(f"{STEP}webauthn/add/", pages.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path(
        f"{STEP}webauthn/keys/<int:pk>/remove/",
        pages.RemovePasskeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        f"{STEP}recovery-codes/generate/",
        pages.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(STEP, second_step.index, name="mfa_index"),
    path(f"{STEP}authenticate/", second_step.authenticate, name="mfa_authenticate"),
    path(f"{STEP}reauthenticate/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path(f"{STEP}recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        f"{STEP}recovery-codes/download/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(f"{STEP}webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path(f"{STEP}webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        f"{STEP}webauthn/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path(f"{STEP}webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]
