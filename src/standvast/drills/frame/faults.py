"""The fault proxy beside a drill: its own process, its paths, and taking everything back."""

import subprocess
import sys
import time
from types import TracebackType

import httpx

START_S_MAX = 15.0
CALL_S = 5.0


class ProxyWillNotStart(RuntimeError):
    """The proxy process does not answer."""


class FaultProxy:
    """Starts the proxy process; a context, so that it always ends."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "FaultProxy":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "standvast.drills.proxy", str(self._port)],
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_S_MAX
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/version", timeout=1.0, trust_env=False)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return self
        self._end()
        raise ProxyWillNotStart(f"The fault proxy does not answer at {self.url}.")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def path(self, name: str, *, listen_port: int, upstream_port: int) -> None:
        """Open one path through the proxy.

        :raises httpx.HTTPStatusError: if it says no.
        """
        body = {
            "name": name,
            "listen": f"127.0.0.1:{listen_port}",
            "upstream": f"127.0.0.1:{upstream_port}",
        }
        answer = httpx.post(f"{self.url}/proxies", json=body, timeout=CALL_S, trust_env=False)
        answer.raise_for_status()

    def reset(self) -> None:
        """Take every fault back: all paths up, no toxics. Whatever the experiment did itself."""
        answer = httpx.post(f"{self.url}/reset", timeout=CALL_S, trust_env=False)
        answer.raise_for_status()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
