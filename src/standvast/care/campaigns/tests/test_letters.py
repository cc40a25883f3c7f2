"""The confirmation: written when it is offered, in the language of the order, for its version."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar

from standvast.care.campaigns.destinations import CONFIRMATION_LANE, ConfirmationDestination
from standvast.care.campaigns.letters import confirmation_letter
from standvast.care.campaigns.operations.orders import cancel_order, change_order
from standvast.care.campaigns.queries import order_at_version
from standvast.care.campaigns.testing import a_season, an_order, day_dates, invite
from standvast.core.delivery.api import Accepted, Lease, RefusedByPeer
from standvast.database.api import database_now
from standvast.registry.access.testing import a_colleague
from standvast.registry.organisations.api import organisation_view


@pytest.fixture
def gp(db):
    return a_colleague()


@pytest.fixture
def order(gp):
    season = a_season(now=database_now())
    invite(season, gp.organisation)
    return an_order(season, gp.organisation, day_dates(season.id)[0], doses=200)


def lease_of(order_id, version=1):
    now = database_now()
    return Lease(
        delivery_id=1,
        lane=CONFIRMATION_LANE.name,
        subject="s",
        key=f"{order_id}.{version}",
        payload={"order_id": str(order_id), "version": version},
        attempts_count=1,
        token=uuid4(),
        expires_at=now + timedelta(minutes=1),
        created_at=now,
        owed_at=now,
    )


@pytest.mark.parametrize(
    ("language", "word"), [("nl", "bestelling"), ("fr", "commande"), ("en", "order")]
)
def test_speaks_the_language_of_the_order(order, gp, language, word):
    order.language = language
    order.save()

    mail = confirmation_letter(order_at_version(order.id, 1), organisation_view(gp.organisation.id))

    assert word in mail.subject.lower() + mail.text.lower()
    assert "200" in mail.text
    assert mail.html.startswith("<!doctype html>")
    assert "{" not in mail.text
    assert mail.to == gp.organisation.email


def test_the_calendar_file_is_one_entry_that_versions_replace(order, gp):
    other = day_dates(order.season_id)[1]
    change_order(
        order_id=order.id, on=other, doses=100, version=1, actor=gp.actor, now=database_now()
    )
    view = organisation_view(gp.organisation.id)

    entries = []
    for version in (1, 2):
        mail = confirmation_letter(order_at_version(order.id, version), view)
        [entry] = Calendar.from_ical(mail.attachments[0].content).walk("VEVENT")
        entries.append(entry)

    assert entries[0]["uid"] == entries[1]["uid"]
    assert [entry["sequence"] for entry in entries] == [0, 1]
    assert entries[1].decoded("dtstart") == other


def test_a_cancelled_order_says_so_and_carries_no_entry(order, gp):
    cancel_order(order_id=order.id, version=1, actor=gp.actor, now=database_now())

    mail = confirmation_letter(order_at_version(order.id, 2), organisation_view(gp.organisation.id))

    assert mail.attachments == ()


@pytest.mark.django_db(transaction=True)
def test_an_order_that_is_not_there_needs_a_person():
    outcome = asyncio.run(ConfirmationDestination().attempt(lease_of(uuid4())))

    assert outcome == RefusedByPeer("campaigns.order_not_found")


@pytest.mark.django_db(transaction=True)
def test_offers_the_mail_under_its_own_lease(monkeypatch):
    gp = a_colleague()
    season = a_season(now=database_now())
    order = an_order(season, gp.organisation, day_dates(season.id)[0])
    destination, offered = ConfirmationDestination(), []

    async def offer(mail, *, lease):
        offered.append((mail.to, lease.key))
        return Accepted("250")

    monkeypatch.setattr(destination._smtp, "offer", offer)
    outcome = asyncio.run(destination.attempt(lease_of(order.id)))

    assert outcome == Accepted("250")
    assert offered == [(gp.organisation.email, f"{order.id}.1")]


def test_the_lane_outlives_two_time_outs():
    assert CONFIRMATION_LANE.lease_s > 2 * ConfirmationDestination().timeout_s
