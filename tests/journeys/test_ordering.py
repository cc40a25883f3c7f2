"""A practice orders its vaccines: waits, holds, confirms, reads the mail, changes, cancels."""

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import mails, tab_to

TURN_MS_MAX = 120_000


@pytest.fixture
def season(person) -> Page:
    page = person("dokter Van Dam")
    page.goto("/campaigns/")
    page.locator("main a[href^='/campaigns/']").first.click()
    page.wait_for_url("**/campaigns/*/")
    return page


def test_a_practice_waits_orders_changes_and_cancels_without_a_mouse(season, country, look):
    page = season

    with given("the practice takes its place before everybody is let in"):
        page.locator("[data-lobby]").wait_for()
        look(page, "order-1-lobby")
        page.locator("[data-lobby-join]").wait_for(timeout=TURN_MS_MAX)
        page.reload()
        tab_to(page, "[data-lobby-join]")
        page.keyboard.press("Enter")
        page.locator("[data-lobby-join]").wait_for(state="hidden")
    with then("its turn comes and the calendar shows"):
        page.locator("input[name=doses]").wait_for(timeout=TURN_MS_MAX)
        look(page, "order-2-calendar")

    with when("they fill in the doses and pick the first day that is free"):
        page.reload()
        tab_to(page, "input[name=doses]")
        page.keyboard.type("50")
        tab_to(page, "input[name=on]")
        page.keyboard.press("Space")
        tab_to(page, "form[data-order-form] button")
        page.keyboard.press("Enter")
    with then("the place is held and the clock runs"):
        page.locator("form[action$='/confirm']").wait_for()
        look(page, "order-3-held")

    with when("they confirm"):
        page.reload()
        tab_to(page, "form[action$='/confirm'] button")
        page.keyboard.press("Enter")
    with then("the order stands, and the mail's fate is told"):
        page.locator("a[href$='/order/print']").wait_for()
        page.locator(".receipt").first.wait_for()
        look(page, "order-4-stands")
        page.locator(".receipt--arrived").wait_for(timeout=60_000)
        assert mails(country.outside_url), "the mail server got no mail"

    with when("they print it"):
        page.goto(page.url + "order/print")
    with then("the page needs nothing else"):
        look(page, "order-5-print")
        page.go_back()

    with when("they order more"):
        tab_to(page, "a[href$='/order/change']")
        page.keyboard.press("Enter")
        page.locator("input[name=doses]").wait_for()
        look(page, "order-6-change")
        page.reload()
        page.locator("input[name=doses]").fill("60")
        tab_to(page, "main form .utrecht-button--primary-action")
        page.keyboard.press("Enter")
    with then("the order is changed and says how it was before"):
        page.locator("#versions").wait_for()

    with when("they cancel it"):
        page.locator("a[href$='/order/cancel']").click()
        look(page, "order-7-cancel")
        page.locator("main form button").click()
    with then("nothing is ordered any more"):
        page.wait_for_url("**/campaigns/")
        look(page, "order-8-cancelled")

    with when("they come back to the season"):
        page.locator("main a[href^='/campaigns/flu']").first.click()
    with then("they may take a place again, at the end, and the page rests meanwhile"):
        page.locator("[data-lobby-join]").wait_for()
        look(page, "order-9-again")
        page.reload()
        page.locator("[data-lobby-join]").click()
        page.locator("input[name=doses]").wait_for(timeout=TURN_MS_MAX)
