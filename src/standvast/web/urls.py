"""Addresses of the page kit: language, screen, and in a demo the gallery of components."""

from django.conf import settings
from django.urls import URLPattern, path

from standvast.web import pages

app_name = "web"

urlpatterns: list[URLPattern] = [
    path("web/language/", pages.language, name="language"),
    path("web/screen/", pages.screen, name="screen"),
]
if settings.DEMO:
    from standvast.web import gallery

    urlpatterns.append(path("web/gallery/", gallery.gallery, name="gallery"))
