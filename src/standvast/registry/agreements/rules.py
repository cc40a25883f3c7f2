"""What may be published, and when somebody may sign. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from standvast.kit.errors import Gone, Invalid, Refused
from standvast.kit.words import marked

LANGUAGES = ("nl", "fr", "en")
PARTS_MAX = 10
TITLE_MAX = 120
DOCUMENT_BYTES_MAX = 1_000_000
AGREEMENTS_MAX = 50
VERSIONS_MAX = 50
"""Of one agreement."""
PDF = b"%PDF-"

Texts = Mapping[str, str]
"""By language."""


class DocumentNotRight(Invalid):
    """No PDF, or too large."""

    code = "agreements.document_not_right"


class PartsNotRight(Invalid):
    """No part was chosen, or one that is not offered; or none can be."""

    code = "agreements.parts_not_right"


class NotDownloaded(Refused):
    """Who signs has not had the document."""

    code = "agreements.not_downloaded"


class SignedAlready(Refused):
    """The organisation signed this version."""

    code = "agreements.signed_already"


class NewerVersion(Gone):
    """Another version took its place before it was signed."""

    code = "agreements.newer_version"


class TooMany(Refused):
    """As many agreements, or versions of one, as can be."""

    code = "agreements.too_many"


@dataclass(frozen=True)
class Part:
    """Something in an agreement that may be chosen."""

    slug: str
    texts: Texts


def text_in(texts: Texts, language: str) -> str:
    """Return a text in a language, else in one there is."""
    return texts.get(language) or next((texts[one] for one in LANGUAGES if texts.get(one)), "")


def check_document(document: bytes) -> None:
    """Pass a PDF of at most a million bytes.

    :raises DocumentNotRight: otherwise.
    """
    if len(document) > DOCUMENT_BYTES_MAX:
        raise DocumentNotRight(marked("The document is larger than a million bytes."))
    if not document.startswith(PDF):
        raise DocumentNotRight(marked("The document is no PDF."))


def parts_of(lines: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts, one a line: Dutch, French and English between bars; the last two may lack.

    :raises PartsNotRight: if there is none, or more than ten.
    """
    kept = [line for line in lines if line.strip()]
    if not 1 <= len(kept) <= PARTS_MAX:
        raise PartsNotRight(marked("Write one to {count} parts, each on a line."), count=PARTS_MAX)
    return tuple(
        Part(
            slug=f"p{number}",
            texts={
                language: text.strip()[:TITLE_MAX]
                for language, text in zip(LANGUAGES, line.split("|"), strict=False)
                if text.strip()
            },
        )
        for number, line in enumerate(kept, start=1)
    )


def check_chosen(chosen: Collection[str], *, offered: Collection[str]) -> None:
    """Pass if at least one of the parts on offer was chosen, and no other.

    :raises PartsNotRight: otherwise.
    """
    if not chosen or not set(chosen) <= set(offered):
        raise PartsNotRight(marked("Tick at least one part."))


def check_signable(*, is_newest: bool, is_signed: bool, is_downloaded: bool) -> None:
    """Pass if this version can be signed by this person now.

    :raises SignedAlready: if the organisation signed it.
    :raises NewerVersion: if another took its place.
    :raises NotDownloaded: if the person has not had the document.
    """
    if is_signed:
        raise SignedAlready(marked("Your organisation signed this already."))
    if not is_newest:
        raise NewerVersion(marked("There is a newer version of this agreement. Sign that one."))
    if not is_downloaded:
        raise NotDownloaded(marked("Download the document first: you sign what you have read."))
