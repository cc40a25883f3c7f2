"""The public facts as an Atom feed (RFC 4287): one entry per update, with an id that stays."""

from datetime import datetime
from xml.etree import ElementTree as ET

from standvast.desk.status.rules import text_in
from standvast.desk.status.slots import PublicEntry
from standvast.desk.status.snapshot.facts import PublicFacts, PublicNotice

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES_MAX = 100


def feed(facts: PublicFacts, *, address: str, language: str) -> bytes:
    """Return the feed in one language; its `updated` is that of its newest entry."""
    items = [item for entry in facts.entries for item in _of_incident(entry, language)]
    items += [_of_notice(notice, language) for notice in facts.notices]
    items = sorted(items, key=lambda item: item[1], reverse=True)[:ENTRIES_MAX]
    newest = items[0][1] if items else facts.at

    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(root, "id", f"{address}/status/")
    _add(root, "title", "Standvast")
    _add(root, "updated", newest.isoformat())
    ET.SubElement(root, "link", {"rel": "self", "href": f"{address}/status/feed.atom"})
    ET.SubElement(root, "link", {"rel": "alternate", "href": f"{address}/status/"})
    _add(ET.SubElement(root, "author"), "name", "Standvast")
    for key, at, title, text, anchor in items:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", key)
        _add(entry, "title", title)
        _add(entry, "updated", at.isoformat())
        ET.SubElement(entry, "link", {"href": f"{address}/status/#{anchor}"})
        content = _add(entry, "content", text)
        content.set("type", "text")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (head + ET.tostring(root, encoding="unicode")).encode()


Item = tuple[str, datetime, str, str, str]


def _of_incident(entry: PublicEntry, language: str) -> list[Item]:
    title = text_in(entry.titles, language) or entry.number
    said = [
        (
            f"urn:standvast:update:{update.id}",
            update.at,
            f"{title} ({entry.number})",
            text_in(update.texts, language),
            entry.number,
        )
        for update in entry.updates
    ]
    if said:
        return said
    key = f"urn:standvast:incident:{entry.id}"
    return [(key, entry.began_at, f"{title} ({entry.number})", title, entry.number)]


def _of_notice(notice: PublicNotice, language: str) -> Item:
    text = text_in(notice.texts, language)
    return (f"urn:uuid:{notice.id}", notice.from_at, text[:80], text, str(notice.id))


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child
