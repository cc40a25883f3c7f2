"""One signature per organisation and version, of somebody who had the document."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from standvast.core.journal.models import JournalEntry
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, a_membership
from standvast.registry.agreements.models import Agreement, Signature, Version
from standvast.registry.agreements.operations import have_document, publish_version, sign
from standvast.registry.agreements.queries import (
    VersionNotFound,
    published,
    to_sign,
    version_for,
    versions_for,
)
from standvast.registry.agreements.rules import (
    VERSIONS_MAX,
    DocumentNotRight,
    NewerVersion,
    NotDownloaded,
    PartsNotRight,
    SignedAlready,
    TooMany,
    parts_of,
)
from standvast.registry.agreements.testing import an_agreement
from standvast.registry.organisations.api import Kind
from standvast.registry.tidings.queries import unread_count

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def gp():
    return a_colleague()


def signed(who, version, chosen=("p1",)):
    have_document(actor=who.actor, version_id=version, now=NOW)
    sign(actor=who.actor, version_id=version, chosen=chosen, now=NOW)


class TestSign:
    def test_keeps_who_signed_what_with_which_parts(self, gp):
        version = an_agreement(NOW)

        signed(gp, version, ("p2", "p1"))

        view = version_for(gp.organisation.id, version)
        assert view.signature is not None
        assert (view.signature.name, view.signature.parts) == (
            gp.person.display_name,
            ("p1", "p2"),
        )
        document = bytes(Version.objects.get(id=version).document)
        assert Signature.objects.get().digest == hashlib.sha256(document).hexdigest()
        assert to_sign(gp.organisation.id) == ()

    def test_asks_for_the_document_first_of_each_who_signs(self, gp):
        version, colleague = an_agreement(NOW), a_colleague(Role.GP, gp.organisation)
        have_document(actor=colleague.actor, version_id=version, now=NOW)

        with pytest.raises(NotDownloaded):
            sign(actor=gp.actor, version_id=version, chosen=["p1"], now=NOW)

        assert Signature.objects.count() == 0

    @pytest.mark.parametrize("chosen", [(), ("p9",)])
    def test_asks_for_a_part_that_is_offered(self, gp, chosen):
        with pytest.raises(PartsNotRight):
            signed(gp, an_agreement(NOW), chosen)

    def test_is_done_once_for_an_organisation(self, gp):
        version, colleague = an_agreement(NOW), a_colleague(Role.GP, gp.organisation)
        signed(gp, version)

        with pytest.raises(SignedAlready):
            signed(colleague, version)

        assert (unread_count(colleague.actor), unread_count(gp.actor)) == (1, 0)
        row = Signature.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.create(
                version_id=version, organisation=gp.organisation, person=colleague.person,
                parts=["p1"], digest=row.digest, signed_at=NOW,
            )  # fmt: skip

    def test_another_organisation_signs_for_itself(self, gp):
        version, other = an_agreement(NOW), a_colleague()
        signed(gp, version)

        assert [one.id for one in to_sign(other.organisation.id)] == [version]
        signed(other, version)

        assert published()[0].signed_count == 2

    def test_is_in_the_journal(self, gp):
        signed(gp, an_agreement(NOW))

        told = JournalEntry.objects.filter(organisation_id=gp.organisation.id)
        assert {"agreements.downloaded", "agreements.signed"} <= {row.event for row in told}


class TestVersions:
    def test_what_was_signed_stays_and_the_next_is_signed_anew(self, gp):
        first = an_agreement(NOW)
        signed(gp, first)
        second = an_agreement(NOW + timedelta(days=1))

        seen = versions_for(gp.organisation.id)
        assert [(v.id, v.number, v.is_newest, v.signature is not None) for v in seen] == [
            (second, 2, True, False),
            (first, 1, False, True),
        ]
        name, content = have_document(actor=gp.actor, version_id=first, now=NOW)
        assert (name, content[:5]) == ("deelname-1.pdf", b"%PDF-")
        signed(gp, second)

    def test_an_older_one_cannot_be_signed_any_more(self, gp):
        first = an_agreement(NOW)
        have_document(actor=gp.actor, version_id=first, now=NOW)
        an_agreement(NOW + timedelta(days=1))

        with pytest.raises(NewerVersion):
            sign(actor=gp.actor, version_id=first, chosen=["p1"], now=NOW)

    def test_is_not_there_for_another_kind_of_organisation(self, gp):
        version = an_agreement(NOW, kinds=(Kind.PHARMACY,))

        assert versions_for(gp.organisation.id) == ()
        with pytest.raises(VersionNotFound):
            have_document(actor=gp.actor, version_id=version, now=NOW)

    def test_what_was_signed_stays_when_the_kinds_change(self, gp):
        first = an_agreement(NOW)
        signed(gp, first)
        an_agreement(NOW + timedelta(days=1), kinds=(Kind.PHARMACY,))

        assert [v.id for v in versions_for(gp.organisation.id)] == [first]


class TestPublish:
    def test_refuses_what_is_no_pdf_and_leaves_nothing(self, gp):
        with pytest.raises(DocumentNotRight):
            publish_version(
                actor=gp.actor, slug="x", kinds=[Kind.PRACTICE], titles={"nl": "X"},
                parts=parts_of(["a"]), document=b"<html>", now=NOW,
            )  # fmt: skip

        assert Agreement.objects.count() == 0

    def test_is_bounded(self):
        an_agreement(NOW)
        Agreement.objects.update(latest_number=VERSIONS_MAX)

        with pytest.raises(TooMany):
            an_agreement(NOW)


class TestWhoWorksAtTwo:
    def test_is_told_of_each_that_signed(self, gp):
        """One version, two organisations: the second was never told."""
        elsewhere, version = a_colleague(), an_agreement(NOW)
        a_membership(gp.person, elsewhere.organisation, Role.GP)
        colleague = a_colleague(Role.GP, gp.organisation)
        there = replace(gp.actor, organisation_id=elsewhere.organisation.id)

        signed(colleague, version)
        signed(elsewhere, version)

        assert unread_count(gp.actor) == 1
        assert unread_count(there) == 1
