"""What this installation speaks, as a CapabilityStatement: made from what is wired."""

from standvast.fhir.bundles import base_address
from standvast.fhir.declared import BEARER, RESOURCES, Interaction, Json, Resource
from standvast.kit.wiring import wired

FHIR_VERSION = "4.0.1"
STATED_ON = "2026-11-30"
"""The day from which this statement is so; changed with what it says of the kit."""
_CODES = {
    Interaction.READ: "read",
    Interaction.SEARCH: "search-type",
    Interaction.CREATE: "create",
}
_SMART = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
            "code": "SMART-on-FHIR",
        }
    ]
}


def capability_statement() -> Json:
    """Return what can be read, searched and handed in here."""
    security: Json = {
        "cors": bool(wired(BEARER)),
        "description": "A session of our own pages, or a bearer token within its scopes."
        " Everybody sees their own organisation, by the rights of their role.",
    }
    if wired(BEARER):
        security["service"] = [_SMART]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": STATED_ON,
        "kind": "instance",
        "software": {"name": "Standvast"},
        "implementation": {
            "description": "Standvast, primary care that carries on through an outage",
            "url": base_address(),
        },
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": security,
                "resource": [_of(resource) for resource in wired(RESOURCES)],
            }
        ],
    }


def _of(resource: Resource) -> Json:
    done = (
        (Interaction.READ, resource.read),
        (Interaction.SEARCH, resource.search),
        (Interaction.CREATE, resource.create),
    )
    said: Json = {
        "type": resource.kind,
        "documentation": resource.said,
        "interaction": [{"code": _CODES[one]} for one, by in done if by is not None],
        "versioning": "no-version",
    }
    if resource.params:
        said["searchParam"] = [
            {
                "name": param.name,
                "type": param.kind.value,
                "documentation": f"{param.said} By POST to _search only."
                if param.is_secret
                else param.said,
            }
            for param in resource.params
        ]
    return said
