"""Every setting that the code reads stands in the reference and in `.env.example`, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r'env\.(?:text|number|switch|choice|listed)\(\s*"([A-Z_]+)"')


def names_read() -> set[str]:
    return {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in READ.findall(path.read_text(encoding="utf-8"))
    }


def test_the_reference_names_each_setting_and_only_those() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^### `?([A-Z_]+)`?$", text, flags=re.MULTILINE))

    assert documented == names_read()


def test_the_example_names_each_setting_and_only_those() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?\s?([A-Z_]+)=", text, flags=re.MULTILINE))

    assert named == names_read()
