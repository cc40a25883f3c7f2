"""Addresses of the Django half: /campaigns/ for practices, /office/campaigns/ for the office."""

from django.urls import URLPattern, URLResolver, include, path

from standvast.care.campaigns import office, pages

season = "campaigns/<slug:slug>/"
practice: list[URLPattern] = [
    path("campaigns/", pages.seasons_page, name="seasons"),
    path(season, pages.season_page, name="season"),
    path(season + "order/receipt", pages.receipt_fragment, name="receipt"),
    path(season + "order/print", pages.print_page, name="print"),
    path(season + "order/delivery.ics", pages.calendar_entry, name="ics"),
    path(season + "order/change", pages.change_page, name="change"),
    path(season + "order/cancel", pages.cancel_page, name="cancel"),
]
led = "office/campaigns/<slug:slug>/"
programme_office: list[URLPattern] = [
    path("office/campaigns/", office.seasons_page, name="seasons"),
    path("office/campaigns/new", office.new_page, name="new"),
    path(led, office.season_page, name="season"),
    path(led + "change", office.change_page, name="change"),
    path(led + "state", office.change_state, name="state"),
    path(led + "days/<str:on>", office.day_page, name="day"),
    path(led + "night", office.night_page, name="night"),
    path(led + "night/now", office.night_fragment, name="night_now"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((practice, "campaigns"))),
    path("", include((programme_office, "campaigns_office"))),
]
