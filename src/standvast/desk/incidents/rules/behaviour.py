"""What a severity makes us do: page, expire, tell. Pure; the service window is passed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from standvast.desk.incidents.rules.severity import FunctionClass, Severity

ZONE = ZoneInfo("Europe/Amsterdam")
OUT_OF_HOURS_CALLERS = 2
UNDERTAKING_WARNING = timedelta(minutes=10)
NEWS_DELAY = timedelta(minutes=5)
"""In-app notices reach people within this of major."""


@dataclass(frozen=True)
class ServiceWindow:
    """When the desk is staffed: working days, from one local time until another."""

    zone: ZoneInfo = ZONE
    opens: time = time(7, 0)
    closes: time = time(18, 0)
    is_holiday: Callable[[date], bool] = lambda _: False

    def is_open(self, at: datetime) -> bool:
        """Return whether somebody is at the desk; the closing minute is outside."""
        local = at.astimezone(self.zone)
        return self._works_on(local.date()) and self.opens <= local.time() < self.closes

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` when open, else the next moment the desk opens."""
        if self.is_open(at):
            return at
        day = at.astimezone(self.zone).date()
        for ahead in range(30):
            candidate = day + timedelta(days=ahead)
            opening = datetime.combine(candidate, self.opens, self.zone).astimezone(at.tzinfo)
            if self._works_on(candidate) and opening > at:
                return opening
        raise AssertionError("a desk that is closed for thirty days is no desk")

    def after_service_time(self, at: datetime, length: timedelta) -> datetime:
        """Return the instant by which `length` of staffed time has passed since `at`."""
        left, here = length, self.next_opening(at)
        while True:
            closing = datetime.combine(
                here.astimezone(self.zone).date(), self.closes, self.zone
            ).astimezone(at.tzinfo)
            if here + left <= closing:
                return here + left
            left -= closing - here
            here = self.next_opening(closing)

    def _works_on(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_holiday(day)


@dataclass(frozen=True)
class Behaviour:
    """One column of the table: minutes, or `None` where nothing happens by itself."""

    page_at_once: bool
    second_after: int | None
    owner_after: int | None
    acknowledged_for: int | None
    """Minutes; `None` means eight hours of service time."""
    news_within: int | None
    tells_people: bool
    no_effect_after: int | None
    """Minutes after an attempt without effect until the product owner is paged."""


BEHAVIOUR: dict[Severity, Behaviour] = {
    Severity.CRITICAL: Behaviour(True, 5, 15, 30, 60, True, 15),
    Severity.MAJOR: Behaviour(True, None, None, 60, 120, True, 15),
    Severity.MINOR: Behaviour(False, None, None, None, None, False, None),
}
MINOR_ACKNOWLEDGED = timedelta(hours=8)


def policy_of(severity: Severity) -> dict[str, int | bool | None]:
    """Return the column as data, to be copied into the incident at declaration."""
    column = BEHAVIOUR[severity]
    return dict(vars(column))


def page_at(
    severity: Severity,
    function_class: FunctionClass,
    *,
    callers_count: int,
    now: datetime,
    window: ServiceWindow,
) -> datetime | None:
    """Return when to page the first line, or `None` for the morning's list.

    Out of hours a major one pages for class A, or from two callers on; else it waits for the
    desk to open. A minor one never pages.
    """
    match severity:
        case Severity.CRITICAL:
            return now
        case Severity.MAJOR:
            at_night = function_class == "A" or callers_count >= OUT_OF_HOURS_CALLERS
            return now if at_night else window.next_opening(now)
        case Severity.MINOR:
            return None


def acknowledged_until(severity: Severity, now: datetime, window: ServiceWindow) -> datetime:
    """Return until when an acknowledgement given now holds."""
    minutes = BEHAVIOUR[severity].acknowledged_for
    if minutes is None:
        return window.after_service_time(now, MINOR_ACKNOWLEDGED)
    return now + timedelta(minutes=minutes)


def news_due_at(severity: Severity, now: datetime) -> datetime | None:
    """Return when the next news is due at the latest; `None` means: at a change."""
    minutes = BEHAVIOUR[severity].news_within
    return None if minutes is None else now + timedelta(minutes=minutes)


def may_page_for_age(severity: Severity, now: datetime, window: ServiceWindow) -> bool:
    """Return whether an expired acknowledgement may page now; a minor one not at night."""
    return severity is not Severity.MINOR or window.is_open(now)
