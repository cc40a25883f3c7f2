"""A practice's register: somebody new is at the counter, with a typing error, and a double."""

import pytest
from playwright.sync_api import Page

from standvast.registry.patients.testing import BSNS
from tests.journeys.looking import given, then, when
from tests.journeys.people import speak, tab_to


@pytest.fixture
def gp(person) -> Page:
    """Doctor Van Dam, in Dutch."""
    page = person("dokter Van Dam")
    speak(page, "nl")
    return page


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def keep(page: Page) -> None:
    tab_to(page, "main form .acts button")
    page.keyboard.press("Enter")


def test_somebody_new_is_registered_found_and_turns_out_to_be_known(gp, look):
    page = gp
    with given("the doctor registers somebody, with a typing error in the number"):
        page.goto("/patients/")
        look(page, "patients-1-search")
        page.get_by_role("link", name="Patiënt inschrijven").click()
        page.wait_for_url("**/patients/new/")
        fill(page, family="Zonderling", family_prefix="van der", given="Anna", bsn="123456789")
        fill(page, birth_on="1962-03-15")
        keep(page)
    with then("the error is told, and what was typed stands"):
        page.get_by_text("In dit BSN zit een typefout").wait_for()
        assert page.locator("[name=family]").input_value() == "Zonderling"
        look(page, "patients-2-wrong")

    with when("it is mended"):
        fill(page, bsn=BSNS[4])
        keep(page)
    with then("the patient is there, and no number stands in the address"):
        page.get_by_role("heading", name="Anna van der Zonderling").wait_for()
        assert BSNS[4] not in page.url
        look(page, "patients-3-patient")
        address = page.url

    with when("the same person was registered before under another name"):
        page.goto("/patients/new/")
        fill(page, family="Meisjesnaam", given="Anna", birth_on="1962-03-15")
        keep(page)
        page.get_by_role("heading", name="Anna Meisjesnaam").wait_for()
        page.goto(address)
        page.get_by_role("link", name="Een andere inschrijving is dezelfde persoon").click()
        fill(page, text="meisjes")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Meisjesnaam, Anna is dezelfde persoon").click()
    with then("both names find one patient"):
        page.get_by_role("heading", name="Dubbele inschrijvingen").wait_for()
        look(page, "patients-4-doubles")
        page.goto("/patients/")
        fill(page, text="meisjes 15-3-1962")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Zonderling, Anna van der").click()
        page.get_by_role("heading", name="Anna van der Zonderling").wait_for()

    with when("the patient asks who looked"):
        page.get_by_role("link", name="Wie keek").click()
    with then("the list names the doctor, in each language"):
        page.get_by_role("heading", name="Wie keek").wait_for()
        assert "dokter Van Dam" in page.locator("main table").inner_text()
        look(page, "patients-5-looks")
        for language, heading in (("fr", "Qui a consulté"), ("en", "Who looked")):
            speak(page, language)
            page.goto(f"{address}looks/")
            page.get_by_role("heading", name=heading).wait_for()
