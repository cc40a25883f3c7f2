"""Somebody new, from the record system, while the insurers are away: nobody waits for them."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import speak


@pytest.fixture
def gp(person) -> Page:
    """Doctor Van Dam, in Dutch."""
    page = person("dokter Van Dam")
    speak(page, "nl")
    return page


def insurers(country, **behaviour: object) -> None:
    asked = urllib.request.Request(
        f"{country.outside_url}/insurers/behaviour",
        data=json.dumps(behaviour).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        assert answer.status == 200


def click(page: Page, country) -> str:
    """Let somebody new walk in and click through; return their name."""
    page.goto(f"{country.outside_url}/records")
    page.get_by_role("button", name="Somebody new comes in").click()
    button = page.get_by_role("button", name=re.compile("^Open .* in Standvast$")).first
    name = (button.get_attribute("aria-label") or "")[len("Open ") : -len(" in Standvast")]
    button.click()
    return name


def test_somebody_new_is_registered_while_the_insurers_are_away(gp, country, look):
    page = gp
    with given("the doctor clicks in the record system for the first time"):
        click(page, country)
        page.wait_for_url("**/launch/connect/")
        look(page, "launch-1-connect")
        page.get_by_role("button", name="Dat was ik").click()
        page.wait_for_url("**/patients/*/")

    with given("the insurers refuse every connection"):
        insurers(country, refuse_connections=True)
    with when("somebody new sits in the chair, and the doctor clicks once"):
        name = click(page, country)
        page.wait_for_url("**/patients/*/")
    with then("the patient is there, and the page says that nothing waits for the check"):
        page.get_by_role("heading", name=name, exact=True).wait_for()
        page.get_by_text("Wordt gecontroleerd. U hoeft er niet op te wachten.").wait_for()
        look(page, "launch-2-being-checked")
        page.get_by_text("De verzekeraars antwoorden laat.").wait_for()
        look(page, "launch-3-late")
        for language, words in (("fr", "Les assureurs répondent tard."), ("en", "answer late")):
            speak(page, language)
            page.get_by_text(words).wait_for()
        speak(page, "nl")

    with when("the insurers are back"):
        insurers(country, refuse_connections=False)
    with then("the answer comes by itself, on the page that stands open"):
        page.get_by_text("Antwoord van").wait_for(timeout=120_000)
        assert page.get_by_text("De verzekeraars antwoorden laat.").count() == 0
        look(page, "launch-4-answered")

    with when("the same patient is clicked again"):
        page.goto(f"{country.outside_url}/records")
        page.get_by_role("button", name=f"Open {name} in Standvast").first.click()
    with then("it is the same page, and no number stands in its address"):
        page.wait_for_url("**/patients/*/")
        page.get_by_role("heading", name=name, exact=True).wait_for()
        [number] = re.findall(r"\b9999\d{5}\b", page.locator("main").inner_text())
        assert number not in page.url
        page.goto("/insurance/")
        look(page, "launch-5-to-look-at")
