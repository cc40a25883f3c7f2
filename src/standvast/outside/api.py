"""What other modules may import from the simulated world: its process and its certificates."""

from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.process import NotLoopback, run_outside

__all__ = ["Authority", "Issued", "Issuer", "NotLoopback", "run_outside"]
