"""Where a person may be sent: addresses that a supplier registered, letter by letter. Pure."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

ADDRESS_CHARACTERS_MAX = 300
ADDRESSES_MAX = 10
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AddressNotRight(Invalid):
    """Nobody may be sent there."""

    code = "grants.address_not_right"


def check_address(address: str) -> str:
    """Return an address that may be registered, as it is.

    :raises AddressNotRight: if it is not https, or carries more than an address should.
    """
    refusal = AddressNotRight(
        marked(
            "{address} cannot be registered: give a whole https address,"
            " without *, # or a name before the host. On your own machine http will do."
        ),
        address=address[:80],
    )
    plain = address.isascii() and address.isprintable() and len(address) <= ADDRESS_CHARACTERS_MAX
    if not plain or any(sign in address for sign in " *#\\\"'<>"):
        raise refusal
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise refusal from None
    if not host or parts.username is not None or parts.password is not None:
        raise refusal
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise refusal
    return address


def is_registered(address: str, registered: Iterable[str]) -> bool:
    """Whether an address is one of those registered: the same letters, nothing looser."""
    return address in tuple(registered)


def with_answer(address: str, **answer: str) -> str:
    """Return an address with an answer in its query; empty values are left out."""
    given = {name: value for name, value in answer.items() if value}
    parts = urlsplit(address)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *given.items()]
    return parts._replace(query=urlencode(pairs)).geturl()


def origin_of(address: str) -> str:
    """Return scheme, host and port, as a browser's Origin header has it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
