"""The desk: a call, a finding, telling people, closing and reopening, calling back, the report."""

import re
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import mail_server, moment, speak, tab_to

FINDING_MS_MAX = 90_000
CLOSED_FR = "Les commandes sont suspendues ; votre place reste la vôtre."
CLOSED_NL = "Bestellen staat even stil; uw plaats blijft van u."


@pytest.fixture
def desk(person) -> Page:
    """Omar Haddou, in French."""
    page = person("Omar Haddou", language="fr")
    speak(page, "fr")
    return page


@pytest.fixture
def practice(person) -> Page:
    """Sanne Bakker of De Linde, in Dutch, in a browser of her own."""
    page = person("Sanne Bakker")
    speak(page, "nl")
    return page


def do(page: Page, act: str, **values: str) -> None:
    """Open one of the acts beside the incident, fill it in and hand it in."""
    page.locator(f"#act-{act} > summary").click()
    for name, value in values.items():
        field = page.locator(f"#act-{act} [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(f"#act-{act} form button").click()
    page.wait_for_load_state()


def test_the_desk_takes_a_call_and_brings_the_incident_to_its_report(desk, practice, country, look):
    page = desk

    with given("a practice on the telephone; the call is written down without a mouse"):
        page.goto("/desk/incidents/")
        look(page, "desk-1-incidents")
        page.reload()
        tab_to(page, "main a[href$='/new-call/']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/new-call/")
        page.locator("[name=component]").select_option("ordering")
        tab_to(page, "input[name=q]")
        page.keyboard.type("01999999")
        page.locator("#organisations input[type=radio]").first.wait_for()
        tab_to(page, "#organisations input[type=radio]")
        page.keyboard.press("Space")
        tab_to(page, "textarea[name=text]")
        page.keyboard.type("Le calendrier ne s'ouvre pas.")
        look(page, "desk-2-call")
        tab_to(page, "main form button.utrecht-button--primary-action")
        page.keyboard.press("Enter")
    with then("the incident is there by itself, with the call on its timeline"):
        page.wait_for_url(re.compile(r"/desk/incidents/ST-\d{4}-\d+/"))
        incident = page.url
        number = incident.rstrip("/").rpartition("/")[2]
        page.locator("#calls", has_text="De Linde").wait_for()
        look(page, "desk-3-incident")

    with when("he takes it, tries a restart and says what it did"):
        page.locator("form[action$='/acknowledge/'] button").click()
        page.locator(".timeline", has_text="Pris en charge").wait_for()
        do(
            page,
            "entry",
            kind="attempt_without_effect",
            text="Redémarré les processus de pages ; sans effet.",
        )
    with then("the timeline tells it as an attempt without effect"):
        page.locator(".timeline li", has_text="sans effet").first.wait_for()

    with when("he tells everybody, and promises when there is more"):
        do(
            page,
            "news",
            nl="We zoeken uit waarom de kalender niet opengaat.",
            fr="Nous cherchons pourquoi le calendrier ne s'ouvre pas.",
        )
        soon = datetime.now().astimezone() + timedelta(minutes=30)
        do(page, "undertake", to="tous les cabinets", due_at=moment(soon))
        look(page, "desk-4-told")
    with then("the public page says so, without signing in"):
        page.goto("/status/index.fr.html")
        page.get_by_text("Nous cherchons pourquoi").first.wait_for()
        assert page.get_by_role("heading", name="Tout fonctionne").count() == 0
        look(page, "desk-5-public")

    with when("he closes ordering for one practice, after looking at what they will see"):
        page.goto("/desk/closures/")
        page.locator("[name=function]").select_option("campaigns.order")
        page.locator("input[name=audience][value=codes]").check()
        page.locator("[name=codes]").fill("01999999")
        page.locator("[name=text_nl]").fill(CLOSED_NL)
        page.locator("[name=text_fr]").fill(CLOSED_FR)
        page.locator("[name=reason]").fill("Le calendrier ne s'ouvre pas")
        page.locator("button[value=preview]").click()
        page.get_by_text(CLOSED_NL).first.wait_for()
        look(page, "desk-6-closing")
        page.locator("button[value=close]").click()
        page.locator("main table", has_text=CLOSED_FR).wait_for()
        look(page, "desk-7-closed")
    with then("that practice meets those words instead of the calendar"):
        practice.goto("/campaigns/")
        practice.locator("main a[href^='/campaigns/flu']").first.click()
        practice.locator("main .refusal, main .utrecht-alert", has_text=CLOSED_NL).first.wait_for()
        look(practice, "desk-8-practice-closed")

    with when("he opens it again"):
        page.locator("form[action$='/reopen/'] button").first.click()
        page.wait_for_load_state()
    with then("the practice comes in"):
        practice.reload()
        practice.locator("[data-season]").wait_for()
        assert practice.get_by_text(CLOSED_NL).count() == 0

    with when("he calls back, writes down the cause and says that it is restored"):
        page.goto(incident)
        page.locator("form[action$='/round/'] button").click()
        page.locator(".timeline", has_text="Tour de rappel 1").wait_for()
        look(page, "desk-9-round")
        for row in page.locator("form[action$='/attempt/']").all()[:1]:  # none, if all are closed
            row.locator("button[name=outcome]").first.click()
            page.wait_for_load_state()
        do(
            page,
            "cause",
            trigger="Une version nouvelle du calendrier",
            cause="Un fichier n'était pas placé",
            guard="La sonde de commande",
        )
        do(page, "move", target="restored")
        look(page, "desk-10-restored")
    with then("solved is refused, and every proof that is missing is named"):
        do(page, "move", target="solved")
        page.locator("main .refusal, main .utrecht-alert").first.wait_for()
        assert "De Linde" in page.locator("main").inner_text()
        look(page, "desk-11-refused")

    with when("the practice is told and says that it works; the promise is kept"):
        page.goto(incident)
        page.locator("form[action$='/tell/'] button[value=works]").first.click()
        page.wait_for_load_state()
        page.locator("form[action$='/settle/'] [name=how]").first.fill("Par la page publique")
        page.locator("form[action$='/settle/'] button").first.click()
        page.wait_for_load_state()
    with then("the practice is no longer among what is missing"):
        missing = page.locator("#now .card").first.inner_text()
        assert "De Linde" not in missing

    with when("he writes the report in Dutch"):
        page.locator("a[href*='/desk/reports/?incident=']").click()
        assert page.locator("[name=numbers]").input_value() == number
        page.locator("form[action$='/make/'] button").click()
        page.wait_for_url(re.compile(r"/desk/reports/[0-9a-f-]{36}/"))
        look(page, "desk-12-report")
    with then("it reads as a report, and comes as a PDF and as a page"):
        page.locator("details", has=page.locator("article[lang=nl]")).locator("summary").click()
        assert "De Linde" not in page.locator("article[lang=nl]").inner_text()
        look(page, "desk-13-report-read")
        pdf = page.request.get(page.url + "report.pdf")
        assert (pdf.status, pdf.body()[:5]) == (200, b"%PDF-")
        html = page.request.get(page.url + "report.html")
        assert html.status == 200
        assert number in html.text()
        page.emulate_media(media="print")
        assert not page.locator(".rail").is_visible()
        page.emulate_media(media="screen")


def test_the_desk_sees_a_fault_before_anybody_calls(desk, practice, country, look):
    page = desk

    with given("a mail server that refuses everybody"):
        mail_server(country.outside_url, refuse_connections=True)
    try:
        with then("the desk's first page names it by itself"):
            page.goto("/desk/")
            page.locator("#desk-now .badge--harm").first.wait_for(timeout=FINDING_MS_MAX)
            page.reload()
            look(page, "desk-14-finding")
        with when("he opens the part"):
            page.locator("#desk-now table a[href*='/components/']").first.click()
            page.wait_for_url("**/components/*/")
        with then("it shows what the probes saw"):
            look(page, "desk-15-component")
        with when("he tells the practices before they ask"):
            page.goto("/desk/notices/")
            page.locator("[name=kind]").select_option("known_problem")
            page.locator("input[name=audience][value=kinds]").check()
            page.locator("input[name=kinds][value=practice]").check()
            page.locator("[name=text_nl]").fill("Mails komen later; uw bestelling staat.")
            page.locator("[name=text_fr]").fill("Les courriels arrivent plus tard.")
            page.locator("button[value=tell]").click()
            page.locator("main table", has_text="Les courriels arrivent").wait_for()
            look(page, "desk-16-notices")
        with then("a practice sees it on its open page, without reloading"):
            practice.locator(".utrecht-alert", has_text="Mails komen later").wait_for()
            practice.reload()
            look(practice, "desk-17-practice-told")
    finally:
        mail_server(country.outside_url, refuse_connections=False)

    with when("it is over and he ends the notice"):
        page.locator("form[action$='/end/'] button").first.click()
        page.wait_for_load_state()
    with then("the practice's page is quiet again"):
        practice.locator(".utrecht-alert", has_text="Mails komen later").wait_for(state="hidden")


def test_a_practice_reads_its_mail(practice, country, look):
    page = practice

    with given("the mail server's own page"):
        page.goto(f"{country.outside_url}/mail?probes=yes")
        look(page, "mail-1-box")
    with when("somebody looks for one address"):
        rows = page.locator("main table tbody tr")
        to = rows.last.locator("td").nth(1).inner_text()
        page.locator("#to").fill(to)
        page.keyboard.press("Enter")
        page.wait_for_url("**/mail?to=*")
    with then("only its mail is there, and it reads well"):
        assert rows.count()
        assert all(to in row for row in rows.all_inner_texts())
        rows.first.locator("a").click()
        page.locator("pre").wait_for()
        look(page, "mail-2-one")
        with urlopen(f"{page.url}/raw", timeout=5) as answer:
            assert b"Message-ID" in answer.read()
        assert datetime.now(tz=UTC).strftime("%Y") in page.locator(".state").inner_text()
