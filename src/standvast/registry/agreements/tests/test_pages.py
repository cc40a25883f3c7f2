"""The pages of agreements: told at the top right, downloaded, signed, and there to stay."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.agreements.models import Signature, Version
from standvast.registry.agreements.seeds import SLUG, a_demo_agreement, a_document
from standvast.registry.agreements.testing import an_agreement

pytestmark = pytest.mark.django_db
COUNT = '<span class="top__count">1<span class="hidden"> new</span>'


@pytest.fixture
def version():
    return an_agreement(datetime.now(UTC))


@pytest.fixture
def gp():
    return a_colleague(language="en")


def at(name, version):
    return reverse(f"agreements:{name}", args=[version])


class TestSigning:
    def test_from_the_bell_to_the_signature(self, gp, version):
        client = signed_in_client(gp)

        assert COUNT in client.get("/").content.decode()
        assert "Taking part waits for your signature." in client.get("/tidings/").content.decode()
        before = client.get(at("one", version)).content.decode()
        assert "you sign what you have read" in before
        assert "Sign for my organisation" not in before

        document = client.get(at("document", version))
        assert document["Content-Type"] == "application/pdf"
        assert document["Content-Disposition"] == 'attachment; filename="deelname-1.pdf"'
        assert client.post(at("sign", version), {}).status_code == 422
        assert client.post(at("sign", version), {"parts": ["p1"]}).status_code == 303

        after = client.get(at("one", version)).content.decode()
        assert gp.person.display_name in after
        assert "Sign for my organisation" not in after
        assert COUNT not in client.get("/").content.decode()

    def test_is_refused_before_the_document_was_had(self, gp, version):
        answer = signed_in_client(gp).post(at("sign", version), {"parts": ["p1"]})

        assert answer.status_code == 422
        assert Signature.objects.count() == 0

    def test_an_assistant_reads_and_does_not_sign(self, gp, version):
        client = signed_in_client(a_colleague(Role.ASSISTANT, gp.organisation, language="en"))

        assert "waits for a signature" in client.get("/agreements/").content.decode()
        assert client.get(at("document", version)).status_code == 200
        assert client.post(at("sign", version), {"parts": ["p1"]}).status_code == 403
        assert COUNT not in client.get("/").content.decode()

    def test_another_kind_of_organisation_finds_nothing(self, version):
        client = signed_in_client(a_colleague(Role.PHARMACIST))

        assert client.get(at("one", version)).status_code == 404
        assert client.get(at("document", version)).status_code == 404

    def test_asks_little_on_every_page(self, gp, version, django_assert_max_num_queries):
        client = signed_in_client(gp)
        with django_assert_max_num_queries(10):
            client.get("/accounts/")


class TestPublish:
    def handed_in(self, **other):
        return {
            "slug": "deelname",
            "kinds": ["practice"],
            "title_nl": "Deelname",
            "parts": "Bestellen\nUitnodigen",
            "document": SimpleUploadedFile("x.pdf", a_document("x"), "application/pdf"),
            **other,
        }

    def test_the_office_publishes_the_next_version(self):
        client = signed_in_client(a_colleague(Role.OFFICE, language="en"))
        for _ in range(2):
            assert client.post("/agreements/publish/", self.handed_in()).status_code == 303

        assert sorted(Version.objects.values_list("number", flat=True)) == [1, 2]
        assert "an earlier version" in client.get("/agreements/publish/").content.decode()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"document": SimpleUploadedFile("x.pdf", b"<html>")}, "The document is no PDF."),
            ({"parts": "\n".join("abcdefghijk")}, "Write one to 10 parts"),
            ({"kinds": ["moon"]}, "moon"),
        ],
    )
    def test_says_what_is_wrong(self, wrong, said):
        client = signed_in_client(a_colleague(Role.OFFICE, language="en"))

        answer = client.post("/agreements/publish/", self.handed_in(**wrong))

        assert answer.status_code == 422
        assert said in answer.content.decode()


class TestSeed:
    def test_is_there_once(self):
        for _ in range(2):
            a_demo_agreement(datetime.now(UTC))

        assert Version.objects.get().agreement.slug == SLUG
