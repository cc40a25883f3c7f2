"""Instants, dates, numbers and amounts, as people say them in their language.

Instants come in as aware datetimes and go out in the installation's time zone.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext
from markupsafe import Markup, escape

LOCALES = {"nl": "nl_NL", "fr": "fr_BE", "en": "en_GB"}
NEAR_DAYS = 6


def locale_of(language: str | None = None) -> str:
    """Return the Babel locale of a language: the one given, else the active one."""
    found = (language or get_language() or settings.LANGUAGE_CODE)[:2]
    if settings.REGION == "be" and found == "nl":
        return "nl_BE"
    return LOCALES.get(found, "en_GB")


def spoken(instant: datetime, *, now: datetime) -> str:
    """Return an instant as people say it: "vandaag 14:02", "ma 2 maart 14:02"."""
    local, today = timezone.localtime(instant), timezone.localtime(now).date()
    time = format_time(local, "HH:mm", locale=locale_of())
    day = spoken_day(local.date(), today=today)
    return pgettext("day and time", "{day} {time}").format(day=day, time=time)


def spoken_day(day: date, *, today: date) -> str:
    """Return a date as people say it: today, tomorrow, yesterday, else weekday and date."""
    match (day - today).days:
        case 0:
            return pgettext("day", "today")
        case 1:
            return pgettext("day", "tomorrow")
        case -1:
            return pgettext("day", "yesterday")
    pattern = "EEE d MMMM" if day.year == today.year else "EEE d MMMM y"
    return str(format_date(day, pattern, locale=locale_of()))


def exact(instant: datetime) -> str:
    """Return an instant to the second with its zone, for hovering and for paper."""
    local = timezone.localtime(instant)
    return str(format_datetime(local, "EEEE d MMMM y HH:mm:ss z", locale=locale_of()))


def when(instant: datetime | None, *, now: datetime | None = None) -> Markup:
    """Return a `<time>` as people say it, exact on hover and on paper; a dash for none."""
    if instant is None:
        return Markup("<span>–</span>")
    moment = now or timezone.now()
    return Markup('<time class="time" datetime="{}" title="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"), exact(instant), spoken(instant, now=moment)
    )


def brief(instant: datetime, *, now: datetime | None = None, bare: bool = False) -> Markup:
    """Return a `<time>`: the time of day when it is today, else with its day.

    `bare` leaves out the word some languages put before a time ("à"), after another such word.
    """
    local, moment = timezone.localtime(instant), now or timezone.now()
    text = spoken(instant, now=moment)
    if local.date() == timezone.localtime(moment).date():
        time = format_time(local, "HH:mm", locale=locale_of())
        text = time if bare else pgettext("time of today", "{time}").format(time=time)
    return Markup('<time class="time" datetime="{}" title="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"), exact(instant), text
    )


def clock(instant: datetime, *, seconds: bool = False) -> Markup:
    """Return a `<time>` with the time of day alone: "14:02"."""
    text = format_time(
        timezone.localtime(instant), "HH:mm:ss" if seconds else "HH:mm", locale=locale_of()
    )
    return Markup('<time class="time" datetime="{}" title="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"), exact(instant), text
    )


def on(day: date | None, *, today: date | None = None, full: bool = False) -> Markup:
    """Return a date as people say it, exact on hover; `full` always names day, month and year."""
    if day is None:
        return Markup("<span>–</span>")
    written = format_date(day, "EEEE d MMMM y", locale=locale_of())
    said = written if full else spoken_day(day, today=today or timezone.localdate())
    return Markup('<time class="time" datetime="{}" title="{}">{}</time>').format(
        day.isoformat(), written, said
    )


def month(day: date) -> str:
    """Return the month of a date with its year, short: "okt 2026"."""
    return str(format_date(day, "MMM y", locale=locale_of()))


def number(value: float | Decimal, *, decimals: int | None = None) -> str:
    """Return a number with the language's own marks: 12.400 in Dutch, 12 400 in French."""
    if decimals is None:
        return str(format_decimal(value, locale=locale_of()))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale_of()))


def money(cents: int) -> str:
    """Return an amount in euro from whole cents."""
    return str(format_currency(Decimal(cents) / 100, "EUR", locale=locale_of()))


def duration(length: timedelta | float) -> str:
    """Return a length of time in the largest unit that fits: "4 min", "2 h 5 min", "3 d"."""
    total_s = int(length.total_seconds() if isinstance(length, timedelta) else length)
    if total_s < 60:
        return gettext("{count} s").format(count=max(total_s, 0))
    minutes, hours = total_s // 60, total_s // 3600
    if hours == 0:
        return gettext("{count} min").format(count=minutes)
    if hours < 48:
        text = gettext("{count} h").format(count=hours)
        rest = minutes - hours * 60
        return f"{text} {gettext('{count} min').format(count=rest)}" if rest else text
    return gettext("{count} days").format(count=number(hours // 24))


def lines(text: str) -> Markup:
    """Return plain text with its line ends kept."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())
