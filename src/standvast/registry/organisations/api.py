"""What other modules may import from organisations."""

from standvast.registry.organisations.hours import Opening, opening_at
from standvast.registry.organisations.models import Organisation
from standvast.registry.organisations.queries import (
    VIEWS_MAX,
    OrganisationNotFound,
    OrganisationView,
    house_id,
    organisation_view,
    organisation_views,
    organisation_with_code,
    organisations_of_kinds,
    search_organisations,
)
from standvast.registry.organisations.rules import (
    NOBODYS_AGB,
    AddressNotRight,
    CodeNotRight,
    CodeSystem,
    Country,
    Kind,
    address_key,
    check_code,
    check_postcode,
)

__all__ = [
    "NOBODYS_AGB",
    "VIEWS_MAX",
    "AddressNotRight",
    "CodeNotRight",
    "CodeSystem",
    "Country",
    "Kind",
    "Opening",
    "Organisation",
    "OrganisationNotFound",
    "OrganisationView",
    "address_key",
    "check_code",
    "check_postcode",
    "house_id",
    "opening_at",
    "organisation_view",
    "organisation_views",
    "organisation_with_code",
    "organisations_of_kinds",
    "search_organisations",
]
