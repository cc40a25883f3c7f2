"""A practice at work: clicks through with somebody new, writes down what was done, looks at its
pages, resets a password, and claims at the end of the day. All of it by the pages people have."""

import asyncio
import random
import re
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from stdnum.nl import bsn

from standvast.drills.frame.history import Answer, History, Told
from standvast.drills.frame.http import Browser, NoAnswer, Reply
from standvast.outside.api import derived

TOKEN_S = 60
FIRST_NUMBER = 999_950_000
"""From here on numbers are given to nobody, and the simulated world gives out none."""
NUMBERS = 50_000
PAGES = ("/insurance/", "/claims/", "/launch/out/")
"""What a GP with every right looks at."""
TARGETS = ("orders", "diagnostics", "pharmacy-portal")
"""What a GP clicks through to with a patient in hand."""
SEEN = frozenset({200})
GONE_ON = frozenset({302, 303})
RESET = "/accounts/password/reset/"
CSRF_FIELD = "csrfmiddlewaretoken"
PROGRAMME, DONE = "cvrm", "cvrm.yearly"
TO_DECIDE = re.compile(r'action="[^"]*/decide/">.*?name="enrolment"[^>]*value="([^"]*)"')
TRIES = 3
"""How often somebody presses again when nothing came back."""
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"')


def insured_numbers() -> Iterator[str]:
    """Yield citizen numbers of nobody whom the simulated insurers know as insured until today."""
    for number in map(str, range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS)):
        if not bsn.is_valid(number):
            continue
        person = derived(number)
        if person.found == "Gevonden" and len(person.insurances) == 1:
            [insurance] = person.insurances
            if insurance.until_on is None and insurance.may_be_told:
                yield number


@dataclass
class Day:
    """What all practices share."""

    url: str
    issuer: str
    audience: str
    key: Any
    """What the record system signs with."""
    pause_s: float
    history: History
    session_cookie: str
    csrf_cookie: str
    quarter: Mapping[str, str]
    """What is claimed, the quarter that is over: its name and its first and last day."""
    is_over: bool = False
    numbers: Iterator[str] = field(default_factory=insured_numbers)


