"""A certificate is replaced: a wrong one is told and goes no further, a right one is used."""

import pytest
from playwright.sync_api import Page

from standvast.core.certificates.testing import Authority, Made, wrong_ones
from tests.journeys.insurer import Insurer
from tests.journeys.looking import given, then, when
from tests.journeys.people import speak, tab_to

ADDRESS = "/desk/certificates/coverage/"
SAID = {
    "key.differs": "De privésleutel hoort bij een ander certificaat.",
    "issuer.stranger": "die wordt hier niet verwacht.",
    "issuer.chain_broken": "De keten breekt:",
    "use.not_client": "Het mag niet door een client worden getoond",
    "valid.over": "Het is niet meer geldig sinds",
    "valid.not_yet": "Het is pas geldig vanaf",
    "subject.other": "Er staat 00009999 in; ons nummer is 00001234.",
    "strength.weak": "De sleutel is te zwak: RSA 1024.",
}
TOOK = "De andere kant nam het aan"


@pytest.fixture
def lead(person) -> Page:
    """Lies Vermeer, in Dutch."""
    page = person("Lies Vermeer")
    speak(page, "nl")
    return page


def hand_in(page: Page, made: Made) -> None:
    page.goto(f"{ADDRESS}hand-in/")
    page.locator("[name=chain]").fill(made.chain_pem)
    page.locator("[name=key]").fill(made.key_pem)
    tab_to(page, "main form .acts button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ADDRESS}")


def switch(page: Page) -> None:
    page.get_by_role("button", name="Nu overstappen").click()
    page.get_by_role("heading", name="Het volgende", exact=True).wait_for(state="detached")


def table_of(page: Page, slot: str) -> str:
    return page.locator(f"#checks-{slot}").inner_text()


def test_a_certificate_is_replaced_and_taken_back(lead, insurer: Insurer, look):
    page = lead
    with given("nothing was handed in yet"):
        page.goto("/desk/certificates/")
        look(page, "certificates-1-all")
        page.get_by_role("link", name="Dekking navragen bij verzekeraars").click()
        page.wait_for_url(f"**{ADDRESS}")
        page.get_by_role("link", name="Certificaat aanleveren").click()
        look(page, "certificates-2-hand-in")

    with when("something that is no certificate is handed in"):
        page.locator("[name=chain]").fill("dit is niets")
        page.locator("[name=key]").fill(insurer.authority.issue().key_pem)
        page.locator("main form .acts button").click()
    with then("that is said, and the key is not shown again"):
        page.get_by_text("Dit is geen certificaat.").wait_for()
        assert page.locator("[name=key]").input_value() == ""
        assert page.locator("[name=chain]").input_value() == "dit is niets"

    wrongs = wrong_ones(insurer.authority, Authority("Vreemde CA"))
    assert set(wrongs) == set(SAID)
    for code, made in wrongs.items():
        with when(f"one is handed in of which {code} is told"):
            hand_in(page, made)
        with then("the page says what is wrong, and there is no switching to it"):
            assert SAID[code] in table_of(page, "next")
            assert page.get_by_role("button", name="Nu overstappen").count() == 0
    look(page, "certificates-3-wrong")

    with when("a right one is handed in"):
        hand_in(page, insurer.authority.issue(days=45))
    with then("the other side took it, and it can be switched to"):
        assert TOOK in table_of(page, "next")
        look(page, "certificates-4-right")
        switch(page)
        assert TOOK in table_of(page, "current")

    with when("its successor is switched to, and taken back"):
        hand_in(page, insurer.authority.issue(days=400))
        switch(page)
        assert "Dagen over: 399" in table_of(page, "current")
        look(page, "certificates-5-switched")
        page.get_by_role("button", name="Nu naar dit certificaat terug").click()
        page.get_by_role("heading", name="Het vorige", exact=True).wait_for(state="detached")
    with then("the one before is in use again, and the other waits, in each language"):
        assert "Dagen over: 44" in table_of(page, "current")
        assert "Dagen over: 399" in table_of(page, "next")
        for language, heading in (("fr", "En service"), ("en", "In use")):
            speak(page, language)
            page.get_by_role("heading", name=heading, exact=True).wait_for()
