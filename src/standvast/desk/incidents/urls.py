"""Addresses under /desk/incidents/ and /help/report/."""

from django.urls import URLPattern, path

from standvast.desk.incidents.pages import calls, desk, doing, rota

app_name = "incidents"

urlpatterns: list[URLPattern] = [
    path("desk/incidents/", desk.all_incidents, name="all"),
    path("desk/incidents/-/now/", desk.all_now, name="all_now"),
    path("desk/incidents/-/organisations/", calls.organisations, name="organisations"),
    path("desk/incidents/-/duty/", rota.duty, name="duty"),
    path("desk/incidents/-/duty/<uuid:duty_id>/end/", rota.duty_end, name="duty_end"),
    path("desk/incidents/new-call/", calls.new_call, name="new_call"),
    path("desk/incidents/<str:number>/", desk.one, name="one"),
    path("desk/incidents/<str:number>/now/", desk.one_now, name="one_now"),
    path("desk/incidents/<str:number>/<str:name>/", doing.act, name="act"),
    path("help/report/", calls.report, name="report"),
    path("help/report/<str:number>/", calls.reported, name="reported"),
]
