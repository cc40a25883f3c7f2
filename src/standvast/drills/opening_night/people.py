"""Practices on the night: they wait, choose, confirm; some refresh, leave, use two devices."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from standvast.drills.frame.history import Answer, History, Seen, Shown, Told
from standvast.drills.frame.http import Browser, NoAnswer, Reply

IN_TIME_S = 0.5
"""A press this long before the end of a hold is in time by anybody's clock."""
HOLD_TRIES_MAX = 12
PRINTED_SHARE = 0.05
POST_S_MAX = 60.0
"""How long a browser waits for an answer by itself."""
BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Night:
    """What all share: the season, the moment of opening (epoch seconds), how long to stay."""

    url: str
    season: str
    lobby: str
    opens_at: float
    ends_at: float
    """Nobody presses anything after this; what has no answer by then has none."""
    patience_s: float
    """How long somebody goes on pressing "confirm"."""
    think_s: float
    history: History
    session_cookie: str
    csrf_cookie: str


@dataclass(frozen=True)
class Character:
    """What kind of person this is; drawn from the drill's seed."""

    joins_before: bool
    devices_count: int
    refreshes: bool
    leaves_lobby: bool
    abandons_hold: bool
    waits_until_the_last_moment: bool
    changes_their_mind: bool
    wants_first_day: bool

    @classmethod
    def drawn(cls, chance: random.Random) -> "Character":
        """Draw one; the shares are our assumption."""
        return cls(
            joins_before=chance.random() < 0.9,
            devices_count=2 if chance.random() < 0.1 else 1,
            refreshes=chance.random() < 0.2,
            leaves_lobby=chance.random() < 0.01,
            abandons_hold=chance.random() < 0.03,
            waits_until_the_last_moment=chance.random() < 0.05,
            changes_their_mind=chance.random() < 0.05,
            wants_first_day=chance.random() < 0.2,
        )


