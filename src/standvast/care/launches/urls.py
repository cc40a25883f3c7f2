"""Addresses under /launch/ and /desk/launches/."""

from django.urls import URLPattern, path

from standvast.care.launches.pages import arriving, desk, going

app_name = "launches"
OUT = "launch/out/"
DESK = "desk/launches/"
ONE = f"{DESK}<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("launch/", arriving.arrive, name="arrive"),
    path("launch/connect/", arriving.connect_page, name="connect"),
    path(OUT, going.all_targets, name="all"),
    path(f"{OUT}<slug:slug>/", going.one_target, name="one"),
    path(
        f"{OUT}<slug:slug>/<uuid:patient_id>/", going.one_target_with_patient, name="with_patient"
    ),
    path(DESK, desk.all_targets, name="desk"),
    path(f"{DESK}-/add/", desk.add, name="desk_add"),
    path(ONE, desk.one_target, name="desk_one"),
    path(f"{ONE}change/", desk.change, name="desk_change"),
    path(f"{ONE}back/", desk.take_back, name="desk_back"),
    path(f"{ONE}retire/", desk.retire, name="desk_retire"),
    path(f"{ONE}<uuid:version_id>/walk/", desk.walk, name="desk_walk"),
    path(f"{ONE}<uuid:version_id>/live/", desk.make_live, name="desk_live"),
]
