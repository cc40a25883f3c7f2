"""Every address of the Django half. The edge's live routes stand in `wiring`."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("standvast.web.urls")),
    path("", include("standvast.registry.people.urls")),
    path("", include("standvast.registry.access.urls")),
    path("", include("standvast.registry.tidings.urls")),
    path("", include("standvast.registry.staff.urls")),
    path("", include("standvast.registry.agreements.urls")),
    path("", include("standvast.core.lobby.urls")),
    path("", include("standvast.desk.lanes.urls")),
    path("", include("standvast.desk.certificates.urls")),
    path("", include("standvast.desk.incidents.urls")),
    path("", include("standvast.desk.releases.urls")),
    path("", include("standvast.desk.reports.urls")),
    path("", include("standvast.desk.status.urls")),
    *(
        path("", include(f"standvast.registry.{name}.urls"))
        for name in ("patients", "grants")
        if name in settings.PARTS
    ),
    path("", include("standvast.fhir.urls")),
    *([path("", include("standvast.desk.apps.urls"))] if "grants" in settings.PARTS else []),
    *(path("", include(f"{app}.urls")) for app in settings.CARE),
]
handler400 = "standvast.web.errors.handler400"
handler403 = "standvast.web.errors.handler403"
handler404 = "standvast.web.errors.handler404"
handler429 = "standvast.registry.people.pages.too_many"
handler500 = "standvast.web.errors.handler500"
