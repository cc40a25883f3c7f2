"""How a page looks, weighs and reads to a screen reader."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Error, Page

T = TypeVar("T")
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
WIDTHS = (390, 1280, 1920)
HEIGHTS = {390: 844, 1280: 900, 1920: 1080}
SCHEMES = ("light", "dark")
READ_AS = {(390, "light"), (1280, "dark")}
"""Where axe looks: contrast changes with the colours, sizes and order with the width."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WEIGHT_BYTES_MAX = 200_000
SHIFT_MAX = 0.02
FIRST_PAINT_MS_MAX = 2_500
"""On a loaded test machine; the figure itself is written down, and is to stay below 1,000."""

NAVIGATIONS_MAX = 3
SETTLE_MS = 60
"""Until a page has taken on another size or other colours; motion is off."""

REFUSAL = re.compile(r"(responded with a status of|Response Status Error Code) (4\d\d|503)")

_SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 60);
})"""
_WEIGHT = """() => {
  const kinds = ["navigation", "resource"];
  const entries = kinds.flatMap((kind) => performance.getEntriesByType(kind));
  return entries.reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0);
}"""
_PAINT = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return paint ? paint.startTime : null;
}"""
_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say in the failure which step of the journey it was."""
    try:
        yield
    except Exception as error:
        error.add_note(words)
        raise


def given(words: str) -> Any:
    """A step that sets the scene."""
    return step(f"given {words}")


def when(words: str) -> Any:
    """A step in which somebody acts."""
    return step(f"when {words}")


def then(words: str) -> Any:
    """A step that looks at what came of it."""
    return step(f"then {words}")


def listen(page: Page) -> list[str]:
    """Collect what the browser complains of: policy violations, script errors, lost files."""
    heard: list[str] = []

    def on_console(message: Any) -> None:
        if message.type != "error":
            return
        text = message.text
        if REFUSAL.search(text):
            return  # a refusal is an answer; a fault or a lost file is heard below
        heard.append(f"{page.url}: {text}")

    def on_response(response: Any) -> None:
        if response.status >= 500 and response.status != 503:
            heard.append(f"{response.url}: {response.status}")
        if response.status == 404 and "/static/" in response.url:
            heard.append(f"{response.url}: 404")

    page.on("console", on_console)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on("response", on_response)
    return heard


def at_rest(page: Page, look: Callable[[], T]) -> T:
    """Look again when the page renewed itself meanwhile: the lobby opens, a turn comes."""
    for _ in range(NAVIGATIONS_MAX):
        try:
            return look()
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            page.wait_for_load_state()
    raise AssertionError(f"{page.url} never comes to rest")


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page, one line each."""
    return at_rest(page, lambda: _violations(page))


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags },"
        " resultTypes: ['violations'] })",
        RULES,
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]} ({'; '.join(node['target'])})"
        for one in found["violations"]
        for node in one["nodes"][:5]
    ]


@dataclass(frozen=True)
class Looker:
    """Looks at pages; keeps pictures and figures in a folder that git ignores."""

    folder: Path

    def look(self, page: Page, name: str, *, pictures: bool = True) -> None:
        """Fail on any axe violation, overflow, shift or weight; keep pictures and figures."""
        at_rest(page, lambda: self._look(page, name, pictures=pictures))

    def _look(self, page: Page, name: str, *, pictures: bool) -> None:
        self.weigh(page, name)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                page.wait_for_timeout(SETTLE_MS)
                if pictures:
                    self.folder.mkdir(parents=True, exist_ok=True)
                    path = self.folder / f"{name}-{width}-{scheme}.png"
                    page.screenshot(path=path, full_page=True)
                wide = page.evaluate(_WIDE)
                assert wide <= 0, f"{name} at {width}: {wide} pixels wider than the screen"
                if (width, scheme) in READ_AS:
                    # So tall that the bar below covers nothing: people scroll past it.
                    height = page.evaluate("() => document.documentElement.scrollHeight")
                    page.set_viewport_size({"width": width, "height": min(height + 100, 9_000)})
                    found = violations(page)
                    assert not found, f"{name} at {width}, {scheme}:\n" + "\n".join(found)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})

    def weigh(self, page: Page, name: str) -> None:
        """Fail if the page as loaded weighs too much, shifted after paint, or painted late."""
        weight_bytes = page.evaluate(_WEIGHT)
        shift = page.evaluate(_SHIFT)
        paint_ms = page.evaluate(_PAINT)
        self.folder.mkdir(parents=True, exist_ok=True)
        line = {"name": name, "bytes": weight_bytes, "shift": shift, "paint_ms": paint_ms}
        with (self.folder / "figures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        assert weight_bytes <= WEIGHT_BYTES_MAX, f"{name} weighs {weight_bytes} bytes"
        assert shift <= SHIFT_MAX, f"{name} shifted by {shift}"
        assert paint_ms is None or paint_ms <= FIRST_PAINT_MS_MAX, f"{name}: {paint_ms} ms"
