"""What other modules may import from the simulated world: its process, nothing else."""

from standvast.outside.process import NotLoopback, run_outside

__all__ = ["NotLoopback", "run_outside"]
