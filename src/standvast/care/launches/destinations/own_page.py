"""Our own side of a click: somebody made up comes to the page that hands people over.

One visit serves every walk: signing in each time would fill the journal.
"""

import asyncio
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from standvast.care.launches.views import VersionView
from standvast.care.launches.walker import WALKER
from standvast.core.health.api import ProbeContext, Shown, StepFailed, Visitor


class Visit:
    """Whoever walks, signed in until the visit is over, and then again."""

    def __init__(self) -> None:
        self._visitor, self._spare = (Visitor(lambda: str(settings.ADDRESS)) for _ in range(2))
        self._arriving = asyncio.Lock()
        self._arrivals_count = 0
        self._patient = ""

    async def to(self, target: VersionView, context: ProbeContext) -> Shown:
        """Return the page that hands over to a target; arrive anew if the visit is over.

        :raises StepFailed: if it cannot be come to.
        """
        try:
            return await self._to(target, context)
        except httpx.HTTPError as error:
            raise StepFailed(type(error).__name__) from error

    async def begin(self, context: ProbeContext) -> None:
        """Arrive, for whoever walks to what no page of ours leads to yet.

        :raises StepFailed: if nobody can.
        """
        try:
            await self._arrive(context, self._arrivals_count)
        except httpx.HTTPError as error:
            raise StepFailed(type(error).__name__) from error

    async def answer(self, address: str) -> str:
        """Come to our own door with what an app asks; return where one is sent with the answer.

        :raises StepFailed: if nobody is sent on: it is refused, or a person would be asked.
        """
        asked = urlsplit(address)
        try:
            shown = await self._visitor.get(f"{asked.path}?{asked.query}")
        except httpx.HTTPError as error:
            raise StepFailed(type(error).__name__) from error
        shown.check_ok()
        onward = Onward()
        onward.feed(shown.text)
        if not onward.address:
            raise StepFailed("not_let_in")
        return onward.address

    async def _to(self, target: VersionView, context: ProbeContext) -> Shown:
        before = self._arrivals_count
        if self._patient:
            shown = await self._click(target)
            if shown.status == httpx.codes.OK:
                return shown
        await self._arrive(context, before)
        shown = await self._click(target)
        shown.check_ok()
        return shown

    async def _arrive(self, context: ProbeContext, before: int) -> None:
        """Begin a visit, unless another walk has meanwhile; whoever is under way ends theirs."""
        async with self._arriving:
            if self._arrivals_count != before:
                return
            await WALKER.make_ready(context)
            await self._spare.arrives()
            there = await WALKER.clicks(self._spare)
            self._visitor, self._spare = self._spare, self._visitor
            self._patient = there.rstrip("/").rpartition("/")[2]
            self._arrivals_count += 1

    async def _click(self, target: VersionView) -> Shown:
        own = f"{self._patient}/" if target.draft.needs_patient else ""
        token = self._visitor.cookie(settings.CSRF_COOKIE_NAME)
        fields = {"csrfmiddlewaretoken": token, "anyway": "1"}
        return await self._visitor.post(f"/launch/out/{target.slug}/{own}", fields)


VISIT = Visit()


class Onward(HTMLParser):
    """Where a page of ours goes on to by itself; nowhere if it stays."""

    def __init__(self) -> None:
        super().__init__()
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta" and found.get("http-equiv") == "refresh":
            self.address = found.get("content", "").partition("url=")[2]


class Form(HTMLParser):
    """What our own page hands over: where to, and the fields; a plain address has none."""

    def __init__(self) -> None:
        super().__init__()
        self.address = ""
        self.fields: list[tuple[str, str]] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "data-go" in found:
            self.address = found.get("action") or found.get("href", "")
            self._is_inside = tag == "form"
        elif self._is_inside and tag == "input" and found.get("name"):
            self.fields.append((found["name"], found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "form"
