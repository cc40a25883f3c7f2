"""Message catalogues: extract what is marked, merge, check, compile. Plain functions, Babel only.

A module's words stand in its own `locale/{nl,fr}/LC_MESSAGES/django.po`. What stands outside a
module (kit, project, drills, outside) is kept in `web`. English is in the source itself.
"""

import os
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1]
LANGUAGES = ("nl", "fr")
FLOORS_WITH_MODULES = ("core", "registry", "desk", "care")
WIDTH = 100

PYTHON_KEYWORDS = {
    "_": None,
    "marked": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA_OPTIONS = {
    "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
FIELDS = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)(?:[:!][^}]*)?\}(?!\})")
NUMBER_FIELDS = {"num", "count"}
TWICE_MIN = 6
"""Characters of a half from which on a text that repeats itself is a mistake."""
Key = tuple[str, str]
"""(context, msgid)"""


def module_of(path: Path) -> Path:
    """Return the folder of the module whose catalogue holds the words of a file."""
    parts = path.relative_to(SOURCE).parts
    if parts[0] in FLOORS_WITH_MODULES and len(parts) > 2:
        return SOURCE / parts[0] / parts[1]
    return SOURCE / "web"


def sources() -> Iterator[Path]:
    """Yield every file that may hold words: Python and our own templates; no tests."""
    for path in sorted(SOURCE.rglob("*")):
        parts = path.relative_to(SOURCE).parts
        if {"tests", "migrations", "static", "locale"} & set(parts):
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in parts):
            yield path


def extracted() -> dict[Path, Catalog]:
    """Return what is marked now, per module."""
    found: dict[Path, Catalog] = {}
    for path in sources():
        method, keywords, options = (
            ("python", PYTHON_KEYWORDS, {})
            if path.suffix == ".py"
            else ("jinja2.ext:babel_extract", JINJA_KEYWORDS, JINJA_OPTIONS)
        )
        marked = extract_from_file(method, str(path), keywords, ("words:",), options)
        for line, message, comments, context in marked:
            if not message or (isinstance(message, tuple) and not message[0]):
                continue
            catalogue = found.setdefault(module_of(path), Catalog(charset="utf-8"))
            where = [(path.relative_to(SOURCE).as_posix(), line)]
            catalogue.add(message, None, where, auto_comments=comments, context=context)
    return found


def path_of(module: Path, language: str) -> Path:
    """Return where a module keeps its words in a language."""
    return module / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue; an empty one if the file is not there yet."""
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def written(catalogue: Catalog) -> str:
    """Return a catalogue as text: sorted, without dates or line numbers, so that it merges well."""
    out = BytesIO()
    write_po(
        out, catalogue, width=WIDTH, omit_header=True, sort_output=True,
        ignore_obsolete=True, include_lineno=False,
    )  # fmt: skip
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {catalogue.locale}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header + out.getvalue().decode().strip() + "\n"


def update() -> list[Path]:
    """Merge what is marked into the catalogues; return those that changed."""
    changed: list[Path] = []
    for module, template in extracted().items():
        for language in LANGUAGES:
            path = path_of(module, language)
            catalogue = read(path, language)
            catalogue.update(template, no_fuzzy_matching=True)
            text = written(catalogue)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                changed.append(path)
    return changed


def fields_of(text: str) -> set[str]:
    """Return the names of the fields in a message, in either style."""
    return {found[1] or found[2] for found in FIELDS.finditer(text)}


def strings_of(message: Message) -> list[str]:
    """Return the translations of a message: one, or one per plural."""
    found = message.string
    return list(found) if isinstance(found, tuple | list) else [found or ""]


def key_of(message: Message) -> Key:
    """Return what tells a message from others."""
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return (message.context or "", text)


def faults_of(message: Message) -> Iterator[str]:
    """Yield what is wrong with the translation of one message."""
    strings = strings_of(message)
    if not all(text.strip() for text in strings):
        yield "is not translated"
        return
    if message.fuzzy:
        yield "is marked fuzzy: look at it"
    ids = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    known = set().union(*(fields_of(text) for text in ids))
    for text in strings:
        if extra := fields_of(text) - known:
            yield f"has unknown fields {sorted(extra)}"
        if lost := known - fields_of(text) - (NUMBER_FIELDS if len(ids) > 1 else set()):
            yield f"lost the fields {sorted(lost)}"
        half = len(text) // 2
        if half >= TWICE_MIN and text[:half] == text[half:]:
            yield "says the same twice"


def check() -> list[str]:
    """Return one line for everything that is missing, doubtful or wrong; empty when complete."""
    faults: list[str] = []
    said: dict[tuple[str, Key], tuple[list[str], str]] = {}
    for module, template in sorted(extracted().items()):
        for language in LANGUAGES:
            path = path_of(module, language)
            place = path.relative_to(SOURCE).as_posix()
            by_key = {key_of(message): message for message in read(path, language) if message.id}
            for wanted in (message for message in template if message.id):
                key = key_of(wanted)
                found = by_key.get(key)
                if found is None or type(found.id) is not type(wanted.id):
                    faults.append(f"{place}: “{key[1]}” is missing: run ./standvast words update")
                    continue
                faults += [f"{place}: “{key[1]}” {fault}" for fault in faults_of(found)]
                strings = strings_of(found)
                before, there = said.setdefault((language, key), (strings, place))
                if before != strings:
                    faults.append(f"{place}: “{key[1]}” is translated otherwise in {there}")
    return faults


def catalogues() -> Iterable[tuple[Path, str]]:
    """Yield every catalogue that is there, with its language."""
    for path in sorted(SOURCE.rglob("locale/*/LC_MESSAGES/django.po")):
        yield path, path.parents[1].name


def compile() -> int:  # noqa: A001 - the word of the command
    """Write the `.mo` beside each `.po` that is newer; return how many were written."""
    count = 0
    for path, language in catalogues():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        aside = target.with_suffix(f".{os.getpid()}.new")
        with aside.open("wb") as file:
            write_mo(file, read(path, language))
        aside.replace(target)
        count += 1
    return count
