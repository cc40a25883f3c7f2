"""A doctor opens the laboratory with a patient in hand; it breaks, is greyed alone, and heals."""

import json
import re
import time
import urllib.request

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import speak

FOUND_MS_MAX = 75_000
"""A minute, and a page's own time."""
AGAIN_MS = 2_000


def lab(country, **behaviour: object) -> None:
    asked = urllib.request.Request(
        f"{country.outside_url}/targets/orders/behaviour",
        data=json.dumps(behaviour).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        assert answer.status == 200


@pytest.fixture
def gp(person, country):
    """Doctor Van Dam, in Dutch."""
    page = person("dokter Van Dam")
    speak(page, "nl")
    yield page
    lab(country, answers="well")


def a_patient(page: Page) -> str:
    """Register somebody, so that this journey knows them; return their page's address."""
    page.goto("/patients/new/")
    page.locator("main input[name=family]").fill("Doorklik")
    page.locator("main input[name=birth_on]").fill("1971-05-04")
    page.locator("main form .acts button").click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/"))
    return page.url


def until(page: Page, address: str, holds) -> None:
    """Open a page again and again until something holds."""
    ends = time.monotonic() + FOUND_MS_MAX / 1_000
    while True:
        page.goto(address)
        if holds():
            return
        assert time.monotonic() < ends, f"not within {FOUND_MS_MAX} ms: {address}"
        page.wait_for_timeout(AGAIN_MS)


def apps_of(card: Locator):
    """Return whether an app stands on the card: the demo opens them once its pages are served."""
    return lambda name: card.get_by_role("button", name=name).count()


def test_one_system_breaks_is_greyed_alone_and_heals(gp, person, country, look):
    page = gp
    card = page.locator("#launches")
    lab_button = card.get_by_role("button", name="Laboratorium Noord")

    with given("a patient, whose page has the systems that open with them"):
        there = a_patient(page)
        until(page, there, lambda: all(map(apps_of(card), ("Groeicurve", "Dienstrooster"))))
        look(page, "out-1-patient")
    with when("the doctor opens the laboratory"):
        lab_button.click()
    with then("it shows the patient, and nothing of them stands in its address"):
        page.get_by_role("heading", name="New order").wait_for()
        assert "Doorklik" in page.locator("main").inner_text()
        assert "/targets/orders/open" in page.url
        assert "?" not in page.url
        page.go_back()
        page.wait_for_url(there)

    with when("the laboratory shows its page to sign in since its update"):
        well_count = card.get_by_role("button").count()
        lab(country, answers="sign-in")
        until(page, there, lambda: card.get_by_text("Er verschijnt een aanmeldpagina").count())
    with then("it is greyed with the reason and what to do, and the others are not"):
        assert lab_button.count() == 0
        assert card.get_by_text("papieren formulier").count() == 1
        assert card.get_by_text("Sinds").count() == 1
        assert card.get_by_role("button").count() == well_count - 1
        look(page, "out-2-greyed")
        card.get_by_role("button", name="Regionale diagnostiek").click()
        page.get_by_role("heading", name="Choose an examination").wait_for()
    with then("it has a page of its own, and lets the doctor try anyway"):
        page.goto(there)
        card.get_by_role("link", name="Laboratorium Noord").click()
        page.get_by_role("button", name="Toch proberen").wait_for()
        look(page, "out-3-one")
        page.get_by_role("button", name="Toch proberen").click()
        page.get_by_role("heading", name="Sign in to Lab orders").wait_for()
        page.goto("/launch/out/")
        look(page, "out-4-all")

    with when("the desk looks"):
        desk = person("Lies Vermeer")
        speak(desk, "nl")
        desk.goto("/desk/launches/")
    with then("it knows which one, why, and how much it is used"):
        row = desk.get_by_role("row", name=re.compile("Laboratorium Noord"))
        assert "Er verschijnt een aanmeldpagina" in row.inner_text()
        look(desk, "out-5-desk")
        desk.goto("/desk/incidents/")
        desk.get_by_text(re.compile("Doorklikken tussen systemen")).first.wait_for()

    with when("the laboratory is well again"):
        lab(country, answers="well")
        until(page, there, lab_button.count)
    with then("it opens again, with nobody having done anything"):
        lab_button.click()
        page.get_by_role("heading", name="New order").wait_for()


def test_a_click_goes_on_without_javascript(visitor, country):
    page = visitor(javascript=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="dokter Van Dam").click()
    with given("a patient"):
        a_patient(page)
    with when("the doctor opens the laboratory and presses on"):
        page.locator("#launches").get_by_role("button", name="Laboratorium Noord").click()
        page.locator("form[data-go] button").click()
    with then("it shows the patient"):
        page.get_by_role("heading", name="New order").wait_for()
        assert "Doorklik" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_apps_of_the_demo_open_with_the_patient_and_with_the_person(width, person, look):
    page = person("dokter Van Dam", width=width)
    with given("a patient, among whose systems an app stands"):
        there = a_patient(page)
        card = page.locator("#launches")
        until(page, there, card.get_by_role("button", name="Groeicurve").count)
        if width == 1280:
            look(page, "out-9-apps")
    with when("the doctor opens it, and says yes if it is the first time"):
        card.get_by_role("button", name="Groeicurve").click()
        let_in(page)
    with then("it shows the patient, whom it read by itself"):
        page.get_by_role("heading", name="Growth over the years").wait_for()
        assert "Doorklik" in page.locator("main").inner_text()
        assert "1971-05-04" in page.locator("main").inner_text()
        assert "Doorklik" not in page.url
    with when("the doctor opens the roster, which is about nobody"):
        page.goto("/launch/out/")
        page.get_by_role("button", name="Dienstrooster").click()
        let_in(page)
    with then("it knows who came"):
        page.get_by_role("heading", name="Who is on duty").wait_for()
        assert "Van Dam" in page.locator("main").inner_text()


def let_in(page: Page) -> None:
    """Say yes if the app asks; it does so the first time only."""
    page.locator("button[name=decision][value=yes], main dl").first.wait_for()
    yes = page.locator("button[name=decision][value=yes]")
    if yes.count():
        yes.click()
    page.wait_for_url(re.compile(r"/callback"))


def test_the_desk_lets_people_through_to_a_next_version_after_its_walk(person, country, look):
    page = person("Lies Vermeer")
    speak(page, "nl")
    with given("a system that people click through to"):
        page.goto("/desk/launches/")
        page.get_by_role("link", name="Apotheekportaal").click()
        look(page, "out-6-desk-one")
    with when("a next version is proposed whose page will not say what was agreed"):
        page.get_by_role("link", name="Een volgende versie voorstellen").click()
        look(page, "out-7-desk-form")
        page.get_by_label("Woorden op de pagina").fill("Somewhere else")
        page.get_by_role("button", name="Voorstellen en doorlopen").click()
    with then("its walk failed, and it cannot be made live"):
        page.get_by_text("Op de pagina staat ‘Somewhere else’ niet.").wait_for()
        assert page.get_by_role("button", name="In gebruik nemen").count() == 0
        look(page, "out-8-desk-refused")
    with when("it is mended"):
        page.get_by_role("link", name="Een volgende versie voorstellen").click()
        page.get_by_label("Woorden op de pagina").fill("Medication overview")
        page.get_by_role("button", name="Voorstellen en doorlopen").click()
        page.get_by_role("button", name="In gebruik nemen").click()
    with then("people get it from now on, and it can be taken back"):
        page.get_by_role("button", name="Terug naar de versie ervoor").click()
        page.get_by_role("heading", name="Apotheekportaal").wait_for()
