"""Settings from the environment: typed, bounded, refused at start with the name.

Every reader also takes the content of the file named by NAME_FILE, for secrets. Each name
stands in docs/reference/settings.md; tests/architecture/test_settings_documented.py compares.
"""

import os
from pathlib import Path


class SettingMissing(Exception):
    """A setting without a default is not set."""


class SettingWrong(Exception):
    """A setting is set to something that cannot be right."""


def _raw(name: str) -> str | None:
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name)


def _where(name: str) -> str:
    return f"See docs/reference/settings.md#{name.lower()}."


def text(name: str, *, default: str | None = None) -> str:
    """Return the variable, or the content of the file named by NAME_FILE.

    :raises SettingMissing: if neither is set and there is no default.
    """
    value = _raw(name)
    if value is None:
        value = default
    if value is None:
        raise SettingMissing(f"{name} is not set. {_where(name)}")
    return value


def number(name: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`, both included.

    :raises SettingWrong: if it is not a number or out of bounds.
    """
    value = _raw(name)
    if value is None:
        return default
    try:
        found = int(value)
    except ValueError:
        raise SettingWrong(f"{name} must be a whole number. {_where(name)}") from None
    if not low <= found <= high:
        raise SettingWrong(f"{name} must lie between {low} and {high}. {_where(name)}")
    return found


def switch(name: str, *, default: bool) -> bool:
    """Return whether a switch is on: 1, true, yes, on; or 0, false, no, off.

    :raises SettingWrong: if it is anything else.
    """
    value = _raw(name)
    if value is None:
        return default
    match value.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off" | "":
            return False
        case _:
            raise SettingWrong(f"{name} must be on or off. {_where(name)}")


def choice(name: str, *, default: str, among: tuple[str, ...]) -> str:
    """Return one of a few words.

    :raises SettingWrong: if it is another.
    """
    value = text(name, default=default)
    if value not in among:
        raise SettingWrong(f"{name} must be one of {', '.join(among)}. {_where(name)}")
    return value


def listed(name: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the comma-separated items, trimmed, empty ones left out."""
    value = _raw(name)
    if value is None:
        return default
    return tuple(item.strip() for item in value.split(",") if item.strip())
