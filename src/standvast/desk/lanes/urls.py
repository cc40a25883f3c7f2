"""Addresses under /desk/lanes/."""

from django.urls import URLPattern, path

from standvast.desk.lanes import pages

app_name = "lanes"

urlpatterns: list[URLPattern] = [
    path("desk/lanes/", pages.all_lanes, name="all"),
    path("desk/lanes/-/now/", pages.all_now, name="all_now"),
    path("desk/lanes/-/delivery/<int:delivery_id>/", pages.delivery, name="delivery"),
    path("desk/lanes/-/delivery/<int:delivery_id>/retry/", pages.retry, name="retry"),
    path("desk/lanes/-/delivery/<int:delivery_id>/hand-over/", pages.hand_over, name="hand_over"),
    path("desk/lanes/<str:lane>/", pages.one_lane, name="one"),
    path("desk/lanes/<str:lane>/now/", pages.one_now, name="one_now"),
    path("desk/lanes/<str:lane>/pause/", pages.pause, name="pause"),
    path("desk/lanes/<str:lane>/resume/", pages.resume, name="resume"),
    path("desk/lanes/<str:lane>/retry/", pages.retry_all, name="retry_all"),
]
