"""Addresses under /launch/."""

from django.urls import URLPattern, path

from standvast.care.launches import pages

app_name = "launches"

urlpatterns: list[URLPattern] = [
    path("launch/", pages.arrive, name="arrive"),
    path("launch/connect/", pages.connect_page, name="connect"),
]
