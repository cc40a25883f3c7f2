"""Journeys: a person, a browser, a whole installation. Given, when, then, in people's words.

They need a Chromium on PATH. Without one they are skipped with a sentence, except in CI.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from standvast.project.installation import Installation, Plan
from tests.journeys.browsers import Browsers
from tests.journeys.looking import Looker, listen

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
PICTURES = Path(__file__).resolve().parents[2] / "var" / "pictures"
PRACTICES = 300
OPENS_IN_S = 30
ACT_MS_MAX = 15_000
JOURNEY_S_MAX = 240
"""After this a journey's browser is ended, so that it fails at whatever it waits for."""
CLOSE_S_MAX = 20
RUN_ENDS_S = 330
"""After this the whole run is ended, with every stack printed: not even the above helped."""
STEP_S_MAX = 1_400
"""After this no further journey begins."""
ORDER = (
    "test_ordering.py",
    "test_office.py",
    "test_patients.py",
    "test_new_patient.py",
    "test_apps.py",
    "test_launches.py",
    "test_claims.py",
    "test_staff.py",
    "test_certificates.py",
    "test_rules.py",
    "test_import.py",
    "test_dashboards.py",
    "test_desk.py",
    "test_neighbours.py",
    "test_releases.py",
    "test_page_kit.py",
    "test_walk.py",
)
"""Who orders waits for the opening first; who walks last finds pages with something on them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser, is slow, and runs in one order, on one country."""
    here = Path(__file__).parent
    mine = [place for place, item in enumerate(items) if here in item.path.parents]
    journeys = sorted((items[place] for place in mine), key=_place_of)
    for place, item in zip(mine, journeys, strict=True):
        items[place] = item
        item.add_marker(pytest.mark.journey)
        item.add_marker(pytest.mark.timeout(RUN_ENDS_S, method="thread"))


def _place_of(item: pytest.Item) -> tuple[int, int, str]:
    assert item.path.name in ORDER, f"{item.path.name}: give it a place in ORDER"
    line = item.reportinfo()[1] or 0
    return ORDER.index(item.path.name), line, item.name


@pytest.fixture(scope="session")
def step_ends_at() -> float:
    """When no further journey begins."""
    return time.monotonic() + STEP_S_MAX


@pytest.fixture(autouse=True)
def in_time(step_ends_at: float, browsers: Browsers) -> Iterator[None]:
    """Hold every journey to its time, and all of them together."""
    if time.monotonic() > step_ends_at:
        pytest.fail(f"The journeys before this one took more than {STEP_S_MAX} s.")
    with browsers.ended_after(JOURNEY_S_MAX):
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the installed Chromium is."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        sentence = "No Chromium on PATH, so no browser journeys: install chromium to run them."
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="session")
def browsers(chromium: str) -> Iterator[Browsers]:
    """One browser for all journeys, and a new one when it ended."""
    with sync_playwright() as playwright:
        kept = Browsers(playwright, executable=chromium, flags=FLAGS)
        yield kept
        kept.close()


@pytest.fixture(scope="session")
def country(chromium: str) -> Iterator[Installation]:
    """A small demo country, running: its practices, office, desk and outside world.

    Its folder is one that the database's system user can reach, and new each time.
    """
    del chromium  # asked first, so that nothing is started in vain
    folder = Path(tempfile.mkdtemp(prefix="standvast-journey-"))
    folder.chmod(0o755)
    plan = Plan(practices=PRACTICES, opens_in_s=OPENS_IN_S, durable=False)
    installation = Installation(folder, plan=plan)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


Visit = Callable[..., Page]


@pytest.fixture
def visitor(
    browsers: Browsers, country: Installation, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """A page of somebody who is not signed in: `visitor(language="fr", width=390)`."""
    contexts: list[BrowserContext] = []
    heard: list[list[str]] = []

    def make(*, language: str = "nl", width: int = 1280, javascript: bool = True) -> Page:
        context = browsers.browser().new_context(
            base_url=country.url,
            reduced_motion="reduce",
            locale={"nl": "nl-NL", "fr": "fr-BE", "en": "en-GB"}[language],
            timezone_id="Europe/Amsterdam",
            viewport={"width": width, "height": 844 if width < 600 else 900},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(ACT_MS_MAX)
        contexts.append(context)
        page = context.new_page()
        heard.append(listen(page))
        return page

    yield make
    complaints = [line for lines in heard for line in lines]
    with browsers.ended_after(CLOSE_S_MAX):  # a page that never rests cannot be closed
        for number, context in enumerate(contexts):
            name = f"last-{request.node.name}-{number}.png".replace("/", ".")
            PICTURES.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(Error):  # a keepsake of how it ended, not a check
                for page in context.pages[-1:]:
                    page.screenshot(path=PICTURES / name, timeout=5_000)
            with contextlib.suppress(Error):
                context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def person(visitor: Visit) -> Visit:
    """A page of a demo persona, signed in with one click: `person("dokter Van Dam")`."""

    def sign_in(name: str, **how: object) -> Page:
        page = visitor(**how)
        page.goto("/accounts/login/")
        page.get_by_role("button", name=name).click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    return sign_in


@pytest.fixture(scope="session")
def looker() -> Looker:
    """Takes pictures into `var/pictures`, runs axe, weighs; figures go to `figures.jsonl`."""
    return Looker(PICTURES)


@pytest.fixture
def look(looker: Looker) -> Callable[..., None]:
    """`look(page, name)`: pictures in three widths, light and dark; axe; weight; no shift."""
    return looker.look
