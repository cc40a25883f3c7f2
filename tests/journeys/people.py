"""What several journeys do alike: walk by Tab, fill in, read the simulated mail."""

import json
import urllib.request
from datetime import datetime

from playwright.sync_api import Page

TABS_MAX = 400


def tab_to(page: Page, selector: str) -> None:
    """Walk by Tab until the focus is on what the selector names, as somebody without a mouse."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def enter(page: Page, selector: str) -> None:
    """Walk by Tab to what the selector names and press Enter; wait for the page that follows."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, selector: str, words: str) -> None:
    """Walk by Tab to a field, and put these words in place of what stands there."""
    tab_to(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def mails(outside_url: str) -> list[dict[str, object]]:
    """Return the mails that the simulated server accepted."""
    with urllib.request.urlopen(f"{outside_url}/mail/messages", timeout=5) as answer:
        told = json.load(answer)
    found = told if isinstance(told, list) else told["messages"]
    return list(found)


def mail_server(outside_url: str, **behaviour: object) -> None:
    """Let the simulated mail server be well, slow or away."""
    asked = urllib.request.Request(
        f"{outside_url}/mail/behaviour",
        data=json.dumps(behaviour).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        assert answer.status == 200


def speak(page: Page, language: str) -> None:
    """Choose a language as people do, by the switch on the page."""
    form = page.locator("form.top__languages")
    form.locator(f"button[value={language}]").click()
    page.wait_for_function("wanted => document.documentElement?.lang === wanted", arg=language)


def moment(at: datetime) -> str:
    """Return an instant as a field for date and time takes it."""
    return at.strftime("%Y-%m-%dT%H:%M")
