"""Addresses of the lobby's page; its live routes stand in `live`."""

from django.urls import path

from standvast.core.lobby import pages

app_name = "lobby"

urlpatterns = [path("lobby/<slug:slug>/proof", pages.proof, name="proof")]