@dataclass
class Practice:
    """One practice with its GP at the screen and its record system beside it."""

    number: int
    day: Day
    agb: str
    session: str
    csrf: str
    address: str
    """What its GP's colleague signs in with: an e-mail address."""
    chance: random.Random
    patients: list[str] = field(default_factory=list)
    """Ids of those whom the practice was shown in the register."""
    unwritten: list[str] = field(default_factory=list)
    """Of these, for whom nothing was written down yet."""
    _browser: Browser | None = None

    @property
    def place(self) -> str:
        """Return the network address that the practice has for itself, as practices have.

        Empty where a machine answers to one address of its own only.
        """
        if sys.platform != "linux":
            return ""
        return f"127.1.{self.number // 200}.{self.number % 200 + 1}"

    async def spend_the_day(self) -> None:
        """Work until the day is over; the last act is finished."""
        day = self.day
        cookies = {day.session_cookie: self.session, day.csrf_cookie: self.csrf}
        self._browser = Browser(day.url, cookies=cookies, csrf=self.csrf, address=self.place)
        await asyncio.sleep(self.chance.uniform(0, day.pause_s))
        try:
            while not day.is_over:
                await self._somebody_new(self._browser)
                await self._writes_down(self._browser)
                await self._looks_around(self._browser)
                await self._clicks_through(self._browser)
                await asyncio.sleep(day.pause_s * self.chance.uniform(0.7, 1.3))
            for _ in range(TRIES):
                await self._writes_down(self._browser)
        finally:
            self._browser.close()

    async def claims(self) -> None:
        """Make the quarter's bundle, decide what its page asks, let go what it says would go."""
        if not self.patients:
            return
        cookies = {self.day.session_cookie: self.session, self.day.csrf_cookie: self.csrf}
        browser = Browser(self.day.url, cookies=cookies, csrf=self.csrf)
        for _ in range(TRIES):
            asked_at = time.time()
            try:
                detail = await self._claimed(browser)
            except NoAnswer as error:
                self._tell("claim", "", Answer.UNKNOWN, asked_at, str(error))
                continue
            answer = Answer.OK if detail.startswith("/claims/") else Answer.FAIL
            self._tell("claim", "", answer, asked_at, detail)
            break
        browser.close()

    async def _claimed(self, browser: Browser) -> str:
        wanted = {"programme": PROGRAMME, "quarter": self.day.quarter["name"]}
        reply = await browser.post_form("/claims/prepare/", {**wanted, CSRF_FIELD: self.csrf})
        bundle = _place(reply)
        if not bundle.startswith("/claims/"):
            return bundle
        for enrolment in TO_DECIDE.findall((await browser.get(bundle)).body.decode()):
            said = {"enrolment": enrolment, "main": "here", CSRF_FIELD: self.csrf}
            await browser.post_form(f"{bundle}decide/", said)
        seen = await browser.get(f"{bundle}submit/")
        said = dict(HIDDEN.findall(seen.body.decode()))
        return _place(await browser.post_form(f"{bundle}submit/", {**said, CSRF_FIELD: self.csrf}))

    # -- somebody new --------------------------------------------------------------------------

    async def _somebody_new(self, browser: Browser) -> None:
        """A click in the record system; done when the page of the new patient stands there."""
        number = next(self.day.numbers)
        asked_at = time.time()
        answer, detail = Answer.UNKNOWN, ""
        try:
            there = await self._clicked(browser, number)
            if there.startswith("/patients/"):
                shown = await browser.get(there)
                answer = Answer.OK if shown.status in SEEN else Answer.FAIL
                detail = f"{there.split('/')[2]}" if answer is Answer.OK else f"{shown.status}"
            else:
                answer, detail = Answer.FAIL, there
        except NoAnswer as error:
            detail = str(error)
        if answer is Answer.OK:
            self.patients.append(detail)
            self.unwritten.append(detail)
        self._tell("create", number, answer, asked_at, detail)

    async def _writes_down(self, browser: Browser) -> None:
        """Take everybody new into a programme and write down what was done in the last quarter.

        Whose writing had no answer is tried again at the next turn.
        """
        first_on, last_on = self.day.quarter["first_on"], self.day.quarter["last_on"]
        said = (
            ("enrol", {"programme": PROGRAMME, "from_on": first_on, "main": "here"}),
            ("activity", {"what": DONE, "done_on": last_on}),
        )
        for patient in list(self.unwritten):
            for act, fields in said:
                asked_at, there = time.time(), f"/claims/patients/{patient}/{act}/"
                try:
                    reply = await browser.post_form(there, {**fields, CSRF_FIELD: self.csrf})
                except NoAnswer as error:
                    self._tell("write", act, Answer.UNKNOWN, asked_at, str(error))
                    break
                answer = Answer.OK if reply.status in GONE_ON else Answer.FAIL
                self._tell("write", act, answer, asked_at, str(reply.status))
            else:
                self.unwritten.remove(patient)

    async def _clicked(self, browser: Browser, number: str) -> str:
        """Hand a token over; say once who clicked when asked. Return where it leads."""
        reply = await browser.post_form("/launch/", {"token": self._token(number)})
        there = _place(reply)
        if there.startswith("/launch/connect/"):
            await browser.get(there)
            reply = await browser.post_form(there, {CSRF_FIELD: self.csrf})
            there = _place(reply)
        return there

    def _token(self, number: str) -> str:
        now = int(time.time())
        claims: Mapping[str, Any] = {
            "iss": self.day.issuer,
            "aud": self.day.audience,
            "jti": str(uuid.UUID(int=self.chance.getrandbits(128))),
            "iat": now,
            "exp": now + TOKEN_S,
            "user-id": {"system": "drill", "value": f"gp-{self.number}"},
            "org-id": {"system": "agb", "value": self.agb},
            "context": {
                "patient-id": f"drill-{number}",
                "family": "Oefening",
                "given": "Anna",
                "sex": "F",
                "birth-date": "1961-05-13",
                "bsn": number,
            },
        }
        return jwt.encode(dict(claims), self.day.key, algorithm="ES256")

    # -- the pages -----------------------------------------------------------------------------

    async def _looks_around(self, browser: Browser) -> None:
        """Look at what a GP looks at, each page once."""
        for path in PAGES:
            asked_at = time.time()
            try:
                status = (await browser.get(path)).status
            except NoAnswer:
                self._tell("look", path, Answer.UNKNOWN, asked_at, "")
                continue
            answer = Answer.OK if status in SEEN else Answer.FAIL
            self._tell("look", path, answer, asked_at, str(status))

    async def _clicks_through(self, browser: Browser) -> None:
        """Go to each other system with the newest patient in hand."""
        if not self.patients:
            return
        for slug in TARGETS:
            asked_at = time.time()
            there = f"/launch/out/{slug}/{self.patients[-1]}/"
            try:
                status = (await browser.post_form(there, {CSRF_FIELD: self.csrf})).status
            except NoAnswer:
                self._tell("go", slug, Answer.UNKNOWN, asked_at, "")
                continue
            answer = Answer.OK if status in SEEN else Answer.FAIL
            self._tell("go", slug, answer, asked_at, str(status))

    async def resets(self) -> None:
        """Somebody who signs in by e-mail address asks for a new password, signed out."""
        asked_at = time.time()
        browser = Browser(self.day.url, address=self.place)
        answer, detail = Answer.UNKNOWN, ""
        try:
            await browser.get(RESET)
            browser.csrf = browser.cookies.get(self.day.csrf_cookie, "")
            form = {"email": self.address, CSRF_FIELD: browser.csrf}
            reply = await browser.post_form(RESET, form)
            answer = Answer.OK if reply.status in SEEN | GONE_ON else Answer.FAIL
            detail = str(reply.status)
        except NoAnswer as error:
            detail = str(error)
        finally:
            browser.close()
        self._tell("reset", self.address, answer, asked_at, detail)

    def _tell(self, act: str, key: str, answer: Answer, asked_at: float, detail: str) -> None:
        told_at = max(asked_at, time.time())
        self.day.history.tell(
            Told(self.number, act, f"{self.number} {key}", answer, asked_at, told_at, detail)
        )


def _place(reply: Reply) -> str:
    """Return where an answer leads, within this site; its status where it leads nowhere."""
    if reply.status in GONE_ON:
        return reply.headers.get("location", "").removeprefix("http://127.0.0.1")
    return str(reply.status)
