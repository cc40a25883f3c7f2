"""Addresses under /access/."""

from django.urls import URLPattern, path

from standvast.registry.access import pages
from standvast.registry.access.ruling.pages import desk, practice

app_name = "access"

urlpatterns: list[URLPattern] = [
    path("access/switch/", pages.switch, name="switch"),
    path("access/staff/", pages.staff, name="staff"),
    path("access/staff/invite/", pages.invite, name="invite"),
    path(
        "access/staff/invitations/<uuid:invitation_id>/withdraw/",
        pages.withdraw,
        name="withdraw",
    ),
    path("access/staff/<uuid:membership_id>/end/", pages.end, name="end"),
    path("access/join/<str:token>/", pages.join, name="join"),
    path("access/persona/", pages.persona, name="persona"),
    path("access/rules/", practice.rules, name="rules"),
    path("access/rules/grant/", practice.grant, name="grant"),
    path("access/rules/requests/<uuid:request_id>/", practice.answer, name="answer"),
    path("access/rules/glass/<uuid:glass_id>/review/", practice.review, name="review_glass"),
    path("access/ask/", practice.ask, name="ask"),
    path("access/glass/<str:right>/", practice.break_glass, name="glass"),
    path("desk/access/", desk.home, name="rules_desk"),
    path("desk/access/-/propose/", desk.propose, name="propose"),
    path(
        "desk/access/-/exceptions/<uuid:exception_id>/end/",
        desk.end_exception,
        name="end_exception",
    ),
    path("desk/access/-/requests/<uuid:request_id>/", desk.except_request, name="except_request"),
    path("desk/access/<int:number>/", desk.version, name="rules_version"),
    path("desk/access/<int:number>/approve/", desk.approve, name="rules_approve"),
    path("desk/access/<int:number>/except/", desk.except_one, name="rules_except"),
    path("desk/access/<int:number>/except-all/", desk.except_all, name="rules_except_all"),
    path("desk/access/<int:number>/<str:name>/", desk.act, name="rules_act"),
    path("access/help/", pages.help_search, name="help"),
    path("access/help/start/", pages.help_start, name="help_start"),
    path("access/help/stop/", pages.help_stop, name="help_stop"),
]
