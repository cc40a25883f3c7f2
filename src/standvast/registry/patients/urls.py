"""Addresses under /patients/."""

from django.urls import URLPattern, path

from standvast.registry.patients import pages

app_name = "patients"

urlpatterns: list[URLPattern] = [
    path("patients/", pages.search, name="search"),
    path("patients/new/", pages.new, name="new"),
    path("patients/import/", pages.import_list, name="import"),
    path("patients/import/<uuid:import_id>/", pages.imported, name="imported"),
    path("patients/import/<uuid:import_id>/now/", pages.imported_now, name="imported_now"),
    path("patients/import/<uuid:import_id>/report/", pages.imported_report, name="report"),
    path("patients/<uuid:patient_id>/", pages.patient, name="patient"),
    path("patients/<uuid:patient_id>/change/", pages.change, name="change"),
    path("patients/<uuid:patient_id>/double/", pages.double, name="double"),
    path("patients/<uuid:patient_id>/merge/", pages.merge, name="merge"),
    path("patients/<uuid:patient_id>/apart/", pages.take_apart, name="apart"),
    path("patients/<uuid:patient_id>/looks/", pages.looks, name="looks"),
]
