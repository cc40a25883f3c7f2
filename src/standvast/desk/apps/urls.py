"""Addresses under /desk/apps/."""

from django.urls import URLPattern, path

from standvast.desk.apps import pages

app_name = "apps"
ONE = "desk/apps/<uuid:app_id>/"

urlpatterns: list[URLPattern] = [
    path("desk/apps/", pages.all_apps, name="all"),
    path("desk/apps/new/", pages.new, name="new"),
    path(ONE, pages.one, name="one"),
    path(f"{ONE}change/", pages.change, name="change"),
    path(f"{ONE}secret/", pages.secret, name="secret"),
    path(f"{ONE}close/", pages.close, name="close"),
    path(f"{ONE}open/", pages.open_again, name="open"),
    path(f"{ONE}organisations/", pages.organisations, name="organisations"),
    path(f"{ONE}organisations/begin/", pages.begin, name="begin"),
    path(f"{ONE}organisations/end/", pages.end, name="end"),
]
