"""Addresses under /insurance/."""

from django.urls import URLPattern, path

from standvast.care.insurance import pages

app_name = "insurance"

urlpatterns: list[URLPattern] = [
    path("insurance/", pages.to_look_at, name="to_look_at"),
    path("insurance/<uuid:patient_id>/check/", pages.check, name="check"),
    path("insurance/<uuid:patient_id>/now/", pages.now, name="now"),
]
