"""Addresses of the page kit: first page, language, screen; in a demo the gallery of parts."""

from django.conf import settings
from django.urls import URLPattern, path

from standvast.web import pages

app_name = "web"

urlpatterns: list[URLPattern] = [
    path("", pages.first, name="first"),
    path("web/language/", pages.language, name="language"),
    path("web/screen/", pages.screen, name="screen"),
]
if settings.DEMO:
    from standvast.web import gallery

    urlpatterns += [
        path("web/gallery/", gallery.gallery, name="gallery"),
        path("web/gallery/refuse/", gallery.refuse, name="gallery_refuse"),
    ]
