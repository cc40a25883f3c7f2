"""Our own addresses, as apps know them; the issuer is the installation's address, as it is set."""

from django.conf import settings
from django.urls import reverse


def issuer() -> str:
    """Return who we are to apps."""
    return str(settings.ADDRESS).rstrip("/")


def fhir_server() -> str:
    """Return the FHIR address for which tokens with care scopes are."""
    return f"{issuer()}/fhir"


def place(name: str) -> str:
    """Return the whole address of a page of grants."""
    return issuer() + reverse(f"grants:{name}")


def practitioner(person_id: object) -> str:
    """Return where a person is found as FHIR resource (`fhirUser`)."""
    return f"{fhir_server()}/Practitioner/{person_id}"
