"""Addresses under /fhir/: those of every kind that is wired, each by its own name."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from standvast.fhir import pages
from standvast.fhir.declared import RESOURCES
from standvast.kit.wiring import wired

app_name = "fhir"


def _of_kinds() -> Iterator[URLPattern]:
    for resource in wired(RESOURCES):
        kind, at = resource.kind, f"fhir/{resource.kind}"
        if resource.search is not None or resource.create is not None:
            yield path(at, pages.of_kind, {"kind": kind}, name=kind)
        if resource.search is not None:
            yield path(f"{at}/_search", pages.by_form, {"kind": kind}, name=f"{kind}-search")
        if resource.read is not None:
            yield path(f"{at}/<uuid:resource_id>", pages.one, {"kind": kind}, name=f"{kind}-one")


urlpatterns: list[URLPattern] = [
    path("fhir/metadata", pages.metadata, name="metadata"),
    *_of_kinds(),
    path("fhir/<path:rest>", pages.elsewhere, name="elsewhere"),
]
