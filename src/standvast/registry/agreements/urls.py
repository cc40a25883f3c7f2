"""Addresses under /agreements/."""

from django.urls import URLPattern, path

from standvast.registry.agreements import pages

app_name = "agreements"

urlpatterns: list[URLPattern] = [
    path("agreements/", pages.everything, name="all"),
    path("agreements/publish/", pages.publish, name="publish"),
    path("agreements/<uuid:version_id>/", pages.one, name="one"),
    path("agreements/<uuid:version_id>/download/", pages.document, name="document"),
    path("agreements/<uuid:version_id>/sign/", pages.sign, name="sign"),
]
