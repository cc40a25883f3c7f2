"""What may be published, and when somebody may sign."""

import pytest

from standvast.registry.agreements.rules import (
    DOCUMENT_BYTES_MAX,
    DocumentNotRight,
    NewerVersion,
    NotDownloaded,
    PartsNotRight,
    SignedAlready,
    check_chosen,
    check_document,
    check_signable,
    parts_of,
    text_in,
)
from standvast.registry.agreements.seeds import a_document


class TestDocument:
    def test_is_a_pdf(self):
        assert check_document(a_document("Jan (en Els)")) is None

    @pytest.mark.parametrize("wrong", [b"", b"<html>", b"%PDF-" + b"x" * DOCUMENT_BYTES_MAX])
    def test_is_nothing_else_and_not_too_large(self, wrong):
        with pytest.raises(DocumentNotRight):
            check_document(wrong)


class TestParts:
    def test_are_said_in_the_languages_there_are(self):
        first, second = parts_of(["Een | Un | One", "", "Twee"])

        assert (first.slug, second.slug) == ("p1", "p2")
        assert text_in(first.texts, "fr") == "Un"
        assert text_in(second.texts, "fr") == "Twee"

    @pytest.mark.parametrize("lines", [[], ["", " "], ["x"] * 11])
    def test_are_one_to_ten(self, lines):
        with pytest.raises(PartsNotRight):
            parts_of(lines)

    def test_one_at_least_is_chosen_and_none_that_is_not_offered(self):
        check_chosen(["p1"], offered=["p1", "p2"])
        for wrong in ([], ["p3"], ["p1", "p3"]):
            with pytest.raises(PartsNotRight):
                check_chosen(wrong, offered=["p1", "p2"])


class TestSignable:
    def test_newest_unsigned_and_had(self):
        right = {"is_newest": True, "is_signed": False, "is_downloaded": True}

        assert check_signable(**right) is None

    @pytest.mark.parametrize(
        ("stand", "refusal"),
        [
            ({"is_signed": True}, SignedAlready),
            ({"is_newest": False}, NewerVersion),
            ({"is_downloaded": False}, NotDownloaded),
        ],
    )
    def test_and_nothing_less(self, stand, refusal):
        right = {"is_newest": True, "is_signed": False, "is_downloaded": True}
        with pytest.raises(refusal):
            check_signable(**{**right, **stand})
