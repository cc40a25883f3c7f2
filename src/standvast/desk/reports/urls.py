"""Addresses under /desk/reports/."""

from django.urls import URLPattern, path

from standvast.desk.reports import pages

app_name = "reports"

urlpatterns: list[URLPattern] = [
    path("desk/reports/", pages.all_reports, name="all"),
    path("desk/reports/-/make/", pages.make, name="make"),
    path("desk/reports/-/action/", pages.new_action, name="new_action"),
    path("desk/reports/-/no-action/", pages.no_action, name="no_action"),
    path(
        "desk/reports/-/action/<uuid:action_id>/changed/",
        pages.action_changed,
        name="action_changed",
    ),
    path("desk/reports/-/action/<uuid:action_id>/close/", pages.action_close, name="action_close"),
    path("desk/reports/<uuid:report_id>/", pages.one, name="one"),
    path("desk/reports/<uuid:report_id>/save/", pages.save, name="save"),
    path("desk/reports/<uuid:report_id>/again/", pages.again, name="again"),
    path("desk/reports/<uuid:report_id>/approve/", pages.approve, name="approve"),
    path("desk/reports/<uuid:report_id>/report.<str:kind>", pages.file, name="file"),
]
