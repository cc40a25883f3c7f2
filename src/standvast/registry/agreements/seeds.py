"""A made-up agreement for the demo, with a document of one page."""

from datetime import datetime

from standvast.kit.actor import house_actor
from standvast.registry.agreements.models import Agreement
from standvast.registry.agreements.operations import publish_version
from standvast.registry.agreements.rules import parts_of
from standvast.registry.organisations.api import Kind, house_id

SLUG = "deelname"
TITLES = {
    "nl": "Deelname aan de griepcampagne",
    "fr": "Participation à la campagne contre la grippe",
    "en": "Taking part in the flu campaign",
}
PARTS = (
    "Vaccins bestellen | Commander des vaccins | Ordering vaccines",
    "Uitnodigen namens de praktijk | Inviter au nom du cabinet | Inviting for the practice",
)


def a_demo_agreement(now: datetime) -> None:
    """Publish it; again changes nothing."""
    if Agreement.objects.filter(slug=SLUG).exists():
        return
    publish_version(
        actor=house_actor(house_id()),
        slug=SLUG,
        kinds=[Kind.PRACTICE],
        titles=TITLES,
        parts=parts_of(PARTS),
        document=a_document("Deelname aan de griepcampagne (verzonnen, voor de demo)"),
        now=now,
    )


def a_document(text: str) -> bytes:
    """Return a PDF of one page with one line on it; `text` in Latin letters, without brackets."""
    line = text.replace("(", "[").replace(")", "]").encode("latin-1", "replace")
    drawn = b"BT /F1 16 Tf 60 760 Td (" + line + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(body))
    )
