"""What other floors may import from the FHIR kit."""

from standvast.fhir.bundles import base_address, full_address
from standvast.fhir.declared import (
    BEARER,
    CHECK_MAY,
    RESOURCES,
    SESSION,
    Asked,
    Caller,
    Found,
    Granted,
    Interaction,
    Json,
    OutOfContext,
    Param,
    ParamKind,
    Resource,
)
from standvast.fhir.scopes import Width, width_of
from standvast.fhir.searching import RequestNotRight, day_in, token_in
from standvast.fhir.validating import ResourceNotRight, check_resource, validated

__all__ = [
    "BEARER",
    "CHECK_MAY",
    "RESOURCES",
    "SESSION",
    "Asked",
    "Caller",
    "Found",
    "Granted",
    "Interaction",
    "Json",
    "OutOfContext",
    "Param",
    "ParamKind",
    "RequestNotRight",
    "Resource",
    "ResourceNotRight",
    "Width",
    "base_address",
    "check_resource",
    "day_in",
    "full_address",
    "token_in",
    "validated",
    "width_of",
]
