"""Addresses under /access/."""

from django.urls import URLPattern, path

from standvast.registry.access import pages

app_name = "access"

urlpatterns: list[URLPattern] = [
    path("access/switch/", pages.switch, name="switch"),
    path("access/staff/", pages.staff, name="staff"),
    path("access/staff/invite/", pages.invite, name="invite"),
    path(
        "access/staff/invitations/<uuid:invitation_id>/withdraw/",
        pages.withdraw,
        name="withdraw",
    ),
    path("access/staff/<uuid:membership_id>/end/", pages.end, name="end"),
    path("access/join/<str:token>/", pages.join, name="join"),
    path("access/persona/", pages.persona, name="persona"),
    path("access/help/", pages.help_search, name="help"),
    path("access/help/start/", pages.help_start, name="help_start"),
    path("access/help/stop/", pages.help_stop, name="help_stop"),
]
