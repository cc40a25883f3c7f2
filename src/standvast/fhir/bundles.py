"""A page of what was found, and the way to the next: an address that names nobody.

What was asked stands in the address of the next page, encrypted: it opens for the same
organisation, for a quarter of an hour, and says nothing to whoever keeps addresses.
"""

import base64
import hashlib
import uuid
from functools import cache

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from standvast.fhir.declared import Asked, Caller, Found, Json
from standvast.fhir.searching import RequestNotRight
from standvast.kit.words import marked

PAGE = "_page"
PAGE_OPENS_S = 900


class _Page(msgspec.Struct, array_like=True):
    kind: str
    organisation_id: uuid.UUID
    only_patient_id: uuid.UUID | None
    values: dict[str, tuple[str, ...]]
    count: int
    skip: int


def base_address() -> str:
    """Return the address that everything here stands below."""
    return f"{str(settings.ADDRESS).rstrip('/')}/fhir"


def full_address(kind: str, resource_id: str) -> str:
    """Return a resource's address."""
    return f"{base_address()}/{kind}/{resource_id}"


def search_set(kind: str, found: Found, asked: Asked, caller: Caller) -> Json:
    """Return a page of a search as a Bundle."""
    links = [{"relation": "self", "url": _page_address(kind, asked, asked.skip, caller)}]
    if found.has_more:
        onwards = asked.skip + asked.count
        links.append({"relation": "next", "url": _page_address(kind, asked, onwards, caller)})
    return {
        "resourceType": "Bundle",
        "id": str(uuid.uuid4()),
        "type": "searchset",
        "link": links,
        "entry": [
            {
                "fullUrl": full_address(kind, str(resource["id"])),
                "resource": resource,
                "search": {"mode": "match"},
            }
            for resource in found.resources
        ],
    }


def asked_on(kind: str, page: str, caller: Caller) -> Asked:
    """Return the search of which this is a page.

    :raises RequestNotRight: if it was not handed out to this organisation, or too long ago.
    """
    try:
        opened = _cipher().decrypt(page.encode(), ttl=PAGE_OPENS_S)
        held = msgspec.json.decode(opened, type=_Page)
    except (InvalidToken, UnicodeEncodeError, msgspec.DecodeError, msgspec.ValidationError):
        held = None
    mine = (kind, caller.actor.organisation_id, caller.only_patient_id)
    if held is None or (held.kind, held.organisation_id, held.only_patient_id) != mine:
        raise RequestNotRight(marked("This page of a search is over. Search again."))
    return Asked(held.values, held.count, held.skip)


def _page_address(kind: str, asked: Asked, skip: int, caller: Caller) -> str:
    held = _Page(
        kind,
        caller.actor.organisation_id,
        caller.only_patient_id,
        dict(asked.values),
        asked.count,
        skip,
    )
    page = _cipher().encrypt(msgspec.json.encode(held)).decode()
    return f"{base_address()}/{kind}?{PAGE}={page}"


@cache
def _cipher() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"fhir.page")
    return Fernet(base64.urlsafe_b64encode(key.digest()))
