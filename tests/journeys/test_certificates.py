"""A certificate is replaced: a wrong one is told and goes no further, a right one is used."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from standvast.outside.api import Authority, Issued, Issuer
from standvast.project.installation import OUR_NUMBER
from tests.journeys.looking import given, then, when
from tests.journeys.people import speak, tab_to

ADDRESS = "/desk/certificates/coverage/"
SAID = {
    "of the test authority": "Het is uitgegeven door een TEST-uitgever",
    "of another": f"ons nummer is {OUR_NUMBER}.",
    "over": "Het is niet meer geldig sinds",
    "for servers": "Het mag niet door een client worden getoond",
    "with another's key": "De privésleutel hoort bij een ander certificaat.",
}
TOOK = "De andere kant nam het aan"


@pytest.fixture
def lead(person) -> Page:
    """Lies Vermeer, in Dutch."""
    page = person("Lies Vermeer")
    speak(page, "nl")
    return page


@pytest.fixture
def issue(country):
    """Ask the simulated authority for a certificate, as right or wrong as wanted."""
    authority = Authority(country.authority_folder, now=datetime.now(UTC))

    def ask(days: float = 45, **wanted) -> Issued:
        now = datetime.now(UTC)
        asked = {"organisation": "Standvast", "agb": OUR_NUMBER, **wanted}
        since = now - timedelta(days=500)
        return authority.client(
            valid_from=since, valid_until=now + timedelta(days=days, hours=1), **asked
        )

    return ask


def wrong_ones(issue) -> dict[str, Issued]:
    return {
        "of the test authority": issue(issuer=Issuer.TEST),
        "of another": issue(agb="01999999"),
        "over": issue(days=-2),
        "for servers": issue(is_for_clients=False),
        "with another's key": Issued(issue().certificate, issue().key),
    }


def hand_in(page: Page, made: Issued) -> None:
    page.goto(f"{ADDRESS}hand-in/")
    page.locator("[name=chain]").fill(made.certificate.decode())
    page.locator("[name=key]").fill(made.key.decode())
    tab_to(page, "main form .acts button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ADDRESS}")


def switch(page: Page) -> None:
    page.get_by_role("button", name="Nu overstappen").click()
    page.get_by_role("heading", name="Het volgende", exact=True).wait_for(state="detached")


def table_of(page: Page, slot: str) -> str:
    return page.locator(f"#checks-{slot}").inner_text()


def test_a_certificate_is_replaced_and_taken_back(lead, issue, look):
    page = lead
    with given("one is in use, which proved itself when the installation was set up"):
        page.goto("/desk/certificates/")
        look(page, "certificates-1-all")
        page.get_by_role("link", name="Dekking navragen bij verzekeraars").click()
        page.wait_for_url(f"**{ADDRESS}")
        assert TOOK in table_of(page, "current")
        page.get_by_role("link", name="Certificaat aanleveren").click()
        look(page, "certificates-2-hand-in")

    with when("something that is no certificate is handed in"):
        page.locator("[name=chain]").fill("dit is niets")
        page.locator("[name=key]").fill(issue().key.decode())
        page.locator("main form .acts button").click()
    with then("that is said, and the key is not shown again"):
        page.get_by_text("Dit is geen certificaat.").wait_for()
        assert page.locator("[name=key]").input_value() == ""
        assert page.locator("[name=chain]").input_value() == "dit is niets"

    for kind, made in wrong_ones(issue).items():
        with when(f"one {kind} is handed in"):
            hand_in(page, made)
        with then("the page says what is wrong, and there is no switching to it"):
            assert SAID[kind] in table_of(page, "next")
            assert page.get_by_role("button", name="Nu overstappen").count() == 0
    look(page, "certificates-3-wrong")

    with when("a right one is handed in"):
        hand_in(page, issue(days=45))
    with then("the other side took it, and it can be switched to"):
        assert TOOK in table_of(page, "next")
        look(page, "certificates-4-right")
        switch(page)
        assert "Dagen over: 45" in table_of(page, "current")

    with when("its successor is switched to, and taken back"):
        hand_in(page, issue(days=400))
        switch(page)
        assert "Dagen over: 400" in table_of(page, "current")
        look(page, "certificates-5-switched")
        page.get_by_role("button", name="Nu naar dit certificaat terug").click()
        page.get_by_role("heading", name="Het vorige", exact=True).wait_for(state="detached")
    with then("the one before is in use again, and the other waits, in each language"):
        assert "Dagen over: 45" in table_of(page, "current")
        assert "Dagen over: 400" in table_of(page, "next")
        for language, heading in (("fr", "En service"), ("en", "In use")):
            speak(page, language)
            page.get_by_role("heading", name=heading, exact=True).wait_for()
