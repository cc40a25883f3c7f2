"""Every page a persona can reach by links, in every language: it answers, axe finds nothing."""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.looking import violations

PEOPLE = ("dokter Van Dam", "Sanne Bakker", "Mieke de Groot", "Omar Haddou", "Lies Vermeer")
PAGES_MAX = 45
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)")
LEFT_OUT = re.compile(
    r"\.(ics|pdf|csv|json|txt|md|html|atom)$|/logout|/static/|/download|/switch|/stream"
)


def shape_of(path: str) -> str:
    """Two pages that differ in an id or a number are the same page."""
    return ID.sub("*", path)


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
    """Pages that have their pictures."""
    return set()


def choose(page, language: str) -> None:
    """Choose a language as people do, by the switch on the page."""
    form = page.locator("form.top__languages")
    form.locator(f"button[value={language}]").click()
    page.wait_for_function("wanted => document.documentElement.lang === wanted", arg=language)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_reads_well_in_every_language(person, looker, looked_at, name):
    page = person(name)
    known: dict[str, str] = {}
    faults: list[str] = []
    waiting = deque(["/"])
    while waiting and len(known) < PAGES_MAX:
        path = waiting.popleft()
        if shape_of(path) in known:
            continue
        answer = page.goto(path)
        known[shape_of(path)] = path
        if answer.status != 200:
            faults.append(f"{path}: {answer.status}")
            continue
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if shape_of(path) in looked_at:  # by somebody before; only what this role sees is new
            faults += [f"{path}: {line}" for line in violations(page)]
        else:
            looked_at.add(shape_of(path))
            label = f"walk-{name.split()[-1].lower()}-{shape_of(path).strip('/').replace('/', '.')}"
            try:
                looker.look(page, label.rstrip("-."))
            except AssertionError as error:
                faults.append(str(error))
        waiting.extend(links_of(page))
    for language in ("fr", "en", "nl"):
        page.goto("/")
        choose(page, language)
        for path in known.values():
            page.goto(path)
            spoken = page.locator("html").get_attribute("lang")
            if spoken != language:
                faults.append(f"{path} speaks {spoken}, not {language}")
            if language != "nl":
                faults += [f"{path} in {language}: {line}" for line in violations(page)]
    assert not faults, f"{len(known)} pages, {len(faults)} faults:\n" + "\n".join(faults[:40])
