"""What apps read before they ask: where everything is, what is offered, our public keys."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from standvast.database.api import database_now
from standvast.fhir.api import RESOURCES
from standvast.kit.wiring import wired
from standvast.registry.grants.answers import for_apps, told
from standvast.registry.grants.places import issuer, place
from standvast.registry.grants.rules.proving import ALGORITHMS, Proof
from standvast.registry.grants.rules.scopes import PLAIN
from standvast.registry.grants.signing import ALGORITHM, keys_shown

KEPT_S = 300
CAPABILITIES = (
    "launch-ehr",
    "launch-standalone",
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-ehr-patient",
    "context-standalone-patient",
    "permission-offline",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
)


def _common() -> dict[str, Any]:
    return {
        "issuer": issuer(),
        "jwks_uri": place("keys"),
        "authorization_endpoint": place("authorise"),
        "token_endpoint": place("token"),
        "userinfo_endpoint": place("userinfo"),
        "introspection_endpoint": place("introspect"),
        "revocation_endpoint": place("revoke"),
        "management_endpoint": place("mine"),
        "token_endpoint_auth_methods_supported": [proof.value for proof in Proof],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
    }


@for_apps("GET", "HEAD", public=True)
def openid(request: HttpRequest) -> HttpResponse:
    """GET /.well-known/openid-configuration - for apps that want to know who somebody is."""
    del request
    more = {
        "scopes_supported": list(PLAIN),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["sub", "name", "locale", "fhirUser", "auth_time"],
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": ["nl", "fr", "en"],
    }
    return told(_common() | more, kept_s=KEPT_S)


@for_apps("GET", "HEAD", public=True)
def smart(request: HttpRequest) -> HttpResponse:
    """GET /fhir/.well-known/smart-configuration - for apps that want care data."""
    del request
    more = {
        "scopes_supported": [*PLAIN, *_about_care()],
        "capabilities": list(CAPABILITIES),
    }
    return told(_common() | more, kept_s=KEPT_S)


def _about_care() -> Iterator[str]:
    for resource in wired(RESOURCES):
        if resource.read is not None or resource.search is not None:
            yield from (f"{level}/{resource.kind}.rs" for level in ("patient", "user"))


@for_apps("GET", "HEAD", public=True)
def keys(request: HttpRequest) -> HttpResponse:
    """GET /oauth/keys/ - our public keys, the next one among them."""
    del request
    return told(keys_shown(database_now()), kept_s=KEPT_S)
