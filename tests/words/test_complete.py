"""Dutch and French say everything that English does."""

from pathlib import Path

import pytest

from standvast.project import words


def test_every_word_is_translated():
    faults = words.check()

    assert not faults, "run ./standvast words update, translate, then check:\n" + "\n".join(
        faults[:40]
    )


@pytest.mark.parametrize(
    ("english", "dutch", "fault"),
    [
        ("{left} doses are left.", "Er zijn nog {over} doses.", "unknown fields"),
        ("{left} doses are left.", "Er zijn nog doses.", "lost the fields"),
        ("At %(place)s", "Te %(plaats)s", "unknown fields"),
        ("Today", " ", "not translated"),
        ("Prepare it.", "Bereid het voor.Bereid het voor.", "the same twice"),
    ],
)
def test_a_field_that_differs_is_found(english: str, dutch: str, fault: str) -> None:
    message = words.Message(english, dutch)

    assert any(fault in found for found in words.faults_of(message))


def test_a_plural_may_leave_its_number_out():
    message = words.Message(
        ("One order", "%(num)s orders"), ("Eén bestelling", "%(num)s bestellingen")
    )

    assert not list(words.faults_of(message))


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("care/campaigns/rules.py", "care/campaigns"),
        ("core/delivery/templates/delivery/x.html", "core/delivery"),
        ("web/errors.py", "web"),
        ("kit/errors.py", "web"),
        ("outside/pages.py", "web"),
    ],
)
def test_a_message_belongs_to_its_module(path: str, module: str) -> None:
    assert words.module_of(words.SOURCE / path) == words.SOURCE / module


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    catalogue = words.Catalog(locale="fr", charset="utf-8")
    catalogue.add(("one", "%(num)s many"), ("un", "%(num)s plusieurs"))
    catalogue.add("day", "aujourd’hui", context="day")
    path = tmp_path / "django.po"
    path.write_text(words.written(catalogue), encoding="utf-8")

    again = words.read(path, "fr")

    assert again.get(("one", "%(num)s many")).string == ("un", "%(num)s plusieurs")
    assert again.get("day", "day").string == "aujourd’hui"
