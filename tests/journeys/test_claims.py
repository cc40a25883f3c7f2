"""A quarter's claims from list to paid, by keyboard alone, while the insurers are away a moment."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import TABS_MAX, speak, tab_to
from tests.journeys.test_new_patient import insurers

COME_MS_MAX = 90_000
"""Answers come in two parts, and then the payment."""
POINTED = "addEventListener('pointerdown', () => sessionStorage.setItem('pointed', 'yes'), true)"
"""Remembers whether anybody used a mouse, over all pages of this visit."""
PREPARE = "form[action='/claims/prepare/'] button"
LOOK_THROUGH = "button[name=then][value=submit]"
SUBMIT = "form:has(input[name=lines_count]) button"


@pytest.fixture
def gp(person) -> Page:
    """Doctor Van Dam, in Dutch; the mouse is put away."""
    page = person("dokter Van Dam")
    speak(page, "nl")
    page.add_init_script(POINTED)
    return page


def come(page: Page, words: str) -> None:
    """Wait until the page that stands open says so by itself."""
    page.locator("#sums .badge", has_text=re.compile(f"^{words}$")).wait_for(timeout=COME_MS_MAX)


def press(page: Page, selector: str) -> None:
    """Walk to something by Tab, press Enter, and wait for the page that follows."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to_words(page: Page, words: str) -> None:
    """Walk by Tab until the focus is on what says these words."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.textContent.trim() === wanted", words):
            return
    raise AssertionError(f"no Tab leads to “{words}”")


def say_it_in(page: Page, language: str) -> None:
    """Choose a language by keyboard."""
    press(page, f"form.top__languages button[value={language}]")
    page.wait_for_function("wanted => document.documentElement?.lang === wanted", arg=language)


def path_of(page: Page) -> str:
    """Return the address of the page that stands open, without what follows it."""
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)


def test_a_quarters_claims_from_list_to_paid(gp, country, look):
    page = gp
    with given("a quarter of chain care that nobody claimed yet"):
        press(page, "a[href='/claims/']")
        look(page, "claims-1-empty")
    with when("the doctor prepares it"):
        press(page, PREPARE)
        bundle = path_of(page)
    with then("it says who must be decided about, and what stays here and why"):
        page.get_by_role("heading", name=re.compile("^Declaraties voor Diabetes")).wait_for()
        page.get_by_role("heading", name="Te beslissen").wait_for()
        assert page.get_by_role("button", name="Nakijken en indienen").count() == 0
        look(page, "claims-2-deciding")
        for language, words in (("fr", "À décider"), ("en", "To decide")):
            say_it_in(page, language)
            page.get_by_role("heading", name=words).wait_for()
        say_it_in(page, "nl")

    with when("the doctor decides: one is here, the others are elsewhere"):
        press(page, "button[name=main][value=here]")
        while page.locator("button[name=main][value=elsewhere]").count():
            press(page, "button[name=main][value=elsewhere]")
    with given("the insurers are away"):
        insurers(country, refuse_connections=True, claims_after_s=1.0, claims_reject_share=0.3)
    with when("the doctor looks through what can go, and submits it"):
        press(page, LOOK_THROUGH)
        page.get_by_role("heading", name=re.compile("indienen$")).wait_for()
        look(page, "claims-3-preview")
        press(page, SUBMIT)
        assert path_of(page) == bundle
    with then("it is received, and nothing waits for the insurers"):
        page.get_by_text("Ontvangen").wait_for()
        look(page, "claims-4-received")

    with when("the insurers are back"):
        insurers(country, refuse_connections=False)
    with then("it arrives, is answered and paid by itself"):
        come(page, "betaald")
        page.get_by_text("Aangekomen").wait_for()
        page.reload()
        look(page, "claims-5-paid")
        press(page, f"a[href='{bundle}paid/']")
        page.get_by_role("heading", name=re.compile("^B[0-9A-F]+, betaald")).wait_for()
        look(page, "claims-6-specification")
        tab_to(page, f"a[href='{bundle}paid.csv']")
        with page.expect_download() as sheet:
            page.keyboard.press("Enter")
        assert sheet.value.suggested_filename.startswith("paid-dm2-")
        press(page, f"a[href='{bundle}']")

    with when("the doctor claims anew what was rejected"):
        insurers(country, claims_reject_share=0.0)
        press(page, "a[href^='?show=rejected']")
        press(page, "#claim-lines tbody a")
        page.get_by_role("button", name="Opnieuw declareren").wait_for()
        look(page, "claims-7-rejected")
        press(page, "form[action$='/correct/'] button")
        press(page, f"a[href='{bundle}']")
        press(page, LOOK_THROUGH)
        press(page, SUBMIT)
    with then("it goes as a second message, and is paid as well"):
        come(page, "betaald")
        page.reload()
        assert page.get_by_role("link", name="FHIR, bericht 2").count() == 1

    with when("the doctor looks where the amount comes from"):
        press(page, "#claim-lines tbody a")
        name = page.get_by_role("heading", level=1).inner_text()
        press(page, "a[href*='#tariff-']")
    with then("the tariff stands there with the day from which it counts"):
        page.locator("tr:target").wait_for()
        look(page, "claims-8-tariffs")

    with when("the doctor records what was done for one of these patients"):
        press(page, "a[href='/claims/']")
        press(page, "a[href='/claims/partners/']")
        look(page, "claims-9-partners")
        press(page, "a[href='/patients/']")
        tab_to(page, "main input[name=text]")
        page.keyboard.type(name.partition(",")[0])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        tab_to_words(page, name)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.get_by_role("heading", name="Ketenzorg").wait_for()
        tab_to_words(page, "Vastleggen wat is gedaan")
        page.keyboard.press("Enter")
        tab_to(page, "select[name=what]")
        press(page, "form[action$='/activity/'] button")
    with then("it stands on the card, with who did it"):
        page.get_by_text("dokter Van Dam").nth(1).wait_for()
        look(page, "claims-10-card")
        assert page.evaluate("() => sessionStorage.getItem('pointed')") is None


def test_who_keeps_the_tariffs_sets_one_by_keyboard(person, look):
    with given("the programme office, at the tariffs"):
        page = person("Mieke de Groot")
        speak(page, "nl")
        page.add_init_script(POINTED)
        press(page, "a[href='/claims/tariffs/']")
        look(page, "tariffs-1-kept")
    with when("an amount is set for a year from now"):
        tab_to(page, "select[name=what]")
        page.keyboard.press("ArrowDown")
        tab_to(page, "input[name=from_on]")
        for key in ("ArrowRight", "ArrowRight", "ArrowUp"):  # its year, the last of three parts
            page.keyboard.press(key)
        tab_to(page, "input[name=amount]")
        page.keyboard.type("64,15")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    with then("it stands there, to count from then on, with who set it"):
        page.get_by_text("telt vanaf dan").first.wait_for()
        page.get_by_text("€ 64,15").first.wait_for()
        look(page, "tariffs-2-set")
    with when("it is taken back"):
        press(page, "form[action$='/take-back/'] button")
    with then("it stays as history"):
        page.get_by_text("teruggenomen").first.wait_for()
        assert page.locator("form[action$='/take-back/']").count() == 0
        assert page.evaluate("() => sessionStorage.getItem('pointed')") is None
