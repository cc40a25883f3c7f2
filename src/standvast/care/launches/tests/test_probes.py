"""The walk goes through the same door as people, and the figure sees what goes wrong for them."""

from datetime import UTC, datetime, timedelta

import pytest

from standvast.care.launches.models import Link, System
from standvast.care.launches.probes import LOOK_BACK, REFUSED_MAX, _most_refused
from standvast.care.launches.synthetic import LOGIN_NAME, make_ready
from standvast.care.launches.testing import Sender, a_sender
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague
from standvast.registry.organisations.api import NOBODYS_AGB, Kind, organisations_of_kinds
from standvast.registry.people.api import person_by_login_name

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sender():
    return a_sender(a_colleague(Role.GP).actor, now=datetime.now(UTC))


def walked(sender, client):
    token = sender.token(
        agb=NOBODYS_AGB,
        now=datetime.now(UTC),
        **{"user-id": {"system": "probe", "value": "walker"}},
    )
    return client.post("/launch/", {"token": token})


class TestMakeReady:
    def test_lets_the_walker_in_and_nobody_sees_its_practice(self, sender, client):
        now = datetime.now(UTC)
        walker = Sender("standvast probe 1", sender.key, "probe")
        for _ in range(2):
            make_ready(issuer=walker.issuer, public_key=walker.public_key, now=now)

        assert walked(walker, client).headers["Location"].startswith("/patients/")
        assert Link.objects.filter(person=person_by_login_name(LOGIN_NAME)).count() == 1
        assert NOBODYS_AGB not in {one.code for one in organisations_of_kinds(*Kind)}

    def test_an_earlier_processs_key_counts_no_more(self, sender, client):
        old, new = Sender("probe 1", sender.key, "probe"), Sender("probe 2", sender.key, "probe")
        for one in (old, new):
            make_ready(issuer=one.issuer, public_key=one.public_key, now=datetime.now(UTC))

        assert walked(old, client).status_code == 403


class TestMostRefused:
    def refuse(self, sender, client, times):
        stranger = Sender(sender.issuer, a_sender(a_colleague(Role.GP).actor,
                                                  now=datetime.now(UTC), slug="b").key)  # fmt: skip
        for _ in range(times):
            assert walked(stranger, client).status_code == 403

    def test_counts_those_in_a_row_and_says_why(self, sender, client):
        self.refuse(sender, client, REFUSED_MAX + 1)

        worst = _most_refused(datetime.now(UTC))

        assert worst is not None
        assert (worst.count, worst.reason) == (REFUSED_MAX + 1, "launches.signature_wrong")

    def test_one_that_is_taken_ends_the_row(self, sender, client):
        self.refuse(sender, client, REFUSED_MAX + 1)
        make_ready(issuer="x", public_key=sender.public_key, now=datetime.now(UTC))

        assert walked(sender, client).status_code == 303

        assert System.objects.get(slug=sender.slug).refused_count == 0

    def test_what_was_long_ago_is_no_finding_now(self, sender, client):
        self.refuse(sender, client, REFUSED_MAX + 1)

        assert _most_refused(datetime.now(UTC) + LOOK_BACK + timedelta(seconds=1)) is None

    def test_rubbish_counts_for_nobody(self, sender, client):
        client.post("/launch/", {"token": "x"})

        assert _most_refused(datetime.now(UTC)) is None
