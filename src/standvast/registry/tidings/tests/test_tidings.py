"""Tidings: told once with what they tell of, read by each for themselves, and bounded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from standvast.registry.access.rules import Role
from standvast.registry.access.testing import (
    a_colleague,
    a_membership,
    an_organisation,
    signed_in_client,
)
from standvast.registry.tidings.models import Tiding
from standvast.registry.tidings.operations import TidingNotFound, forget_tidings, read_one, tell
from standvast.registry.tidings.queries import tidings_for, unread_count
from standvast.registry.tidings.rules import KEPT, KEPT_MAX

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def gp():
    return a_colleague(language="en")


def told(*people, key="request:1", path="/accounts/", now=NOW, **values):
    with transaction.atomic():
        tell(
            person_ids=[one.person.id for one in people],
            organisation_id=people[0].organisation.id,
            key=key,
            template="An account for {name} was asked for.",
            values={"name": "Jan", **values},
            path=path,
            now=now,
        )


class TestTell:
    def test_tells_each_once_however_often(self, gp):
        other = a_colleague(Role.ASSISTANT, gp.organisation)
        for _ in range(3):
            told(gp, other)

        assert [unread_count(one.actor) for one in (gp, other)] == [1, 1]

    def test_keeps_the_newest_hundred(self, gp):
        for number in range(KEPT_MAX + 3):
            told(gp, key=f"x:{number}", now=NOW + timedelta(seconds=number))

        found = tidings_for(gp.actor)
        assert len(found) == KEPT_MAX == Tiding.objects.count()
        assert found[-1].told_at == NOW + timedelta(seconds=3)

    @pytest.mark.parametrize("path", ["https://elsewhere.example", "//elsewhere.example", "x"])
    def test_never_leads_elsewhere(self, gp, path):
        with pytest.raises(IntegrityError), transaction.atomic():
            told(gp, path=path)

    def test_is_about_one_place_of_work(self, gp):
        told(gp)
        a_membership(gp.person, elsewhere := an_organisation())

        from dataclasses import replace

        assert unread_count(replace(gp.actor, organisation_id=elsewhere.id)) == 0


class TestRead:
    def test_is_ones_own_act(self, gp):
        other = a_colleague(Role.ASSISTANT, gp.organisation)
        told(gp, other)
        mine = tidings_for(gp.actor)[0]

        for _ in range(2):
            path = read_one(
                person_id=gp.person.id,
                organisation_id=gp.organisation.id,
                tiding_id=mine.id,
                now=NOW,
            )

        assert path == "/accounts/"
        assert (unread_count(gp.actor), unread_count(other.actor)) == (0, 1)

    def test_somebody_elses_is_not_there(self, gp):
        other = a_colleague(Role.ASSISTANT, gp.organisation)
        told(other)

        with pytest.raises(TidingNotFound):
            read_one(
                person_id=gp.person.id,
                organisation_id=gp.organisation.id,
                tiding_id=tidings_for(other.actor)[0].id,
                now=NOW,
            )


class TestForget:
    def test_forgets_what_is_older_than_ninety_days(self, gp):
        told(gp, key="old", now=NOW)
        told(gp, key="new", now=NOW + timedelta(seconds=1))

        assert forget_tidings(NOW + KEPT + timedelta(seconds=1)) == 1
        assert Tiding.objects.get().key == "new"


class TestPages:
    def test_the_bell_counts_and_the_page_says_what(self, gp):
        told(gp)
        client = signed_in_client(gp)

        shown = client.get(reverse("tidings:all")).content.decode()

        assert "An account for Jan was asked for." in shown
        assert '<span class="top__count">1<span class="hidden"> new</span>' in shown

    def test_opening_one_reads_it_and_leads_on(self, gp):
        told(gp)
        client = signed_in_client(gp)

        answer = client.post(reverse("tidings:follow", args=[tidings_for(gp.actor)[0].id]))

        assert answer["Location"] == "/accounts/"
        assert unread_count(gp.actor) == 0

    def test_all_are_read_at_once(self, gp):
        told(gp, key="a")
        told(gp, key="b")

        signed_in_client(gp).post(reverse("tidings:read_all"))

        assert unread_count(gp.actor) == 0

    def test_says_what_it_is_for_while_empty(self, gp):
        shown = signed_in_client(gp).get(reverse("tidings:all")).content.decode()

        assert "an agreement to sign" in shown
