"""A practice gets a colleague: asked for, invited, forgetful, gone. And it signs an agreement."""

import email
import re
import time
import urllib.request
from email.policy import default

from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import enter, mails, speak, tab_to, type_into

ADDRESS = "noor.nieuw@praktijk-delinde.example"
BY_KEYS = "bas.toets@praktijk-delinde.example"
FIRST, SECOND = "een zin voor de eerste dag", "een andere zin voor later"
MAIL_S_MAX = 20


def link_mailed(country, words: str, address: str = ADDRESS) -> str:
    """Return the first link of ours in the newest mail to a newcomer with these words."""
    deadline = time.monotonic() + MAIL_S_MAX
    while time.monotonic() < deadline:
        for row in mails(country.outside_url):
            if address not in row["to"] or words not in str(row["subject"]):
                continue
            with urllib.request.urlopen(f"{country.outside_url}/mail/{row['id']}/raw") as answer:
                mail = email.message_from_bytes(answer.read(), policy=default)
            body = mail.get_body(("plain",))
            assert body is not None
            found = re.search(rf"{re.escape(country.url)}\S+", body.get_content())
            assert found, "the mail leads nowhere"
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail about {words}")


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, password: str) -> None:
    page.goto("/accounts/login/")
    fill(page, login=ADDRESS, password=password)
    press(page, "Aanmelden")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def sign_out(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")


def test_a_colleague_is_asked_for_joins_forgets_and_leaves(person, visitor, country, look):
    assistant = person("Sanne Bakker")
    speak(assistant, "nl")
    with given("an assistant asks for a colleague, and forgets the mobile number"):
        assistant.goto("/access/staff/")
        look(assistant, "staff-1-colleagues")
        assistant.get_by_role("link", name="Vraag een account").click()
        assistant.wait_for_url("**/staff/requests/")
        fill(assistant, name="Noor Nieuw", email=ADDRESS, mobile="030 1234567")
        assistant.get_by_label("assistent").check()
        press(assistant, "Vraag")
        assistant.get_by_text("Dit is geen mobiel nummer.").wait_for()
        look(assistant, "staff-2-no-mobile")
        fill(assistant, mobile="06 12345678")
        press(assistant, "Vraag")
    with then("the request stands there and waits"):
        assistant.get_by_text("wacht op antwoord").wait_for()
        look(assistant, "staff-3-asked")

    doctor = person("dokter Van Dam")
    speak(doctor, "nl")
    with when("the doctor follows the bell and invites"):
        doctor.locator("a.top__bell").click()
        doctor.wait_for_url("**/tidings/")
        look(doctor, "staff-4-messages")
        doctor.get_by_role("button", name="Ga erheen: Er is een account gevraagd").click()
        doctor.wait_for_url("**/staff/requests/")
        look(doctor, "staff-5-to-answer")
        doctor.get_by_role("button", name="Uitnodiging mailen aan Noor Nieuw").click()
        doctor.get_by_text("uitgenodigd", exact=True).wait_for()

    newcomer = visitor(language="nl")
    with then("the newcomer joins, with the e-mail address as login name"):
        newcomer.goto(link_mailed(country, "uitgenodigd"))
        assert newcomer.locator("[name=username]").input_value() == ADDRESS
        fill(newcomer, display_name="Noor Nieuw", password=FIRST, password_again=FIRST)
        newcomer.locator("main form button").last.click()
        newcomer.wait_for_url(lambda url: "/access/join" not in url)
        doctor.goto("/staff/requests/")
        doctor.get_by_text("erbij gekomen").wait_for()

    with when("she says what she does and when she is away"):
        newcomer.goto("/access/staff/")
        newcomer.get_by_role("link", name="Noor Nieuw").click()
        newcomer.get_by_label("doktersassistent").check()
        newcomer.get_by_label("zondag").check()
        press(newcomer, "Bewaren")
        newcomer.wait_for_load_state()
        fill(newcomer, from_on="2027-07-01", until_on="2027-07-14")
        press(newcomer, "Voeg deze dagen toe")
        newcomer.get_by_role("button", name="De afwezigheid vanaf").wait_for()
        look(newcomer, "staff-6-colleague")

    with when("she has forgotten her password, and asks by e-mail address"):
        sign_out(newcomer)
        newcomer.goto("/accounts/password/reset/")
        fill(newcomer, email=ADDRESS)
        newcomer.locator("main form button").last.click()
        newcomer.wait_for_url("**/password/reset/done/")
        newcomer.goto(link_mailed(country, "nieuw wachtwoord"))
        fill(newcomer, password1=SECOND, password2=SECOND)
        newcomer.locator("main form button").last.click()
        newcomer.wait_for_url("**/key/done/")
    with then("she signs in with the new one"):
        sign_in(newcomer, SECOND)
        newcomer.goto("/accounts/")
        assert newcomer.get_by_text(ADDRESS).count() >= 1

    with when("she leaves the practice"):
        doctor.goto("/access/staff/")
        doctor.get_by_role("button", name="Noor Nieuw werkt hier niet meer").click()
        doctor.get_by_role("link", name="Noor Nieuw").wait_for(state="detached")
    with then("within a second or so she is signed out"):
        time.sleep(1.0)
        newcomer.goto("/accounts/")
        assert "/accounts/login/" in newcomer.url


def test_a_colleague_comes_is_given_rights_and_goes_by_keyboard_alone(
    person, visitor, country, look
):
    doctor = person("dokter Van Dam")
    speak(doctor, "nl")
    with given("a doctor without a mouse invites somebody"):
        doctor.goto("/access/staff/")
        type_into(doctor, "[name=email]", BY_KEYS)
        tab_to(doctor, "[name=role]")
        doctor.keyboard.press("ArrowDown")
        enter(doctor, "form[action$='/invite/'] button")
        look(doctor, "staff-k1-invited")
    newcomer = visitor(language="nl")
    with when("he joins by the mail, with nothing but keys"):
        newcomer.goto(link_mailed(country, "uitgenodigd", BY_KEYS))
        type_into(newcomer, "[name=display_name]", "Bas Toets")
        type_into(newcomer, "[name=password]", FIRST)
        type_into(newcomer, "[name=password_again]", FIRST)
        enter(newcomer, "main form button:not([type=button])")
    with then("claims are shut to him: the page says what is missing, and he asks"):
        answer = newcomer.goto("/claims/")
        assert answer is not None
        assert answer.status == 403
        newcomer.get_by_text("Hiervoor is de financiële rol nodig").wait_for()
        look(newcomer, "staff-k2-financial")
        enter(newcomer, "form[action$='/access/ask/'] button")

    with when("the doctor gives it, and takes patient data from him"):
        doctor.goto("/access/rules/")
        look(doctor, "staff-k3-asked")
        enter(doctor, "#asked form button[value=yes]")
        enter(doctor, "#grant-patient_data button[value=withheld][aria-label*='Bas Toets']")
    with then("that is so at once"):
        assert (newcomer.goto("/claims/") or answer).status == 200
        assert (newcomer.goto("/patients/") or answer).status == 403
        look(newcomer, "staff-k4-withheld")

    with when("the doctor takes it away again, and he leaves"):
        enter(doctor, "#grant-financial button[value=''][aria-label*='Bas Toets']")
        look(doctor, "staff-k5-rights")
        assert (newcomer.goto("/claims/") or answer).status == 403
        doctor.goto("/access/staff/")
        enter(doctor, "button[aria-label*='Bas Toets']")
    with then("within a second he is out"):
        time.sleep(1.0)
        newcomer.goto("/claims/")
        assert "/accounts/login/" in newcomer.url


def test_an_agreement_is_read_signed_and_stays(person, look):
    doctor = person("dokter Van Dam")
    with given("an agreement waits, and the bell says so"):
        doctor.goto("/tidings/")
        doctor.get_by_text("wacht op uw handtekening").wait_for()
        look(doctor, "agreement-1-waits")
        doctor.get_by_role("alert").or_(doctor.get_by_role("status")).get_by_role(
            "link", name="Ga erheen"
        ).click()
        doctor.wait_for_url("**/agreements/*/")
    with then("it cannot be signed unread"):
        assert doctor.get_by_role("button", name="Teken voor mijn organisatie").count() == 0
        look(doctor, "agreement-2-unread")
    with when("the document was downloaded"):
        with doctor.expect_download() as had:
            doctor.get_by_role("link", name="Download het document").click()
        assert had.value.suggested_filename == "deelname-1.pdf"
        doctor.get_by_role("link", name="Ik heb het gedownload").click()
        doctor.get_by_role("button", name="Teken voor mijn organisatie").wait_for()
    with then("at least one part must be ticked"):
        press(doctor, "Teken voor mijn organisatie")
        doctor.get_by_text("Vink ten minste één onderdeel aan.").wait_for()
        look(doctor, "agreement-3-no-part")
        doctor.get_by_label("Vaccins bestellen").check()
        press(doctor, "Teken voor mijn organisatie")
    with then("it is signed, and stays"):
        doctor.get_by_role("heading", name="Getekend").wait_for()
        look(doctor, "agreement-4-signed")
        doctor.goto("/agreements/")
        doctor.get_by_text("dokter Van Dam").first.wait_for()
        look(doctor, "agreement-5-all")


def test_the_office_has_a_page_to_publish_a_version(person, look):
    office = person("Mieke de Groot")
    with given("the office's page of agreements"):
        office.goto("/agreements/publish/")
        office.locator("input[type=file][name=document]").wait_for()
        look(office, "agreement-6-publish")
        assert office.locator("[name=slug]").count() == 1
