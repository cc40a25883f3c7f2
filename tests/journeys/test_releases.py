"""A release meets its gates: a late change, stale evidence, a Friday, a broken glass."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from standvast.project.installation import Installation
from tests.journeys.looking import given, then, when
from tests.journeys.people import moment, speak

FIRST, LATE = "a" * 64, "b" * 64
FRIDAY = 4
Release = Callable[..., int]


@pytest.fixture
def desk(person) -> Page:
    """Omar Haddou, in Dutch."""
    page = person("Omar Haddou")
    speak(page, "nl")
    return page


@pytest.fixture
def release(country: Installation) -> Release:
    """Ask the command, as a pipeline does; its exit status."""

    def run(*words: str) -> int:
        asked = [sys.executable, "-m", "standvast", "release", *words]
        return subprocess.run(
            asked, env=country.environment(), capture_output=True, timeout=60, check=False
        ).returncode

    return run


def friday_evening() -> datetime:
    """Return 22:00 on a Friday to come."""
    today = datetime.now(UTC)
    ahead = (FRIDAY - today.weekday()) % 7 or 7
    return (today + timedelta(days=ahead)).replace(hour=22, minute=0)


def retest(release: Release) -> int:
    figures = json.dumps({"failed": 0, "passed": 812, "newly_skipped": 0})
    return release("evidence", "5.85", "retest", "ok", "--figures", figures)


def row_of(page: Page, gate: str) -> str:
    return page.locator("#gates tr", has_text=gate).inner_text()


def test_a_late_change_voids_what_was_shown(desk, release, look):
    page = desk
    with given("a release is planned for a Friday evening, and tested"):
        page.goto("/desk/releases/")
        look(page, "releases-1-empty")
        page.locator("#act-plan > summary").click()
        page.locator("[name=version]").fill("5.85")
        page.locator("[name=digest]").fill(FIRST)
        page.locator("[name=planned_at]").fill(moment(friday_evening()))
        page.locator("#act-plan form button").click()
        page.wait_for_url("**/desk/releases/5.85/")
        assert retest(release) == 0
        page.reload()
        assert "Aangetoond van deze bouw" in row_of(page, "Hertest")

    with when("the build changes after acceptance"):
        page.locator("#act-build > summary").click()
        page.locator("#act-build [name=digest]").fill(LATE)
        page.locator("#act-build form button").click()
        page.wait_for_load_state()
    with then("the page says that the test does not count, and a pipeline is refused"):
        assert "De bouw is veranderd sinds dit werd aangetoond" in row_of(page, "Hertest")
        assert release("check", "5.85") == 1
        look(page, "releases-2-late-change")
        assert retest(release) == 0
        page.reload()
        assert "Aangetoond van deze bouw" in row_of(page, "Hertest")

    with then("the planned time is refused with its sentence"):
        page.get_by_text("Het is vrijdag: wat nu stukgaat, blijft het weekend stuk.").wait_for()

    with when("the new build goes to test, and somebody looks at the calendar of others"):
        page.get_by_role("button", name="Het staat daar nu").click()
        page.get_by_text("wordt beproefd").wait_for()
        page.get_by_role("button", name="Daar afgerond").click()
        page.get_by_role("button", name="Ik heb naar de kalender").click()
    with then("it lacks acceptance, and a pipeline is not let past it either"):
        page.get_by_text("Deze bouw is niet afgerond in acceptatie.").first.wait_for()
        assert "Aangetoond van deze bouw" in row_of(page, "Wijzigingen van buiten")
        assert release("start", "5.85") == 1
        assert release("start", "5.85", "--in", "acceptance") == 0
        page.reload()
        look(page, "releases-5-road")

    with when("somebody starts it all the same"):
        page.get_by_role("button", name="Nu starten").click()
        page.get_by_text("Er is nog niets aangetoond.").first.wait_for()
    with when("two people break the glass"):
        page.goto("/desk/releases/5.85/")
        page.locator("#act-break-glass > summary").click()
        page.locator("[name=first_name]").fill("Anneke Smit")
        page.locator("[name=second_name]").fill("Bart Mulder")
        page.locator("[name=reason]").fill("Niemand kan aanmelden.")
        page.locator("#act-break-glass form button").click()
        page.wait_for_load_state()
    with then("it starts, and what they did stands above everything, in each language"):
        page.get_by_role("button", name="Nu starten").click()
        page.get_by_role("button", name="Afronden").click()
        page.get_by_text(re.compile("Anneke Smit en Bart Mulder")).wait_for()
        look(page, "releases-3-glass")
        for language, heading in (("fr", "Étapes"), ("en", "Gates")):
            speak(page, language)
            page.locator("#gates caption", has_text=heading).wait_for()
        page.goto("/desk/releases/")
        page.get_by_text("5.85").first.wait_for()
        look(page, "releases-4-register")
