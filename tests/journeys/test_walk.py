"""Every page a persona can reach by links, in every language: it answers, axe finds nothing.

Two pages that differ in an id, a date or a number are one page; what somebody saw before is
visited again for its links, not looked at again.
"""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.looking import violations

PEOPLE = ("dokter Van Dam", "Sanne Bakker", "Mieke de Groot", "Omar Haddou", "Lies Vermeer")
PAGES_MAX = 60
ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|ST-\d{4}-\d+|(?<=/)[\d-]+(?=/|$)|(?<=/components/)[a-z-]+"
    r"|(?<=/launch/out/)[a-z-]+|(?<=/desk/launches/)[a-z][a-z-]*"
)
LEFT_OUT = re.compile(
    r"\.(ics|pdf|csv|json|txt|md|html|atom)$|/logout|/static/|/download|/switch|/stream"
    r"|/patients/import/[^/]+/report/$|/dashboards/file/|/claims/[^/]+/\d+/"
)


def shape_of(path: str) -> str:
    """Return what a page is, without which one."""
    return ID.sub("*", path)


def look_twice(page, looker, path, label) -> list[str]:
    """Return what is wrong with a page. What arrives meanwhile, such as a notice, moves it once;
    a page that moves by itself does so again.
    """
    for is_again in (False, True):
        try:
            looker.look(page, label)
        except AssertionError as error:
            if is_again or "shifted" not in str(error):
                return [str(error)]
            page.goto(path)
        else:
            break
    return []


def links_of(page) -> list[str]:
    found = page.eval_on_selector_all(
        "a[href]", "links => links.filter(a => !a.download).map(a => a.getAttribute('href'))"
    )
    here = urlsplit(page.url)
    paths = []
    for href in found:
        there = urlsplit(urljoin(page.url, href))
        if there.netloc == here.netloc and not LEFT_OUT.search(there.path):
            paths.append(there.path)
    return paths


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """Pages that somebody looked at, in every language."""
    return set()


def choose(page, language: str) -> None:
    """Choose a language as people do, by the switch on the page."""
    form = page.locator("form.top__languages")
    form.locator(f"button[value={language}]").click()
    page.wait_for_function("wanted => document.documentElement?.lang === wanted", arg=language)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_reads_well_in_every_language(person, looker, looked_at, name):
    page = person(name)
    new, faults = walked(page, looker, looked_at, name)
    for language in ("fr", "en", "nl"):
        page.goto("/")
        choose(page, language)
        for path in new if language != "nl" else new[:1]:  # Dutch was read on the way
            page.goto(path)
            spoken = page.locator("html").get_attribute("lang")
            if spoken != language:
                faults.append(f"{path} speaks {spoken}, not {language}")
            faults += [f"{path} in {language}: {line}" for line in violations(page)]
    assert not faults, f"{len(new)} pages, {len(faults)} faults:\n" + "\n".join(faults[:40])


def walked(page, looker, looked_at, name) -> tuple[list[str], list[str]]:
    """Follow every link in Dutch; return the pages that nobody saw before, and what is wrong."""
    known: set[str] = set()
    new: list[str] = []
    faults: list[str] = []
    waiting = deque(["/"])
    while waiting and len(known) < PAGES_MAX:
        path = waiting.popleft()
        shape = shape_of(path)
        if shape in known:
            continue
        known.add(shape)
        answer = page.goto(path)
        if answer.status != 200:
            faults.append(f"{path}: {answer.status}")
            continue
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if shape not in looked_at:
            looked_at.add(shape)
            new.append(path)
            label = f"walk-{name.split()[-1].lower()}-{shape.strip('/').replace('/', '.')}"
            faults += look_twice(page, looker, path, label.rstrip("-.").replace("*", "_"))
        waiting.extend(links_of(page))
    return new, faults
