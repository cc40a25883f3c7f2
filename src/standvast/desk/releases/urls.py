"""Addresses under /desk/releases/."""

from django.urls import URLPattern, path

from standvast.desk.releases import pages

app_name = "releases"

urlpatterns: list[URLPattern] = [
    path("desk/releases/", pages.all_releases, name="all"),
    path("desk/releases/-/plan/", pages.plan, name="plan"),
    path("desk/releases/-/outside/", pages.add_outside, name="add_outside"),
    path("desk/releases/<str:version>/", pages.one, name="one"),
    path("desk/releases/<str:version>/approve/", pages.approve, name="approve"),
    path("desk/releases/<str:version>/<str:name>/", pages.act, name="act"),
]
