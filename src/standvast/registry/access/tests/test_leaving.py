"""Somebody leaves: what hangs on their membership ends with it, or not at all."""

from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse

from standvast.kit.wiring import rewired
from standvast.registry.access.contributions import LEAVES
from standvast.registry.access.joining import accept_as_new_person, invite
from standvast.registry.access.models import Invitation, Membership
from standvast.registry.access.operations import LastOneAnswering, end_membership
from standvast.registry.access.rules import InvitationOver, Role
from standvast.registry.access.testing import (
    a_colleague,
    a_membership,
    an_organisation,
    signed_in_client,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def end(gp, leaver):
    membership = Membership.objects.get(person=leaver.person, organisation=gp.organisation)
    end_membership(actor=gp.actor, membership_id=membership.id, now=datetime.now(UTC))


@pytest.fixture
def gp():
    return a_colleague()


@pytest.fixture
def leaver(gp):
    return a_colleague(Role.ASSISTANT, gp.organisation)


def signed_in(at_work):
    client = signed_in_client(at_work)
    assert client.get(reverse("people_account")).status_code == 200
    key = client.cookies["standvast_session"].value
    UserSession.objects.get_or_create(
        session_key=key, defaults={"user": at_work.person, "ip": "127.0.0.1", "user_agent": ""}
    )
    return client


class TestEndMembership:
    def test_signs_out_who_works_nowhere_any_more(self, gp, leaver):
        client = signed_in(leaver)

        end(gp, leaver)

        assert client.get(reverse("people_account")).status_code == 302
        assert not UserSession.objects.filter(user=leaver.person).exists()

    def test_leaves_somebody_signed_in_who_works_elsewhere(self, gp, leaver):
        a_membership(leaver.person, an_organisation(), Role.ASSISTANT)
        client = signed_in(leaver)

        end(gp, leaver)

        assert client.get(reverse("people_account")).status_code == 200
        assert Session.objects.count() == 1

    def test_ends_what_others_hang_on_it_in_the_same_transaction(self, gp, leaver):
        left = []
        with rewired(LEAVES.filled(lambda **whom: left.append(whom))):
            end(gp, leaver)

        assert [(one["person_id"], one["organisation_id"]) for one in left] == [
            (leaver.person.id, gp.organisation.id)
        ]

    def test_or_nothing_ends_at_all(self, gp, leaver):
        def broken(**_):
            raise RuntimeError("tokens stay")

        client = signed_in(leaver)
        with rewired(LEAVES.filled(broken)), pytest.raises(RuntimeError):
            end(gp, leaver)

        assert Membership.objects.get(person=leaver.person).held_until is None
        assert client.get(reverse("people_account")).status_code == 200

    def test_shuts_the_door_that_a_leaver_left_open_for_themselves(self, gp):
        leaver, links = a_colleague(Role.GP, gp.organisation), []
        invite(
            actor=leaver.actor,
            email="elders@prive.example",
            role=Role.GP,
            link_of=lambda token: links.append(token) or token,
            now=datetime.now(UTC),
        )

        end(gp, leaver)

        with pytest.raises(InvitationOver):
            accept_as_new_person(
                token=links[0],
                username="elders",
                display_name="Iemand Anders",
                password="een zin voor de eerste dag",
                language="nl",
                now=datetime.now(UTC),
            )

    def test_leaves_the_invitations_of_colleagues_open(self, gp, leaver):
        links = []
        invite(
            actor=gp.actor,
            email="nieuw@praktijk.example",
            role=Role.ASSISTANT,
            link_of=lambda token: links.append(token) or token,
            now=datetime.now(UTC),
        )

        end(gp, leaver)

        assert Invitation.objects.get().withdrawn_at is None

    def test_the_last_who_answers_stays(self, gp):
        with pytest.raises(LastOneAnswering):
            end(gp, gp)
