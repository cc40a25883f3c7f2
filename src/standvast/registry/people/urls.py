"""Addresses under /accounts/: only what we offer. There is no sign-up and no second address."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path

from standvast.registry.people import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", pages.account_home, name="people_account"),
    path("accounts/login/", pages.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
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
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
