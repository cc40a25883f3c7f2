"""What other modules may import from the simulated world: its process and its keys."""

from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.process import NotLoopback, run_outside
from standvast.outside.records.key import public_pem, signing_key
from standvast.outside.records.system import ISSUER, Where

__all__ = [
    "ISSUER",
    "Authority",
    "Issued",
    "Issuer",
    "NotLoopback",
    "Where",
    "public_pem",
    "run_outside",
    "signing_key",
]
