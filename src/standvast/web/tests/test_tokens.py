"""Every pair of colours that text and its ground make has a contrast of at least 4.5:1."""

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).resolve().parents[1] / "static" / "web" / "tokens.css"
TEXT_MIN = 4.5
SHAPE_MIN = 3.0

GROUNDS = ("paper", "paper-raised", "paper-sunk")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-quiet", "link", "harm", "late") for ground in GROUNDS],
    ("act-ink", "act"),
    ("act-ink", "act-strong"),
    ("harm-ink", "harm"),
    ("harm-ink", "harm-strong"),
    ("act-strong", "act-soft"),
    ("ink-quiet", "act-soft"),
    ("ink-quiet", "late-soft"),
    ("ink-quiet", "info-soft"),
    ("late", "late-soft"),
    ("harm", "harm-soft"),
    ("info", "info-soft"),
    *[("ink", soft) for soft in ("act-soft", "late-soft", "harm-soft", "info-soft")],
    *[("link", soft) for soft in ("act-soft", "late-soft", "harm-soft", "info-soft")],
]
SHAPE_PAIRS = [(shape, ground) for shape in ("line-strong", "focus") for ground in GROUNDS]


def palettes() -> dict[str, dict[str, str]]:
    text = SHEET.read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^{}]*--paper:[^{}]*)\}", text)
    found = {}
    for selector, body in blocks:
        name = "light"
        if "dark" in selector:
            name = "dark by choice"
        elif "not(" in selector:
            name = "dark by device"
        found[name] = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", body))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_there_are_three_palettes_and_both_dark_ones_are_the_same():
    found = palettes()

    assert set(found) == {"light", "dark by choice", "dark by device"}
    assert found["dark by choice"] == found["dark by device"]


@pytest.mark.parametrize("name", ["light", "dark by choice"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read(name, ink, ground):
    palette = palettes()[name]

    assert contrast(palette[ink], palette[ground]) >= TEXT_MIN


@pytest.mark.parametrize("name", ["light", "dark by choice"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_edges_of_fields_and_the_focus_can_be_seen(name, shape, ground):
    palette = palettes()[name]

    assert contrast(palette[shape], palette[ground]) >= SHAPE_MIN
