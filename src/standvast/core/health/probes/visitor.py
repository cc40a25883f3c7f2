"""A synthetic person at a browser, for walks: keeps cookies, and follows nothing by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from standvast.core.health.probes.walk import StepFailed

DEADLINE_S = 5.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page answered. `leads_to` is empty where it sends nobody on."""

    status: int
    leads_to: str
    text: str

    def check_ok(self) -> None:
        """Pass if it is a page.

        :raises StepFailed: with its status.
        """
        if self.status != httpx.codes.OK:
            raise StepFailed(f"http_{self.status}")

    def check_led_on(self) -> None:
        """Pass if it sends on.

        :raises StepFailed: with its status.
        """
        if not self.leads_to:
            raise StepFailed(f"http_{self.status}")


class Visitor:
    """One at a time: `arrives` forgets the visit before, however far it came."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._client: httpx.AsyncClient | None = None

    async def arrives(self) -> None:
        """Begin a visit without cookies."""
        if self._client is not None:
            await self._client.aclose()
        self._client = httpx.AsyncClient(
            base_url=self._address(), timeout=DEADLINE_S, trust_env=False
        )

    def cookie(self, name: str) -> str:
        """Return a cookie's value; empty if there is none."""
        assert self._client is not None, "nobody has arrived"
        return self._client.cookies.get(name, "") or ""

    async def get(self, path: str) -> Shown:
        """Ask for a page."""
        assert self._client is not None, "nobody has arrived"
        return _shown(await self._client.get(path))

    async def post(self, path: str, fields: Mapping[str, str]) -> Shown:
        """Hand in a form, and say from where as a browser does: over https, Django asks for it."""
        assert self._client is not None, "nobody has arrived"
        headers = {"Origin": self._address().rstrip("/")}
        return _shown(await self._client.post(path, data=dict(fields), headers=headers))


def _shown(answer: httpx.Response) -> Shown:
    leads_to = answer.headers.get("location", "") if answer.is_redirect else ""
    return Shown(answer.status_code, leads_to, answer.text)
