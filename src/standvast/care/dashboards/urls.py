"""Addresses under /dashboards/."""

from django.urls import URLPattern, path

from standvast.care.dashboards import pages

app_name = "dashboards"

urlpatterns: list[URLPattern] = [
    path("dashboards/", pages.board, name="board"),
    path("dashboards/now/", pages.board_now, name="now"),
    path("dashboards/file/", pages.file, name="file"),
    path("dashboards/again/", pages.again, name="again"),
]
