import uuid
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from standvast.core.journal.models import JournalEntry as Row
from standvast.registry.access import joining, working
from standvast.registry.access.models import Invitation, Membership
from standvast.registry.access.operations import AlreadyThere, grant_role
from standvast.registry.access.rules import Role, RoleDoesNotFit
from standvast.registry.access.testing import a_colleague, a_person, signed_in_client
from standvast.registry.people import devices
from standvast.registry.people.operations import set_password
from standvast.registry.people.tests.mailbox import mails_waiting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def invite(at_work, email="nieuw@x.example", role=Role.ASSISTANT):
    return joining.invite(
        actor=at_work.actor, email=email, role=role, link_of=lambda token: token, now=NOW
    )


class TestGrantRole:
    def test_refuses_somebody_who_is_there(self):
        gp = a_colleague()

        with transaction.atomic(), pytest.raises(AlreadyThere):
            grant_role(
                actor=gp.actor,
                person_id=gp.person.id,
                organisation_id=gp.organisation.id,
                role=Role.ASSISTANT,
                now=NOW,
            )

        assert Membership.objects.count() == 1

    def test_refuses_a_role_that_is_not_there(self):
        gp, other = a_colleague(), a_person()

        with transaction.atomic(), pytest.raises(RoleDoesNotFit):
            grant_role(
                actor=gp.actor,
                person_id=other.id,
                organisation_id=gp.organisation.id,
                role=Role.OPERATOR,
                now=NOW,
            )

    def test_may_be_for_a_while(self):
        gp, locum = a_colleague(), a_person()
        until = NOW.replace(day=6)
        with transaction.atomic():
            grant_role(
                actor=gp.actor,
                person_id=locum.id,
                organisation_id=gp.organisation.id,
                role=Role.GP,
                now=NOW,
                held_until=until,
            )

        held = Membership.objects.of_person(locum.id)

        assert held.held_at(NOW).exists()
        assert not held.held_at(until).exists()


class TestInvite:
    def test_refuses_somebody_who_works_here(self):
        gp = a_colleague(email="hier@x.example")

        with pytest.raises(AlreadyThere):
            invite(gp, "Hier@x.example")

        assert Invitation.objects.count() == 0
        assert mails_waiting("invitation:") == []

    def test_has_a_bound(self, monkeypatch):
        monkeypatch.setattr(joining, "OPEN_INVITATIONS_MAX", 2)
        gp = a_colleague()
        invite(gp, "een@x.example")
        invite(gp, "twee@x.example")

        with pytest.raises(joining.TooManyInvitations):
            invite(gp, "drie@x.example")

        invite(gp, "twee@x.example")
        assert len(mails_waiting("invitation:")) == 3

    def test_leaves_nothing_behind_when_the_mail_cannot_be_kept(self, monkeypatch):
        def full(*_, **__):
            raise RuntimeError("lane full")

        monkeypatch.setattr(joining, "enqueue_many", full)

        with pytest.raises(RuntimeError):
            invite(a_colleague())

        assert Invitation.objects.count() == 0


class TestHelping:
    def test_somebody_who_does_not_exist_is_refused(self):
        office, session = a_colleague(Role.OFFICE), {}

        with pytest.raises(working.CannotBeHelped):
            working.start_helping(
                session=session, actor=office.actor, organisation_id=uuid.uuid4(), now=NOW
            )

        assert session == {}
        assert Row.objects.count() == 0

    def test_stopping_without_having_begun_says_nothing(self):
        office = a_colleague(Role.OFFICE)

        working.stop_helping(session={}, actor=office.actor, now=NOW)

        assert Row.objects.count() == 0


class TestAccount:
    def test_a_language_chosen_is_kept_with_the_person(self):
        gp = a_colleague()

        signed_in_client(gp).post("/web/language/", {"language": "fr", "next": "/"})

        gp.person.refresh_from_db()
        assert gp.person.language == "fr"

    def test_a_new_password_without_an_address_mails_nobody(self):
        person = a_person(email="")

        set_password(person_id=person.id, password="een lange zin", address="", now=NOW)

        assert mails_waiting() == []
        assert Row.objects.get().event == "people.password_set"

    def test_a_device_cookie_of_another_shape_is_nobodys(self, rf):
        from django.core import signing

        request = rf.get("/")
        request.COOKIES[devices.COOKIE] = signing.dumps(["x"], salt=devices.SALT)

        assert devices.device_of_request(request) is None

    def test_a_stranger_has_no_colleagues(self):
        assert Client().get(reverse("access:staff")).status_code == 302
