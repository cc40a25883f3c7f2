"""Addresses under /staff/."""

from django.urls import URLPattern, path

from standvast.registry.staff import pages

app_name = "staff"

urlpatterns: list[URLPattern] = [
    path("staff/requests/", pages.requests, name="requests"),
    path("staff/requests/<uuid:request_id>/invite/", pages.invite, name="invite"),
    path("staff/requests/<uuid:request_id>/decline/", pages.decline, name="decline"),
    path("staff/requests/<uuid:request_id>/withdraw/", pages.withdraw, name="withdraw"),
    path("staff/<uuid:membership_id>/", pages.colleague, name="colleague"),
    path("staff/<uuid:membership_id>/absences/", pages.absence, name="absence"),
    path(
        "staff/<uuid:membership_id>/absences/<uuid:absence_id>/end/",
        pages.absence_end,
        name="absence_end",
    ),
]
