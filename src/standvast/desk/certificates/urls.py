"""Addresses under /desk/certificates/."""

from django.urls import URLPattern, path

from standvast.desk.certificates import pages

app_name = "certificates"
ONE = "desk/certificates/<slug:purpose>/"
ACT = f"{ONE}<uuid:certificate_id>/"

urlpatterns: list[URLPattern] = [
    path("desk/certificates/", pages.all_purposes, name="all"),
    path(ONE, pages.one_purpose, name="one"),
    path(f"{ONE}hand-in/", pages.hand_one_in, name="hand_in"),
    path(f"{ACT}look/", pages.look_again, name="look"),
    path(f"{ACT}switch/", pages.switch_to, name="switch"),
    path(f"{ACT}roll-back/", pages.go_back, name="roll_back"),
    path(f"{ACT}withdraw/", pages.take_out, name="withdraw"),
]
