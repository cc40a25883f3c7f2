"""Addresses under /tidings/."""

from django.urls import URLPattern, path

from standvast.registry.tidings import pages

app_name = "tidings"

urlpatterns: list[URLPattern] = [
    path("tidings/", pages.everything, name="all"),
    path("tidings/read/", pages.read_all, name="read_all"),
    path("tidings/<uuid:tiding_id>/", pages.follow, name="follow"),
]
