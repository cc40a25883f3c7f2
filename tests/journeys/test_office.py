"""The programme office: plans a season, mends it, opens it; the night; helping by telephone."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import moment, speak, tab_to

TURN_MS_MAX = 60_000
YEAR = 2031
SLUG = f"pneumococcal-{YEAR}"


@pytest.fixture
def office(person) -> Page:
    """Mieke de Groot, in Dutch."""
    page = person("Mieke de Groot")
    speak(page, "nl")
    return page


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def test_the_office_plans_a_season_mends_what_is_red_and_opens_it(office, look):
    page = office
    opens = datetime.now().astimezone().replace(second=0, microsecond=0) + timedelta(days=30)
    closes, first = opens + timedelta(days=20), opens + timedelta(days=24)

    with given("she makes a new season, without a mouse"):
        page.goto("/office/campaigns/")
        look(page, "office-1-seasons")
        page.reload()
        tab_to(page, "main a[href$='/campaigns/new']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/campaigns/new")
        look(page, "office-2-new")
        page.reload()
        page.locator("[name=programme]").select_option("pneumococcal")
        fill(
            page,
            year=str(YEAR),
            doors_at=moment(opens - timedelta(minutes=5)),
            opens_at=moment(opens),
            closes_at=moment(opens - timedelta(days=1)),
            first_on=f"{first:%Y-%m-%d}",
            days_count="12",
            doses_per_day="2000",
            addresses_per_day="3",
        )
        tab_to(page, "main form button[value=look]")
        page.keyboard.press("Enter")
    with then("an instant that cannot be is named beside its field"):
        error = page.locator("#id_closes_at_error")
        error.wait_for()
        assert "Bestellen eindigt nadat het begint" in error.inner_text()
        look(page, "office-3-wrong")

    with when("she mends that and looks at it"):
        fill(page, closes_at=moment(closes))
        page.locator("main form button[value=look]").click()
    with then("she sees what it would be before it is"):
        page.get_by_role("heading", name="Zoals het zou zijn").wait_for()
        assert "24.000" in page.locator(".card").inner_text()
        look(page, "office-4-preview")

    with when("she makes it and says that it is ready"):
        page.locator("button[value=make]").click()
        page.wait_for_url(f"**/campaigns/{SLUG}/")
        look(page, "office-5-red")
        page.locator("button[value=open]").click()
    with then("it is refused, and each red point says what to do"):
        page.get_by_text("3 punten van de lijst zijn nog niet in orde.").wait_for()
        red = page.locator(".checklist__item", has_text="Nog niet")
        assert red.count() == 3, red.all_inner_texts()
        look(page, "office-6-refused")

    with when("she mends the doors, the first day and the places"):
        page.get_by_role("link", name="Wijzigen", exact=True).first.click()
        page.wait_for_url("**/change")
        look(page, "office-7-mend")
        fill(
            page,
            doors_at=moment(opens - timedelta(hours=1)),
            first_on=f"{closes + timedelta(days=20):%Y-%m-%d}",
            addresses_per_day="30",
        )
        page.locator("main form button[value=look]").click()
        page.locator("button[value=make]").click()
        page.wait_for_url(f"**/campaigns/{SLUG}/")
    with then("everything is green, and it opens at its instant"):
        assert page.locator(".checklist__item", has_text="Nog niet").count() == 0
        tab_to(page, "button[value=open]")
        page.keyboard.press("Enter")
        page.get_by_text("Klaar. Bestellen begint").wait_for()
        look(page, "office-8-ready")


def test_the_office_helps_by_telephone_and_watches_the_night(office, person, look):
    page = office

    with given("a practice on the telephone that cannot reach its own screen"):
        page.goto("/access/help/")
        page.locator("main [name=text]").fill("huisarts")
        page.keyboard.press("Enter")
        page.locator("main table tbody tr").first.wait_for()
        look(page, "office-9-help")
        name = page.locator("main table tbody tr td").first.inner_text()
        page.locator("main table tbody tr button").first.click()
        page.locator(".utrecht-alert", has_text=name).wait_for()
        look(page, "office-10-helping")

    with when("she orders for them"):
        page.goto("/campaigns/")
        page.locator("main a[href^='/campaigns/flu']").first.click()
        page.locator("[data-lobby-join]").click()
        page.locator("input[name=doses]").wait_for(timeout=TURN_MS_MAX)
        page.locator("input[name=doses]").fill("70")
        day = page.locator("input[name=on]:not([disabled])").first
        on = day.get_attribute("value")
        day.check()
        page.locator("form[data-order-form] button").click()
        page.locator("form[action$='/confirm'] button").click()
    with then("the order stands in their name, and every page says for whom she acts"):
        page.locator("a[href$='/order/print']").wait_for()
        assert page.locator(".utrecht-alert", has_text=name).count() == 1
        look(page, "office-11-ordered")

    with when("she stops helping"):
        page.locator(".utrecht-alert a", has_text="Stop").click()
        page.locator("main form button").click()
    with then("she acts for her own office again"):
        page.wait_for_url("**/")
        assert page.locator("main .utrecht-alert", has_text=name).count() == 0

    with when("she gives that day less than is sold"):
        page.goto("/office/campaigns/")
        page.locator("main a[href*='/flu-']").first.click()
        page.locator(f"a[href$='/days/{on}']").click()
        fill(page, doses_max="0")
        page.locator("main form button").click()
    with then("it is refused, and she reads whom it would hit and how to reach them"):
        page.locator("#hit", has_text=name).wait_for()
        look(page, "office-12-below-sold")

    with when("she gives it more instead"):
        fill(page, doses_max="9000")
        page.locator("main form button").click()
        page.wait_for_url("**/office/campaigns/flu-*/")
    with then("the day has it"):
        assert "9.000" in page.locator("#days tr", has=page.locator(f"[href$='{on}']")).inner_text()
        look(page, "office-13-season")

    with when("she watches the night and opens the figures below the picture"):
        page.get_by_role("link", name="Openingsnacht").click()
        page.locator("#night .figures").first.wait_for()
        page.locator("[data-chart] summary").click()
        look(page, "office-14-night")
        confirmed = page.locator("#night .figure", has_text="Bestellingen bevestigd")
        assert int(confirmed.locator(".figure__value").inner_text()) >= 1
    with then("they stay open while the board renews itself"):
        page.wait_for_timeout(4_500)
        assert page.locator("[data-chart] details[open]").count() == 1
        assert page.locator("[data-chart][data-drawn] canvas").count() == 1
