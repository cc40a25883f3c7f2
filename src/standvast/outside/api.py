"""What other modules may import from the simulated world: its process and its keys."""

from standvast.outside.apps.keys import key_set
from standvast.outside.apps.system import ALL as APPS
from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.insurers.people import derived
from standvast.outside.process import NotLoopback, run_outside
from standvast.outside.records.key import public_pem, signing_key
from standvast.outside.records.system import ISSUER, Where
from standvast.outside.targets.keys import trust
from standvast.outside.targets.system import ALL as TARGETS

__all__ = [
    "APPS",
    "ISSUER",
    "TARGETS",
    "Authority",
    "Issued",
    "Issuer",
    "NotLoopback",
    "Where",
    "derived",
    "key_set",
    "public_pem",
    "run_outside",
    "signing_key",
    "trust",
]
