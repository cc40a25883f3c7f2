"""A rule that is too strict: names first, then an exception, then enforced, then taken back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import enter, moment, speak, tab_to, type_into

STRICT = """@id("patients.gps-only")
@sentence("Alleen huisartsen zien patiënten")
forbid (principal, action == Action::"patients.see", resource)
when { principal.role != "gp" };
"""
FORGOTTEN = STRICT.replace('"gp" };', "};")


@pytest.fixture
def desk(person) -> Page:
    """Omar Haddou, in Dutch."""
    page = person("Omar Haddou")
    speak(page, "nl")
    return page


@pytest.fixture
def lead(person) -> Page:
    """Lies Vermeer, in Dutch."""
    page = person("Lies Vermeer")
    speak(page, "nl")
    return page


@pytest.fixture
def assistant(person) -> Page:
    """Sanne Bakker, who looks at patients all day."""
    page = person("Sanne Bakker")
    speak(page, "nl")
    return page


def press(page: Page, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
    with page.expect_navigation():
        (within or page).get_by_role("button", name=name, exact=exact).first.click()


def sees_patients(page: Page) -> bool:
    answer = page.goto("/patients/")
    assert answer is not None
    return answer.status == 200


def test_a_rule_that_is_too_strict_meets_names_before_people(desk, lead, assistant, look):
    with given("an assistant works with patients, and somebody proposes that only GPs do"):
        assert sees_patients(assistant)
        desk.goto("/desk/access/")
        look(desk, "rules-1-desk")
        desk.get_by_role("link", name="Een wijziging voorstellen").click()
        desk.locator("[name=text]").fill(FORGOTTEN)
        desk.locator("[name=why]").fill("Strengere regel uit 5.85")
        press(desk, "Voorstellen")
    with then("a mistake is told by its line, and the text stands as it was"):
        desk.locator("#faults").get_by_text("Regel 4").wait_for()
        look(desk, "rules-2-line")
        assert "principal.role !=" in desk.locator("[name=text]").input_value()

    with when("the mistake is mended, and it runs in the shadow"):
        desk.locator("[name=text]").fill(STRICT)
        tab_to(desk, "main form .acts button")
        desk.keyboard.press("Enter")
        desk.wait_for_url(re.compile(r"/desk/access/\d+/$"))
        address = desk.url
        press(desk, "In de schaduw laten meelopen")
    with then("who would lose what stands there by name, and nobody notices anything"):
        desk.locator("#losses").get_by_text("Sanne Bakker").wait_for()
        assert sees_patients(assistant)
        look(desk, "rules-3-names")

    with when("a second person approves it, and it is enforced all the same"):
        lead.goto(address)
        press(lead, "Goedkeuren")
        press(lead, "Laten ingaan")
    with then("that is refused, with how many it would shut out"):
        lead.get_by_text("zouden verliezen wat ze hebben").wait_for()
        assert sees_patients(assistant)

    with when("she gets an exception with an end, and it is enforced"):
        lead.goto(address)
        row = lead.locator("#losses tr", has_text="Sanne Bakker").first
        row.locator("summary").click()
        row.locator("[name=until_at]").fill(moment(datetime.now(UTC) + timedelta(days=3)))
        row.locator("[name=why]").fill("Tot de code is hersteld")
        look(lead, "rules-4-exception")
        press(lead, "Laten houden", within=row)
        press(lead, "Laten ingaan")
    with then("it is in force; she goes on working, and her exception is there to see"):
        lead.get_by_role("button", name="Terugdraaien", exact=True).wait_for()
        assert sees_patients(assistant)
        lead.goto("/desk/access/")
        lead.locator("#exceptions").get_by_text("Sanne Bakker").wait_for()
        look(lead, "rules-5-enforced")

    with when("her exception ends before its time"):
        press(lead, "Beëindigen", within=lead.locator("#exceptions"), exact=False)
    with then("she is refused: which rule, whom to ask; and she asks"):
        assert not sees_patients(assistant)
        assistant.get_by_text("patients.gps-only").wait_for()
        look(assistant, "rules-6-refused")
        press(assistant, "Vraag het aan")
        assistant.get_by_text("U hebt dit aangevraagd").wait_for()

    with when("it is taken back, in one act"):
        lead.goto(address)
        press(lead, "Terugdraaien")
    with then("she works on at once, and each language says that it was taken back"):
        assert sees_patients(assistant)
        for language, said in (("fr", "annulée"), ("en", "taken back")):
            speak(lead, language)
            lead.get_by_text(re.compile(said, re.IGNORECASE)).first.wait_for()


def test_a_rule_goes_from_proposal_to_in_force_and_back_by_keyboard_alone(
    desk, lead, assistant, look
):
    def act(page: Page, name: str) -> None:
        enter(page, f"form[action$='/{name}/'] button")

    with given("somebody without a mouse proposes a rule"):
        assert sees_patients(assistant)
        desk.goto("/desk/access/")
        enter(desk, "main a[href$='/propose/'], header a[href$='/propose/']")
        type_into(desk, "[name=text]", STRICT.replace("gps-only", "keyboard"))
        type_into(desk, "[name=why]", "Zonder muis")
        enter(desk, "main form .acts button")
        address = desk.url
        assert re.search(r"/desk/access/\d+/$", address)
        look(desk, "rules-k1-proposed")
    with when("it runs in the shadow"):
        act(desk, "shadow")
    with then("the names stand in the report"):
        desk.locator("#losses").get_by_text("Sanne Bakker").wait_for()
        look(desk, "rules-k2-shadow")

    with when("all of them get an exception, and a second person approves and enforces it"):
        tab_to(desk, "#except-all summary")
        desk.keyboard.press("Enter")
        type_into(desk, "#except-all [name=why]", "Tot de code is hersteld")
        enter(desk, "#except-all .acts button")
        lead.goto(address)
        act(lead, "approve")
        act(lead, "enforce")
    with then("it is in force, and she goes on working"):
        lead.locator("form[action$='/take-back/'] button").wait_for()
        look(lead, "rules-k3-enforced")
        assert sees_patients(assistant)

    with when("it is taken back by the same keys"):
        act(lead, "take-back")
    with then("nothing of it is left, nor are the exceptions it needed"):
        assert sees_patients(assistant)
        lead.goto("/desk/access/")
        assert lead.locator("#exceptions").count() == 0
        look(lead, "rules-k4-taken-back")


def test_a_practice_says_who_sees_patients(person, look):
    with given("a GP looks at who may do what"):
        page = person("dokter Van Dam")
        speak(page, "nl")
        page.goto("/access/rules/")
        page.get_by_role("heading", name="Wie mag wat").wait_for()
        look(page, "rules-7-practice")
    with when("patient data are withheld from the assistant"):
        press(page, "Onthouden: Sanne Bakker, patiëntgegevens")
    with then("that is said, and she may no longer; in an emergency she may, with a reason"):
        page.get_by_text("door u onthouden").wait_for()
        assistant = person("Sanne Bakker")
        speak(assistant, "nl")
        assert not sees_patients(assistant)
        assistant.get_by_role("link", name="Het is een noodgeval").click()
        look(assistant, "rules-8-glass")
        assistant.get_by_label("dringende zorg").check()
        assistant.locator("[name=why]").fill("Iemand is niet aanspreekbaar")
        press(assistant, "Een uur openen")
        assert sees_patients(assistant)
    with then("the GP reviews it, and gives the data back to the role"):
        page.goto("/access/rules/")
        page.locator("#glass").get_by_text("Dringende zorg").wait_for()
        look(page, "rules-9-review")
        press(page, "Het was terecht")
        press(page, "Aan de rol overlaten: Sanne Bakker", exact=False)
        assert sees_patients(assistant)
