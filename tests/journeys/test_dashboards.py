"""A practice's dashboard: looked at, filtered, drilled into, taken away, by keyboard."""

import csv
import io

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import given, then, when
from tests.journeys.people import speak, tab_to


@pytest.fixture
def gp(person) -> Page:
    """Doctor Van Dam, in Dutch."""
    page = person("dokter Van Dam")
    speak(page, "nl")
    return page


def shown_numbers(page: Page) -> list[int]:
    cells = page.locator("#board td[data-value]").evaluate_all(
        "cells => cells.map((cell) => cell.dataset.value)"
    )
    assert cells
    return [int(value) for value in cells if value]


def total(page: Page) -> str:
    return page.locator("#board .figure__value").first.inner_text()


def test_a_doctor_sees_how_much_was_done_and_drills_into_it(gp, look):
    page = gp
    with given("a tile on the first page leads to the dashboard"):
        page.goto("/")
        page.locator("a.tile", has_text="Dashboard ketenzorg").click()
        page.get_by_role("heading", name="Dashboard ketenzorg").wait_for()
    with then("there is a chart with its table for everything, and no small number"):
        page.locator("figure[data-drawn]").nth(3).wait_for()
        assert page.locator("figure[data-drawn] canvas").count() == 4
        assert min(shown_numbers(page)) >= 10
        look(page, "dashboards-1-all")
        everything = total(page)

    with when("a programme is chosen by keyboard"):
        tab_to(page, "select[name=programme]")
        with page.expect_response("**/dashboards/now/**"):
            page.keyboard.press("D")
    with then("charts and tables follow without a reload, and so does the address"):
        page.wait_for_url("**/dashboards/?programme=dm2**")
        page.locator("figure[data-drawn]").nth(2).wait_for()
        assert total(page) != everything
        assert page.locator("figure[data-drawn]").count() == 3
        assert page.evaluate("document.activeElement.name") == "programme"
        assert page.locator("#board-said").inner_text() != ""
        look(page, "dashboards-2-programme")

    with when("a group of activities is opened by keyboard"):
        tab_to(page, "#activities-figures a")
        page.keyboard.press("Enter")
        page.wait_for_url("**activity=checks**")
    with then("its parts stand there, the filters say so, and one step leads back"):
        page.locator("#activities-figures tbody tr").nth(1).wait_for()
        assert page.locator("select[name=activity]").input_value() == "checks"
        assert min(shown_numbers(page)) >= 10
        look(page, "dashboards-3-drilled")
        page.get_by_role("link", name="Een stap terug omhoog").click()
        page.wait_for_url(lambda url: "activity" not in url)

    with when("the tables are taken away"), page.expect_download() as taken:
        page.get_by_role("link", name="De tabellen als bestand meenemen").click()
    with then("the file holds what the page shows, with the same numbers hidden"):
        text = taken.value.path().read_text(encoding="utf-8")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        numbers = [row[2] for row in rows[1:]]
        assert all(number.startswith("onder") or int(number) >= 10 for number in numbers)
        assert total(page).split()[-1].replace(".", "") == rows[1][2]

    with when("the other languages are chosen"):
        for language, heading in (("fr", "Tableau de bord"), ("en", "Dashboard of chain care")):
            speak(page, language)
            page.get_by_role("heading", name=heading).wait_for()
            look(page, f"dashboards-4-{language}")
    with when("the months are chosen the wrong way round"):
        with page.expect_response("**/dashboards/now/**"):
            page.locator("select[name=until]").select_option(index=0)
        with page.expect_response("**/dashboards/now/**") as answered:
            page.locator("select[name=since]").select_option(index=3)
    with then("the page says which month it is"):
        assert answered.value.status == 422
        page.get_by_text("This month lies before the first one.").wait_for()


def test_it_works_without_scripts(person):
    page = person("dokter Van Dam", javascript=False)
    page.goto("/dashboards/")
    page.locator("select[name=programme]").select_option("copd")
    page.locator("form.filters button").click()
    page.wait_for_url("**programme=copd**")
    page.locator("#activities-figures table").wait_for()
    assert min(shown_numbers(page)) >= 10


def test_who_may_not_see_it_is_told_whom_to_ask(person):
    page = person("Sanne Bakker")
    assert page.locator("a[href='/dashboards/']").count() == 0
    assert page.goto("/dashboards/").status == 403
    assert "huisarts" in page.locator("main").inner_text()
