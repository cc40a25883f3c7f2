"""Documents that point somewhere must point at something."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path.is_file()
)
SECTIONS = ("Context", "Options", "Decision", "How it is enforced", "Consequences")


def test_decision_numbers_are_unique() -> None:
    numbers = [path.name[:4] for path in ADRS]

    assert numbers
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.name)
def test_a_decision_says_how_it_is_enforced(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)

    assert text.startswith(f"# {path.name[:4]} ")
    assert [heading for heading in SECTIONS if heading not in headings] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_project_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_nothing_claims_certification_or_conformity() -> None:
    """Shapes only: see the facts' own words on NEN, VECOZO, Vektis, Sciensano, ZorgDomein, NHG."""
    pattern = re.compile(
        r"(certified|gecertificeerd|certifié|compliant|conform(s|ity)? (to|with)|voldoet aan)"
        r"[^.\n]{0,40}\b(NEN|VECOZO|Vektis|Sciensano|ZorgDomein|NHG|RIVM|SNPG)\b",
        re.IGNORECASE,
    )
    endings = (".py", ".md", ".html", ".po", ".js", ".txt")
    paths = [path for folder in ("src", "docs", "browser") for path in (ROOT / folder).rglob("*")]
    found = [
        str(path.relative_to(ROOT))
        for path in paths
        if path.suffix in endings and pattern.search(path.read_text(encoding="utf-8"))
    ]

    assert not found
