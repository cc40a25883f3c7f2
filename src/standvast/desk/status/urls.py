"""Addresses of the desk's own pages, and of the notices people get."""

from django.urls import include, path

from standvast.desk.status import pages

desk = [
    path("", pages.home, name="home"),
    path("components/<slug:slug>/", pages.component, name="component"),
    path("closures/", pages.closures, name="closures"),
    path("closures/<uuid:closure_id>/reopen/", pages.reopen, name="reopen"),
    path("notices/", pages.notices, name="notices"),
    path("notices/<uuid:notice_id>/end/", pages.end, name="end_notice"),
]
people = [
    path("", pages.strip, name="strip"),
    path("<uuid:notice_id>/", pages.notice, name="notice"),
    path("<uuid:notice_id>/put-away/", pages.put_notice_away, name="put_away"),
]
urlpatterns = [
    path("desk/", include((desk, "desk"))),
    path("notices/", include((people, "notices"))),
]
