"""An insurer's door, for the journeys: a server that lets in whom its authority knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from standvast.core.certificates.testing import NUMBER, Authority, a_peer


@dataclass(frozen=True)
class Insurer:
    """Who issues the certificates, and what an installation is told about it."""

    authority: Authority
    settings: dict[str, str]


@contextmanager
def an_insurer() -> Iterator[Insurer]:
    """Open the door, and close it after."""
    root = Authority("Voorbeeld wortel")
    authority = Authority("Voorbeeld CA G2", above=root)
    with a_peer(authority, trusts=root.pem) as peer:
        told = {
            "STANDVAST_COVERAGE_URL": f"https://{peer.host}:{peer.port}/",
            "STANDVAST_COVERAGE_CA": root.pem,
            "STANDVAST_COVERAGE_NUMBER": NUMBER,
        }
        yield Insurer(authority, told)