def epoch(text: str) -> float:
    """Return an ISO instant as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


@dataclass
class Practice:
    """One practice at the screen. Times in the history are epoch seconds."""

    number: int
    night: Night
    sessions: Sequence[tuple[str, str]]
    """Session and CSRF cookie per device."""
    chance: random.Random
    doses: int
    character: Character
    devices: list[Browser] = field(default_factory=list)
    held: Mapping[str, Any] | None = None
    is_served: bool = False
    """Whether the night did what this practice came for, leaving included."""
    _shown: dict[int, int] = field(default_factory=dict)
    """Per device the place it showed last."""
    _is_known: bool = False
    """Whether somebody here was told that they wait."""

    @property
    def _me(self) -> Browser:
        return self.devices[0]

    @property
    def _over(self) -> bool:
        return time.time() >= self.night.ends_at

    async def spend_the_night(self) -> None:
        """Do everything this practice does, until it has its order or gives up."""
        self.devices = [
            self._opened(session, csrf)
            for session, csrf in self.sessions[: self.character.devices_count]
        ]
        try:
            await self._arrive()
            if await self._wait_for_my_turn():
                await self._order()
        finally:
            for device in self.devices:
                device.close()

    def _opened(self, session: str, csrf: str) -> Browser:
        night = self.night
        cookies = {night.session_cookie: session, night.csrf_cookie: csrf}
        return Browser(night.url, cookies=cookies, csrf=csrf)

    # -- the lobby ---------------------------------------------------------------------------

    async def _arrive(self) -> None:
        until_open_s = self.night.opens_at - time.time()
        if self.character.joins_before:
            await asyncio.sleep(self.chance.uniform(0, max(0.0, until_open_s - 1.0)))
        else:
            await asyncio.sleep(max(0.0, until_open_s) + self.chance.uniform(0.1, 4.0))
        for device in self.devices:
            await self._join(device)

    async def _join(self, device: Browser) -> None:
        while not self._over:
            nonce = f"{self.chance.getrandbits(128):032x}"
            reply = await self._posted(device, f"/lobby/{self.night.lobby}/join", {"nonce": nonce})
            if reply is not None and (reply.is_ok or reply.status not in BUSY):
                return
            await asyncio.sleep(self.chance.uniform(0.5, 1.5))

    async def _wait_for_my_turn(self) -> bool:
        """Look at my place until it is my turn; every look is one device's."""
        turn = 0
        while not self._over:
            device = self.devices[turn % len(self.devices)]
            turn += 1
            status = await self._look_at_my_place(device)
            if status is None:
                await asyncio.sleep(self.chance.uniform(0.3, 1.0))
                continue
            self._is_known |= status.get("phase") in ("gathering", "waiting")
            match status.get("phase"):
                case "admitted":
                    return True
                case "used" | "left" | "expired" | "closed":
                    return False
                case "not_joined":
                    if self._is_known:
                        self._see("place lost", 1, time.time())
                    await self._join(device)
                case "waiting" if self.character.leaves_lobby and turn > 2:
                    await self._posted(device, f"/lobby/{self.night.lobby}/leave", {})
                    self.is_served = True
                    return False
            pause_s = float(status.get("poll_after_s", 2))
            if self.character.refreshes:
                pause_s *= 0.5
            await asyncio.sleep(pause_s * self.chance.uniform(0.9, 1.1))
        return False

    async def _look_at_my_place(self, device: Browser) -> Mapping[str, Any] | None:
        """Return the status, as the page asks for it: with the place it showed last."""
        asked_at = time.time()
        seen = self._shown.get(id(device))
        query = "" if seen is None else f"?seen={seen}"
        try:
            reply = await device.get(f"/lobby/{self.night.lobby}/status{query}")
        except NoAnswer:
            return None
        status = reply.json() if reply.is_ok else None
        if not isinstance(status, dict):
            return None
        if status.get("phase") == "waiting" and status.get("place") is not None:
            self._shown[id(device)] = int(status["place"])
            self._see("place", float(status["place"]), asked_at)
            if device is self._me:
                self._see("place on one device", float(status["place"]), asked_at)
        return status

    # -- the order ---------------------------------------------------------------------------

    async def _order(self) -> None:
        if not await self._hold_a_day():
            return
        await asyncio.sleep(self.chance.uniform(0.3, 1.0) * self.night.think_s)
        if self.character.refreshes:
            await self._read_calendar()
        if self.character.changes_their_mind:
            await self._hold_a_day()
            await asyncio.sleep(self.chance.uniform(0.3, 1.0) * self.night.think_s)
        if self.character.abandons_hold:
            self.is_served = True
        if self.character.abandons_hold or self.held is None or self._over:
            return
        if self.character.waits_until_the_last_moment:
            left_s = epoch(self.held["held_until"]) - time.time()
            await asyncio.sleep(max(0.0, left_s - 2 * IN_TIME_S))
        await self._confirm(self.held)

    async def _hold_a_day(self) -> bool:
        refused: set[str] = set()
        for _ in range(HOLD_TRIES_MAX):
            if self._over:
                return False
            days = await self._read_calendar()
            if (day := self._chosen(days, without=refused)) is None:
                await asyncio.sleep(self.chance.uniform(0.5, 1.5))
                continue
            if await self._hold(day):
                return True
            refused.add(day)
        return False

    async def _read_calendar(self) -> list[Mapping[str, Any]]:
        try:
            reply = await self._me.get(f"/campaigns/{self.night.season}/calendar.json")
        except NoAnswer:
            return []
        found = reply.json() if reply.is_ok else None
        if not isinstance(found, dict):
            return []
        free = [day for day in found["days"] if _is_offered(day)]
        self.night.history.show(
            Shown(self.number, "calendar", tuple(day["on"] for day in free), time.time())
        )
        return [day for day in free if day["doses_left"] >= self.doses]

    def _chosen(self, days: Sequence[Mapping[str, Any]], *, without: set[str]) -> str | None:
        free = [str(day["on"]) for day in days if day["on"] not in without]
        if not free:
            return None
        return free[0] if self.character.wants_first_day else self.chance.choice(free)

    async def _hold(self, day: str) -> bool:
        key = f"{self.number:05d}-{self.chance.getrandbits(64):016x}"
        path = f"/campaigns/{self.night.season}/hold"
        body = {"on": day, "doses": self.doses, "key": key}
        reply = await self._insisted("hold", key, path, body, patience_s=self.night.patience_s)
        if reply is None or not reply.is_ok:
            return False
        self.held = reply.json()
        return True

    async def _confirm(self, held: Mapping[str, Any]) -> None:
        path = f"/campaigns/{self.night.season}/orders/{held['id']}/confirm"
        key = f"{self.number:05d}-{self.chance.getrandbits(64):016x}"
        reply = await self._insisted(
            "confirm",
            str(held["id"]),
            path,
            {"key": key},
            patience_s=self.night.patience_s,
            until=epoch(held["held_until"]) - IN_TIME_S,
        )
        if reply is not None and reply.is_ok:
            self.is_served = True
            if self.chance.random() < PRINTED_SHARE:
                await self._print(str(held["id"]))

    async def _print(self, order_id: str) -> None:
        asked_at = time.time()
        try:
            reply = await self._me.get(f"/campaigns/{self.night.season}/order/print")
        except NoAnswer:
            self._tell("print", order_id, Answer.UNKNOWN, asked_at)
            return
        self._tell("print", order_id, Answer.OK if reply.is_ok else Answer.FAIL, asked_at)

    # -- asking and noting -------------------------------------------------------------------

    async def _insisted(
        self,
        act: str,
        key: str,
        path: str,
        body: object,
        *,
        patience_s: float,
        until: float | None = None,
    ) -> Reply | None:
        """Send the same act with the same key until it is answered or patience ends; note it.

        The first press counts for "in time": the repeats are our silence, not the person's delay.
        """
        first_at = time.time()
        in_time = until is not None and first_at < until
        give_up_at = min(first_at + patience_s, self.night.ends_at)
        while True:
            reply = await self._posted(self._me, path, body)
            if reply is not None and reply.is_ok:
                self._tell(act, key, Answer.OK, first_at)
                return reply
            if reply is not None and reply.status not in BUSY:
                detail = "in time" if in_time else reply.code or str(reply.status)
                self._tell(act, key, Answer.FAIL, first_at, detail=detail)
                return reply
            if time.time() >= give_up_at:
                self._tell(act, key, Answer.UNKNOWN, first_at)
                return None
            await asyncio.sleep(self.chance.uniform(0.2, 0.6))

    async def _posted(self, device: Browser, path: str, body: object) -> Reply | None:
        left_s = self.night.ends_at + 2.0 - time.time()
        try:
            return await device.post(path, body, deadline_s=max(0.5, min(POST_S_MAX, left_s)))
        except NoAnswer:
            return None

    def _tell(
        self, act: str, key: str, answer: Answer, asked_at: float, *, detail: str = ""
    ) -> None:
        told_at = max(asked_at, time.time())
        self.night.history.tell(Told(self.number, act, key, answer, asked_at, told_at, detail))

    def _see(self, what: str, value: float, asked_at: float) -> None:
        self.night.history.see(Seen(self.number, what, value, asked_at, max(asked_at, time.time())))


def _is_offered(day: Mapping[str, Any]) -> bool:
    """Whether the calendar shows a day as one that can be chosen."""
    return bool(day["state"] == "open" and day["doses_left"] > 0 and day["addresses_left"] > 0)
