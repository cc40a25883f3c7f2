"""What others may use of the proxy."""

from standvast.drills.proxy.process import run_proxy

__all__ = ["run_proxy"]
