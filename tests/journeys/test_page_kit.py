"""The page kit by itself: every part, in every language, by keyboard, without JavaScript."""

import pytest

from tests.journeys.looking import given, then, when

ON_TOP = """() => {
  const has = document.activeElement;
  const { x, y, width, height } = has.getBoundingClientRect();
  return has.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
"""Whether what has the focus is what one sees at its place."""


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_every_part_reads_well(visitor, look, language):
    page = visitor(language=language)

    with given("somebody opens the gallery"):
        page.goto("/web/gallery/")
    with then("it is in their language and axe finds nothing"):
        assert page.locator("html").get_attribute("lang") == language
        look(page, f"gallery-{language}", pictures=language == "nl")


def test_a_table_is_walked_sorted_and_opened_by_keyboard(visitor):
    page = visitor(language="en")
    page.goto("/web/gallery/")
    rows = page.locator("#orders tbody tr")

    with when("somebody walks down the rows"):
        rows.first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
    with then("the last row has the focus"):
        assert rows.last.evaluate("row => row === document.activeElement")

    with when("they press Enter"):
        page.keyboard.press("Enter")
    with then("the row opens and the address names it"):
        assert page.url.endswith("#4")

    with when("they sort by doses"):
        page.get_by_role("button", name="Doses").press("Enter")
    with then("the fewest come first and a screen reader is told"):
        assert "40" in rows.first.inner_text()
        head = page.locator("#orders th", has_text="Doses")
        assert head.get_attribute("aria-sort") == "ascending"


def test_keys_lead_to_search_and_help(visitor):
    page = visitor(language="en")
    page.goto("/web/gallery/")

    page.keyboard.press("/")
    assert page.locator("[data-search]").evaluate("field => field === document.activeElement")

    page.keyboard.type("?")
    assert not page.locator("#keys").is_visible(), "a question mark in a field is text"

    page.locator("[data-search]").blur()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()

    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_the_first_tab_skips_to_the_content(visitor):
    page = visitor(language="nl")
    page.goto("/web/gallery/")

    page.keyboard.press("Tab")
    assert page.evaluate(ON_TOP), "the link is there to be read, above the top of the page"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_nothing_that_has_the_focus_lies_under_the_bar_of_a_phone(person):
    page = person("dokter Van Dam", width=390)
    page.goto("/patients/new/")

    fields = page.locator("main input:visible, main select:visible")
    fields.first.focus()
    for _ in range(fields.count() - 1):
        page.keyboard.press("Tab")
        assert page.evaluate(ON_TOP), page.evaluate("document.activeElement.name")


def test_the_bar_of_a_phone_shows_the_page_one_is_on(person):
    page = person("dokter Van Dam", width=390)

    for path in ("/", "/claims/", "/dashboards/"):
        page.goto(path)
        here = page.locator(".rail [aria-current=page]")
        place = here.bounding_box()
        assert place is not None
        # A bar at its end stands on a whole pixel, its last item on a part of one.
        assert -1 < place["x"] < 391 - place["width"], f"{path}: {place}"


def test_heads_are_as_wide_before_the_buttons_that_sort_are_there(visitor):
    widths = []
    for javascript in (False, True):
        page = visitor(language="nl", javascript=javascript)
        page.goto("/web/gallery/")
        widths.append(
            page.locator("#orders th").evaluate_all(
                "heads => heads.map(head => Math.round(head.getBoundingClientRect().width))"
            )
        )

    assert widths[0] == widths[1]
    assert len(widths[0]) > 1


def test_a_page_fits_a_tablet_as_well(person):
    page = person("dokter Van Dam")

    for width in (780, 900, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/access/staff/", "/access/rules/", "/insurance/"):
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{address} at {width}: {wide} pixels wider than the screen"


@pytest.mark.parametrize("javascript", [True, False])
def test_colours_and_language_are_chosen_with_and_without_javascript(visitor, javascript):
    page = visitor(language="en", javascript=javascript)
    page.goto("/web/gallery/")

    with when("somebody chooses dark and French"):
        page.locator("summary", has_text="Screen").click()
        page.get_by_role("button", name="Dark").click()
        page.goto("/web/gallery/")
        page.get_by_role("button", name="Français").first.click()
    with then("both are kept"):
        page.wait_for_url("**/web/gallery/")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.locator("html").get_attribute("lang") == "fr"


def test_who_loses_the_connection_is_told_what_is_kept(visitor):
    page = visitor(language="nl")
    page.goto("/web/gallery/")

    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    assert page.locator("#offline").is_visible()

    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert not page.locator("#offline").is_visible()


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_page_that_does_not_exist_says_so(visitor, look, language):
    page = visitor(language=language)

    answer = page.goto("/nowhere/")

    assert answer.status == 404
    assert page.locator(".reference").is_visible()
    look(page, f"missing-{language}", pictures=language == "nl")


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("Take a full day", "Kies een andere dag: er zijn nog 1.200 doses."),
        ("Come in a crowd", "U kunt het over 7 seconden opnieuw doen."),
    ],
)
@pytest.mark.parametrize("javascript", [True, False])
def test_a_refusal_comes_where_the_answer_would_in_their_language(
    visitor, button, words, javascript
):
    page = visitor(language="nl", javascript=javascript)
    page.goto("/web/gallery/")

    page.get_by_role("button", name=button).click()

    place = "#refused-here .refusal" if javascript else "main .refusal"
    page.locator(place).wait_for()
    assert words in page.locator(place).inner_text()
    assert page.url.endswith("/web/gallery/" if javascript else "/web/gallery/refuse/")


def test_a_receipt_line_changes_while_one_looks(visitor):
    page = visitor(language="nl")
    fragment = '<div class="receipt receipt--arrived"><span>Aangekomen 14:03.</span></div>'
    stream = "retry: 60000\n\nevent: receipt\ndata: {}\n\n"
    page.route(
        "**/made-up/stream",
        lambda route: route.fulfill(content_type="text/event-stream", body=stream),
    )
    page.route(
        "**/made-up/fragment", lambda route: route.fulfill(content_type="text/html", body=fragment)
    )
    page.goto("/web/gallery/")

    with given("a line that is on its way"):
        page.evaluate(
            """() => {
              const line = document.querySelector(".receipt--on_its_way");
              line.dataset.stream = "/made-up/stream";
              line.dataset.fragment = "/made-up/fragment";
              line.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
              line.parentElement.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
            }"""
        )
    with then("it says arrived, in the same place, and a screen reader hears it"):
        page.get_by_text("Aangekomen 14:03.").wait_for()
        line = page.locator(".receipt", has_text="14:03").first
        assert line.get_attribute("aria-live") == "polite"
